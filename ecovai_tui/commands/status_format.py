"""The placeholders of ``status --format`` and what stands for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ecovai_tui.commands.parser import UsageError
from ecovai_tui.monitor.schedule import interval_of
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.selection import counts
from ecovai_tui.tasks.times import coarse_duration

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


def values_of(tasks: Sequence[WatchedTask], now: float) -> dict[str, str]:
    """Return what stands for each placeholder; "" where nothing can be said."""
    found = counts(tasks)
    seen = max((task.summary.seen_at for task in tasks if task.summary.seen_at is not None), default=None)
    return {
        **{phase.value: str(found.get(phase, 0)) for phase in Phase},
        "active": str(sum(found.get(phase, 0) for phase in Phase if phase.active)),
        "final": str(sum(found.get(phase, 0) for phase in Phase if phase.final)),
        "total": str(len(tasks)),
        "oldest": _oldest(tasks, now),
        "age": "" if seen is None else coarse_duration(now - seen),
        "link": _link(tasks, now),
    }


def _oldest(tasks: Sequence[WatchedTask], now: float) -> str:
    elapsed = (task.summary.elapsed(now) for task in tasks)
    longest = max((seconds for seconds in elapsed if seconds is not None), default=None)
    return "" if longest is None else coarse_duration(longest)


def _link(tasks: Sequence[WatchedTask], now: float) -> str:
    active = [task.summary for task in tasks if task.summary.phase.active]
    if not active:
        return "idle"
    told = (summary.seen_at is not None and not summary.stale(now, interval_of(summary, now)) for summary in active)
    return "fresh" if any(told) else "stale"
