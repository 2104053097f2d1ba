"""When a task is due again, and how long a failing gateway is left alone: pure, so that hours take a moment to test."""

from __future__ import annotations

from ecovai_tui.tasks.families import DEFAULT_FAMILY, FAMILIES, family_of
from ecovai_tui.tasks.model import Phase, TaskSummary, is_stalled

DEFAULT_INTERVAL = 5.0
MINIMUM_INTERVAL = 2.0
YOUNG_FOR = 600.0
"""A task is asked for at the short interval for so long after its submit."""

OLD_INTERVAL = 15.0
"""Gateways refresh their own rows every 15 s, so an old task is not asked for more often."""

STALLED_INTERVAL = 60.0
LOST_INTERVAL = 60.0
LOST_INTERVAL_MOST = 3600.0
GIVEN_UP_AFTER = 24 * 3600.0
FILE_EXPECTED_AFTER = 30.0
"""A final task that owes the address of a file is asked for once more after so long."""

WITHOUT_ROUTE_FOR = 600.0
"""Seconds for which a family is left alone of which the gateway does not tell."""

BACK_OFF_FIRST = 2.0
BACK_OFF_MOST = 60.0
KEY_REFUSED_PAUSE = 300.0
KEY_DOUBTED_FOR = 120.0
KEY_DOUBTED_LEAST = 4
"""A key that has worked counts as refused only after so many seconds, and so many refusals, without a good reply."""


def interval_of(task: TaskSummary, now: float, interval: float = DEFAULT_INTERVAL) -> float:
    """Return how long after one look at a task the next is due; ``interval`` is the user's for young tasks.

    Families that gateways refresh less often are asked for less often.
    """
    family = family_of(task.id)
    if family != DEFAULT_FAMILY:
        interval = max(interval, FAMILIES[family].interval)
    if is_stalled(task, now):
        return max(STALLED_INTERVAL, interval)
    if not task.phase.active and not task.phase.final:
        return LOST_INTERVAL
    young = task.submitted_at is None or now - task.submitted_at < YOUNG_FOR
    if young or task.phase is Phase.STREAMING:
        return interval
    return max(OLD_INTERVAL, interval)


def due_at(
    summary: TaskSummary, now: float, interval: float = DEFAULT_INTERVAL, restarted_at: float | None = None
) -> float | None:
    """Return when a task that was asked for just now is to be asked for next, or None for never again.

    ``restarted_at`` is when the user last asked for it, which the task itself cannot know.
    """
    if summary.phase.final:
        return _due_for_its_file(summary, now)
    if summary.phase.active:
        return now + interval_of(summary, now, interval)
    return _due_though_lost(now, max(filter(None, (summary.changed_at, restarted_at)), default=now))


def back_off(failures: int, chance: float) -> float:
    """Return how long to wait after so many failures in a row; ``chance`` in [0, 1) gives the full jitter."""
    ceiling = min(BACK_OFF_MOST, BACK_OFF_FIRST * 2.0 ** min(failures - 1, 10))
    return max(0.5, ceiling * chance)


def _due_for_its_file(summary: TaskSummary, now: float) -> float | None:
    if not summary.awaits_file or summary.final_at is None:
        return None
    due = summary.final_at + FILE_EXPECTED_AFTER
    return due if now < due else None


def _due_though_lost(now: float, lost_at: float) -> float | None:
    lost_for = now - lost_at
    if lost_for >= GIVEN_UP_AFTER:
        return None
    return now + min(max(LOST_INTERVAL, lost_for), LOST_INTERVAL_MOST)
