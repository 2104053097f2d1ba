"""Keeps the task list in step with the replica: the first screen at once, the rest after it, then what changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import islice

from ecovai_tui.engine.updates import Update
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import WatchedTask
from ecovai_tui.tui.collector import spare_what_there_is
from ecovai_tui.tui.task_list import TaskList

FIRST_ROWS = 200
"""Tasks read before the first paint: more than any screen shows."""

SLICE_ROWS = 200
"""Tasks read at a time afterwards: a matter of milliseconds, so that no key waits for them."""

BETWEEN_SLICES = 0.005
"""Seconds that are free for keys and paints between two slices."""


class TaskLoader:
    """Reads the replica into a board; what another program is in the way of is read at the next occasion."""

    def __init__(self, replica: Replica, task_list: TaskList) -> None:
        self._replica = replica
        self._task_list = task_list
        self._last: WatchedTask | None = None
        """The last of those that were read in the order of the screen, None if there are no more."""
        self._begun = False
        """Whether those of the first screen were read, so that the rest is known to follow them."""
        self._unread: set[str] = set()
        """Ids of updates that are not read yet."""
        self._following = False
        """Whether an update came: before that, others may have written what no update tells of."""

    def load_first(self) -> None:
        """Read what the first screen needs."""
        with suppress(ReplicaBusy):
            self._read_first()
        self._task_list.arrange()

    @property
    def behind(self) -> bool:
        """Whether there is more to read, for ``load_rest``."""
        return self._last is not None or bool(self._unread)

    async def load_rest(self) -> AsyncIterator[None]:
        """Read whatever is not read yet in slices, and yield after each."""
        while self.behind:
            with suppress(ReplicaBusy):
                self._load_slice()
            yield
            await asyncio.sleep(BETWEEN_SLICES)

    def take(self, update: Update) -> bool:
        """Read what an update is about, or a slice of it; tell whether another selection was made.

        Only what is still watched when it is read comes onto the board, and what is not is dropped.
        """
        many_gone = update.removed if len(update.removed) > SLICE_ROWS else frozenset[str]()
        self._unread |= update.changed | update.seen | update.added | many_gone
        moved = self._task_list.drop(update.removed - many_gone)
        with suppress(ReplicaBusy):
            moved = self._read_unread() or moved
            if not self._following:
                moved = self._read_first() or moved
                self._following = True
        if moved:
            self._task_list.rearrange()
        return moved

    def _read_first(self) -> bool:
        tasks = self._replica.watched(FIRST_ROWS)
        if not self._begun:
            self._begun = True
            self._last = tasks[-1] if len(tasks) == FIRST_ROWS else None
        return self._task_list.put(tasks)

    def _load_slice(self) -> None:
        moved = self._read_unread()
        if self._last is not None:
            tasks = self._replica.watched_behind(self._last, SLICE_ROWS)
            moved = self._task_list.put(tasks) or moved
            self._last = tasks[-1] if tasks else None
            spare_what_there_is()
        if moved:
            self._task_list.rearrange()

    def _read_unread(self) -> bool:
        ids = set(islice(self._unread, SLICE_ROWS))
        found = self._replica.watched_of(ids) if ids else ()
        moved = self._task_list.put(found)
        dropped = self._task_list.drop(ids.difference(task.id for task in found))
        self._unread -= ids
        return moved or dropped
