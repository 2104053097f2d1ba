"""Keeps the board in step with the replica: the first screen at once, the rest in slices, then what changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ecovai_tui.monitor.update import Update
from ecovai_tui.store.replica import Replica
from ecovai_tui.tui.board import Board

FIRST_ROWS = 200
"""Tasks read before the first paint: more than any screen shows."""

SLICE_ROWS = 1_000
"""Tasks read at a time afterwards, so that no key waits for them."""


class Feed:
    """Reads the replica into a board."""

    def __init__(self, replica: Replica, board: Board) -> None:
        self._replica = replica
        self._board = board

    def load_first(self) -> None:
        """Read what the first screen needs."""
        self._board.put(self._replica.watched(FIRST_ROWS))
        self._board.arrange()

    async def load_rest(self) -> AsyncIterator[int]:
        """Read the other tasks slice by slice, and yield the number of each slice."""
        offset = FIRST_ROWS
        while len(self._board) >= FIRST_ROWS:
            tasks = self._replica.watched(SLICE_ROWS, offset)
            self._board.put(tasks)
            if not tasks:
                return
            offset += len(tasks)
            yield len(tasks)
            await asyncio.sleep(0)

    def take(self, update: Update) -> bool:
        """Read what an update is about; tell whether another selection was made."""
        ids = update.changed | update.seen | update.added
        found = self._replica.watched_tasks(ids) if ids else {}
        moved = self._board.put(found.values())
        dropped = self._board.drop(update.removed | (ids - found.keys()))
        if moved or dropped:
            self._board.arrange()
        return moved or dropped
