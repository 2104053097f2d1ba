"""Keeps the task list in step with the replica: the first screen at once, the rest after it, then what changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import islice

from ecovai_tui.engine.updates import Update
from ecovai_tui.store.errors import StoreError
from ecovai_tui.tasks.model import WatchedTask
from ecovai_tui.tui.collector import spare_what_there_is
from ecovai_tui.tui.context import Session
from ecovai_tui.tui.task_list import TaskList

FIRST_ROWS = 200
"""Tasks read before the first paint: more than any screen shows."""

SLICE_ROWS = 200
"""Tasks read at a time afterwards: a matter of milliseconds, so that no key waits for them."""

BETWEEN_SLICES = 0.005
"""Seconds that are free for keys and paints between two slices."""


class TaskLoader:
    """Takes tasks into the list: the first screen at once, the rest by the replica's thread, and news as they come."""

    def __init__(self, session: Session, task_list: TaskList) -> None:
        self._session = session
        self._task_list = task_list
        self._last: WatchedTask | None = None
        """The last of those that were read in the order of the screen, None if there are no more."""
        self._begun = False
        """Whether those of the first screen were read, so that the rest is known to follow them."""
        self._pending: dict[str, WatchedTask | None] = {}
        """News that are not in the list yet; None for those that are no longer watched."""

    def load_first(self) -> None:
        """Read what the first screen needs; where another program is in the way, it comes with the rest."""
        with suppress(StoreError):
            self._put_first(self._session.replica.watched(FIRST_ROWS))
        self._task_list.arrange()

    @property
    def behind(self) -> bool:
        """Whether there is more to come, by ``load_rest``."""
        return not self._begun or self._last is not None or bool(self._pending)

    async def load_rest(self) -> AsyncIterator[None]:
        """Take in whatever is missing yet in slices, and yield after each."""
        while self.behind:
            if self._take_pending() or await self._read_slice():
                self._task_list.rearrange()
            yield
            await asyncio.sleep(BETWEEN_SLICES)

    def take(self, update: Update) -> bool:
        """Take in what an update is about, or a slice of it; tell whether another selection was made."""
        self._pending |= dict.fromkeys(update.removed)
        self._pending |= {task.id: task for task in update.tasks}
        moved = self._drop(update.removed) if len(update.removed) <= SLICE_ROWS else False
        moved = self._take_pending() or moved
        if moved:
            self._task_list.rearrange()
        return moved

    def _drop(self, names: frozenset[str]) -> bool:
        for name in names:
            del self._pending[name]
        return self._task_list.drop(names)

    def _put_first(self, tasks: list[WatchedTask]) -> bool:
        self._begun = True
        self._last = tasks[-1] if len(tasks) == FIRST_ROWS else None
        return self._task_list.put(tasks)

    async def _read_slice(self) -> bool:
        if self._pending:
            return False
        worker, last = self._session.worker, self._last
        if not self._begun:
            return self._put_first(await worker.run(lambda replica: replica.watched(FIRST_ROWS)))
        if last is None:
            return False
        tasks = await worker.run(lambda replica: replica.watched_behind(last, SLICE_ROWS))
        moved = self._task_list.put(tasks)
        self._last = tasks[-1] if tasks else None
        spare_what_there_is()
        return moved

    def _take_pending(self) -> bool:
        names = list(islice(self._pending, SLICE_ROWS))
        news = {name: self._pending.pop(name) for name in names}
        moved = self._task_list.put([task for task in news.values() if task is not None])
        return self._task_list.drop({name for name, task in news.items() if task is None}) or moved
