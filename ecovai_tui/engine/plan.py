"""Which of the watched tasks are still to be asked for, and when each is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count, islice
from typing import NamedTuple

from ecovai_tui.engine import schedule
from ecovai_tui.engine.clock import Clock, let_others_work
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import WatchedTask

SPARE = 100
"""Outdated items that are kept in any case before all of them are cleared away."""


class _Item(NamedTuple):
    due: float
    number: int
    """Of two that are due at once, the one that was put in first comes first."""
    name: str


class Agenda:
    """Names by the moment at which they are due; a name that is put in again leaves its old item to be skipped."""

    def __init__(self) -> None:
        self._current: dict[str, _Item] = {}
        self._heap: list[_Item] = []
        self._numbers = count()

    def put(self, name: str, due: float) -> None:
        """Make a name due at a moment, whenever it was due before."""
        known = self._current.get(name)
        if known is not None and known.due == due:
            return
        item = _Item(due, next(self._numbers) if known is None else known.number, name)
        self._current[name] = item
        heappush(self._heap, item)
        self._tidy_if_crowded()

    def drop(self, name: str) -> None:
        """Forget a name."""
        self._current.pop(name, None)
        self._tidy_if_crowded()

    def hurry(self, now: float) -> None:
        """Make everything due that is not yet."""
        self._current = {
            name: item if item.due <= now else item._replace(due=now) for name, item in self._current.items()
        }
        self._tidy()

    def first(self) -> float | None:
        """Return the earliest moment at which a name is due; None where there is none."""
        while self._heap and self._outdated(self._heap[0]):
            heappop(self._heap)
        return self._heap[0].due if self._heap else None

    def earliest(self, until: float, most: int) -> list[str]:
        """Return at most so many of the names that are due until a moment, those first that wait longest."""
        found: dict[str, _Item] = {}
        while len(found) < most and (due := self.first()) is not None and due <= until:
            item = heappop(self._heap)
            found[item.name] = item
        for item in found.values():
            heappush(self._heap, item)
        return list(found)

    def _outdated(self, item: _Item) -> bool:
        return self._current.get(item.name) != item

    def _tidy_if_crowded(self) -> None:
        if len(self._heap) > 2 * len(self._current) + SPARE:
            self._tidy()

    def _tidy(self) -> None:
        self._heap = list(self._current.values())
        heapify(self._heap)


@dataclass(slots=True)
class Entry:
    """One task of the plan."""

    watched: WatchedTask
    asked_at: float | None = None
    restarted_at: float | None = None
    misses: int = 0
    """How many batches in a row have left it out."""


class Plan:
    """All tasks that will be asked for again; those that are settled are not in it."""

    def __init__(self, interval: float = schedule.DEFAULT_INTERVAL) -> None:
        self.interval = interval
        self._entries: dict[str, Entry] = {}
        self._agenda = Agenda()
        self._apart: set[str] = set()
        """Ids that broke every batch that they were in, so they are asked for alone."""

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, watched: WatchedTask, now: float) -> None:
        """Take in the newest state of a task, and plan its next look or drop it."""
        entry = self._entries.get(watched.id) or Entry(watched)
        due = schedule.due_at(
            watched.summary, now, self.interval, asked_at=entry.asked_at, restarted_at=entry.restarted_at
        )
        if due is None:
            self.drop((watched.id,))
            return
        entry.watched = watched
        self._entries[watched.id] = entry
        self._agenda.put(watched.id, due)

    def drop(self, ids: Iterable[str]) -> None:
        """Forget tasks that are no longer watched."""
        for task_id in ids:
            if self._entries.pop(task_id, None):
                self._agenda.drop(task_id)
                self._apart.discard(task_id)

    def hurry(self, watched: WatchedTask, now: float) -> None:
        """Make a task due at once, also one that was settled or given up."""
        self._entries.setdefault(watched.id, Entry(watched)).restarted_at = now
        self._agenda.put(watched.id, now)
        self._apart.discard(watched.id)

    def hurry_all(self, now: float) -> None:
        """Make every task of the plan due at once."""
        self._agenda.hurry(now)

    def asked(self, ids: Iterable[str], now: float) -> None:
        """Note that these were asked for, and plan their next look from now."""
        for task_id in ids:
            if entry := self._entries.get(task_id):
                entry.asked_at = now
                entry.misses += 1
                self.put(entry.watched, now)

    def answered(self, watched: WatchedTask, now: float) -> None:
        """Note what the gateway told of a task."""
        if entry := self._entries.get(watched.id):
            entry.misses = 0
            self._apart.discard(watched.id)
        self.put(watched, now)

    def postpone(self, task_id: str, now: float) -> None:
        """Let the others go first once."""
        if task_id in self._entries:
            self._agenda.put(task_id, now + self.interval)

    def set_apart(self, task_id: str, now: float) -> None:
        """Ask for this task alone from now on, and seldom."""
        if entry := self._entries.get(task_id):
            entry.asked_at = now
            self._apart.add(task_id)
            self._agenda.put(task_id, now + schedule.LOST_INTERVAL)

    def is_apart(self, task_id: str) -> bool:
        """Return whether a task is asked for alone because it breaks its batch."""
        return task_id in self._apart

    def batch(self, now: float, most: int = schedule.BATCH_MOST) -> tuple[str, ...]:
        """Return the ids to ask for now, those who waited longest first; empty when none is due.

        A request that goes out anyway takes along what falls due within the next half interval.
        """
        first = self.next_due()
        if first is None or first > now:
            return ()
        waiting = self._agenda.earliest(now + self.interval / 2, most + len(self._apart))
        if waiting[0] in self._apart:
            return (waiting[0],)
        return tuple(task_id for task_id in waiting if task_id not in self._apart)[:most]

    def next_due(self) -> float | None:
        """Return when the next task is due, or None when nothing ever is."""
        return self._agenda.first()

    def lost(self, ids: Iterable[str], now: float) -> tuple[str, ...]:
        """Return those of the ids that batches have left out often and long enough to be asked for one by one."""
        entries = ((task_id, self._entries[task_id]) for task_id in ids if task_id in self._entries)
        return tuple(task_id for task_id, entry in entries if entry.misses > 1 and _grace_over(entry, now))


def _grace_over(entry: Entry, now: float) -> bool:
    added_at = entry.watched.added_at
    return added_at is None or now - added_at >= schedule.GRACE


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
        """Whether there is news that is not planned yet."""
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
