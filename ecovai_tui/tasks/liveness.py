"""What the times of a task say of it: how long it has been under way, and whether it stalls or what is known is old.

All times are Unix seconds, None where nothing is known; all durations are seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ecovai_tui.tasks.phases import Phase

STALLED_AFTER = 600.0
"""Seconds without any change after which an active task counts as stalled."""


class Timed(Protocol):
    """Anything that knows these of a task: its whole summary, or the few columns that a status line reads."""

    @property
    def phase(self) -> Phase:
        """Where it stands."""

    @property
    def submitted_at(self) -> float | None:
        """When the gateway took it."""

    @property
    def quiet_since(self) -> float | None:
        """Since when nothing about it changed."""

    @property
    def seen_at(self) -> float | None:
        """When the gateway last told us of it."""


def elapsed(task: Timed, now: float, skew: float = 0.0) -> float | None:
    """Return how long an active task has been under way; ``skew`` is the gateway's clock minus ours."""
    if not task.phase.active or task.submitted_at is None:
        return None
    return max(0.0, now + skew - task.submitted_at)


def is_stalled(task: Timed, now: float) -> bool:
    """Tell whether the task is active and nothing about it changed for ten minutes."""
    return task.phase.active and task.quiet_since is not None and now - task.quiet_since >= STALLED_AFTER


def is_stale(task: Timed, now: float, interval: float) -> bool:
    """Tell whether the task is active and its planned look is overdue by more than one interval (seconds)."""
    return task.phase.active and task.seen_at is not None and now - task.seen_at > 2 * interval
