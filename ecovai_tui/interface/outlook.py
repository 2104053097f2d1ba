"""What the tasks of the past say of one that is under way: how long it may take yet, or that it is unusually slow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.interface.cells import Shade
from ecovai_tui.tasks.times import MINUTE, coarse_duration, exact_duration, floored_duration

if TYPE_CHECKING:
    from ecovai_tui.store.replica import Learned

SHORT_STEP, LONG_STEP, LONGEST_STEP = 10, 20, 60
"""Seconds to which the time left is rounded up: within the last minute, before that, and from ten minutes on."""

TEN_MINUTES = 10 * MINUTE
SLOW = "slower than 9 of 10"


class Outlook(NamedTuple):
    """A few words on a task under way."""

    text: str
    shade: Shade = Shade.MUTED


def outlook_of(learned: Learned | None, elapsed: float | None, step: int = 1) -> Outlook | None:
    """Return the words, None where too little is known; ``elapsed`` in seconds, floored to ``step`` as it is shown.

    So the words change only when the running time beside them does, and seldomer.
    """
    if learned is None or elapsed is None:
        return None
    if learned.is_slow(elapsed):
        return Outlook(SLOW, Shade.WARNING)
    left = learned.seconds_left(floored_duration(elapsed, step))
    return None if left is None else Outlook(f"~{_rounded(left)} left")


def outlook_in_full(learned: Learned | None, elapsed: float | None, step: int = 1) -> str:
    """Return the same as a sentence that says what it rests on; "" where too little is known."""
    outlook = outlook_of(learned, elapsed, step)
    if learned is None or outlook is None:
        return ""
    if outlook.text == SLOW:
        share, longest = "nine of ten", learned.ninetieth
    else:
        share, longest = "half", learned.median
    return f"{outlook.text}: of the last {learned.examples} like it, {share} took up to {exact_duration(longest)}"


def _rounded(left: float) -> str:
    step = SHORT_STEP if left <= MINUTE else LONG_STEP if left < TEN_MINUTES else LONGEST_STEP
    seconds = math.ceil(left / step) * step
    return exact_duration(seconds) if seconds < TEN_MINUTES else coarse_duration(seconds)
