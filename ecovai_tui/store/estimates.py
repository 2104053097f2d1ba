"""How long tasks of each kind and model took, remembered until another one becomes final."""

from __future__ import annotations

from collections.abc import Iterable

from ecovai_tui.store.replica import Learned, Replica, ReplicaBusy
from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary

_FINAL = frozenset(phase.value for phase in Phase if phase.final)


class Estimates:
    """Asks the replica once for each kind and model."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._learned: dict[tuple[Kind, str], Learned | None] = {}

    def of(self, summary: TaskSummary) -> Learned | None:
        """Return how long tasks like this one took, of any model while its own is not known; None if nobody knows."""
        if not summary.phase.active or summary.kind is Kind.UNKNOWN:
            return None
        key = summary.kind, summary.model
        if key not in self._learned:
            try:
                self._learned[key] = self._replica.durations(*key)
            except ReplicaBusy:
                return None
        return self._learned[key]

    def learn(self, changes: Iterable[Change]) -> None:
        """Ask anew if a task became final, or was when it was first seen."""
        if any(change.what in {Aspect.PHASE, Aspect.APPEARED} and change.after in _FINAL for change in changes):
            self._learned.clear()
