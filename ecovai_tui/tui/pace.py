"""How often time passes on the screen: each step of a clock costs a slow link bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

if TYPE_CHECKING:
    from textual.screen import Screen


class Pace(NamedTuple):
    """How often time passes; all in seconds but the frames."""

    tick: float
    """Between two looks at the clock while something runs."""
    calm: int
    """Running times are told in such steps."""
    close: int
    """Those of the selected task, and countdowns, in such."""
    frames: int
    """Paints in a second at most."""


USUAL = Pace(tick=5.0, calm=10, close=5, frames=60)
SLOW = Pace(tick=60.0, calm=60, close=60, frames=4)
"""For a slow link: times per minute, and keys that come fast share a paint. No key waits longer for it."""


def limit_frames(screen: Screen[None], per_second: int) -> None:
    """Let a screen paint only so often; Textual knows a limit for the whole run alone (TEXTUAL_FPS)."""
    timer = getattr(screen, "_update_timer", None)
    if isinstance(timer, Timer) and hasattr(timer, "_interval"):
        timer._interval = 1 / per_second  # noqa: SLF001 - there is no public way, and without it all still works
