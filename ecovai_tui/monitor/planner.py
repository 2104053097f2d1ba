"""Taking tasks into the plan, few or very many at once, a slice at a turn; what the replica keeps back is not lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from ecovai_tui.monitor.clock import Clock, let_others_work
from ecovai_tui.monitor.plan import Plan
from ecovai_tui.store.replica import Replica

SLICE = 200
"""Tasks that are planned at once: a matter of milliseconds."""


@dataclass(slots=True)
class Planner:
    """Knows of which tasks the plan does not have the newest state yet."""

    plan: Plan
    replica: Replica
    clock: Clock
    _waiting: set[str] = field(default_factory=set)
    _all_open: bool = False
    """Whether the ids of all open tasks are still to be read."""

    def add(self, ids: Iterable[str]) -> None:
        """Note ids of which there is news."""
        self._waiting.update(ids)

    def add_all_open(self) -> None:
        """Note all tasks of which something is still to come."""
        self._all_open = True

    @property
    def behind(self) -> bool:
        """Tell whether there is news that is not planned yet."""
        return self._all_open or bool(self._waiting)

    async def plan_slice(self) -> None:
        """Plan those of some that wait which are still watched. Raises ReplicaBusy; they wait on then."""
        if self._all_open:
            await self._find_open()
        ids = set(islice(self._waiting, SLICE))
        now = self.clock.now()
        for watched in self.replica.watched_of(ids) if ids else ():
            self.plan.put(watched, now)
        self._waiting -= ids

    async def _find_open(self) -> None:
        for part in self.replica.unsettled_ids_in_slices():
            self.add(part)
            await let_others_work()
        self._all_open = False
