"""When a task is due again, and when a request may go out: pure, so that hours can be tested in a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tasks.model import Phase, Timed, is_stalled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ecovai_tui.tasks.model import TaskSummary


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

GRACE = 60.0
"""A gateway stores a task only after it has answered the submit: a new id may be left out for so long."""

BATCH_MOST = 50
WINDOW = 60.0
"""Requests are counted over so long."""

BACK_OFF_FIRST = 2.0
BACK_OFF_MOST = 60.0
KEY_REFUSED_PAUSE = 300.0
KEY_DOUBTED_FOR = 120.0
KEY_DOUBTED_LEAST = 4
"""A key that has worked counts as refused only after so many seconds, and so many refusals, without a good reply."""


def interval_of(task: Timed, now: float, interval: float = DEFAULT_INTERVAL) -> float:
    """Return how long after one look at a task the next is due; ``interval`` is the user's for young tasks."""
    if is_stalled(task, now):
        return max(STALLED_INTERVAL, interval)
    if not task.phase.active and not task.phase.final:
        return LOST_INTERVAL
    young = task.submitted_at is None or now - task.submitted_at < YOUNG_FOR
    if young or task.phase is Phase.STREAMING:
        return interval
    return max(OLD_INTERVAL, interval)


def due_at(
    summary: TaskSummary,
    now: float,
    interval: float = DEFAULT_INTERVAL,
    *,
    asked_at: float | None = None,
    restarted_at: float | None = None,
) -> float | None:
    """Return when a task is to be asked for next, or None for never again.

    ``asked_at`` is when this instance last asked for it, and ``restarted_at`` when the user last asked for it anew:
    both are what the task itself cannot know.
    """
    looked_at = max(filter(None, (summary.seen_at, asked_at)), default=None)
    if looked_at is None:
        return now
    if summary.phase.final:
        return _due_for_its_file(summary, looked_at)
    looked_at = min(looked_at, now)  # a clock that was put back
    if summary.phase.active:
        return looked_at + interval_of(summary, looked_at, interval)
    return _due_though_lost(looked_at, max(filter(None, (summary.changed_at, restarted_at)), default=looked_at))


def next_allowed(requests: Sequence[float], now: float, most: int) -> float:
    """Return when the next request may go, given the times of the last ones: at most ``most`` in any 60 s.

    They are spread evenly: two are never closer than a full window divided by their number.
    """
    recent = sorted(at for at in requests if now - WINDOW <= at <= now)
    if not recent:
        return now
    spread = recent[-1] + WINDOW / most
    full = recent[-most] + WINDOW if len(recent) >= most else now
    return max(now, spread, full)


def may_go(most: int) -> Callable[[Sequence[float], float], bool]:
    """Return the rule by which a request is claimed: at most so many in any 60 s, spread evenly."""
    return lambda requests, now: next_allowed(requests, now, most) <= now


def back_off(failures: int, chance: float) -> float:
    """Return how long to wait after so many failures in a row; ``chance`` in [0, 1) gives the full jitter."""
    ceiling = min(BACK_OFF_MOST, BACK_OFF_FIRST * 2.0 ** min(failures - 1, 10))
    return max(0.5, ceiling * chance)


def fewer(ids: int) -> int:
    """Return how many ids to ask for at once after so many may have been too much."""
    return max(1, ids // 2)


def more(ids: int) -> int:
    """Return how many ids to ask for at once after so many were answered."""
    return min(BATCH_MOST, 2 * ids)


def _due_for_its_file(summary: TaskSummary, looked_at: float) -> float | None:
    if not summary.awaits_file or summary.final_at is None:
        return None
    due = summary.final_at + FILE_EXPECTED_AFTER
    return due if looked_at < due else None


def _due_though_lost(looked_at: float, lost_at: float) -> float | None:
    lost_for = looked_at - lost_at
    if lost_for >= GIVEN_UP_AFTER:
        return None
    return looked_at + min(max(LOST_INTERVAL, lost_for), LOST_INTERVAL_MOST)
