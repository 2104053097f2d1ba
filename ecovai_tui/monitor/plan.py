"""The plan: which of the watched tasks are still to be asked for, and when each is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ecovai_tui.monitor import schedule
from ecovai_tui.monitor.agenda import Agenda
from ecovai_tui.tasks.model import WatchedTask


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
        """Tell whether a task is asked for alone because it breaks its batch."""
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
