"""The placeholders of ``status --format`` and what stands for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ecovai_tui.commands.parser import UsageError
from ecovai_tui.monitor.schedule import interval_of
from ecovai_tui.tasks.liveness import elapsed, is_stale
from ecovai_tui.tasks.phases import Phase
from ecovai_tui.tasks.times import coarse_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecovai_tui.store.tally import Tally
    from ecovai_tui.tasks.liveness import Timed

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAMES = (*(phase.value for phase in Phase), "active", "final", "total", "oldest", "age", "link")
"""Every placeholder."""


def check_format(text: str) -> None:
    """Raise UsageError for a placeholder that does not exist."""
    for name in _PLACEHOLDER.findall(text):
        if name not in NAMES:
            known = " ".join(f"{{{each}}}" for each in NAMES)
            raise UsageError(f"There is no placeholder {{{name}}}. Known are: {known}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders filled."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def values_of(tally: Tally, now: float) -> dict[str, str]:
    """Return what stands for each placeholder; "" where nothing can be said."""
    counts = tally.counts
    return {
        **{phase.value: str(counts.get(phase, 0)) for phase in Phase},
        "active": str(sum(counts.get(phase, 0) for phase in Phase if phase.active)),
        "final": str(sum(counts.get(phase, 0) for phase in Phase if phase.final)),
        "total": str(sum(counts.values())),
        "oldest": _oldest(tally.active, now),
        "age": "" if tally.seen_at is None else coarse_duration(now - tally.seen_at),
        "link": _link(tally.active, now),
    }


def _oldest(active: Iterable[Timed], now: float) -> str:
    longest = max((seconds for task in active if (seconds := elapsed(task, now)) is not None), default=None)
    return "" if longest is None else coarse_duration(longest)


def _link(active: Iterable[Timed], now: float) -> str:
    tasks = list(active)
    if not tasks:
        return "idle"
    return "fresh" if any(_is_told(task, now) for task in tasks) else "stale"


def _is_told(task: Timed, now: float) -> bool:
    return task.seen_at is not None and not is_stale(task, now, interval_of(task, now))
