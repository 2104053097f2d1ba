"""What the user changes in the watch list: written to disk first, and then taken in at once."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from ecovai_tui.engine.clock import Clock, in_thread
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.watchlist import Added, Undone, WatchListFile

Result = TypeVar("Result")

CUT_SHORT = "The last change of the watch list was not saved: something has held it up. Check it with: ecovai-tui ls"


class PendingWrites:
    """Knows which changes are not on disk yet. They are saved in threads, which go on when the event loop has ended."""

    def __init__(self) -> None:
        self._under_way: set[threading.Event] = set()
        self._problem = ""

    def begin(self, save: Callable[[], Result]) -> Callable[[], Result]:
        """Return the same work, whose end is noted; what it raises is raised as before."""
        over = threading.Event()
        self._under_way.add(over)

        def noted() -> Result:
            try:
                return save()
            except StoreError as error:
                self._problem = str(error)
                raise
            finally:
                over.set()

        return noted

    def told(self) -> None:
        """Note that who asked for the changes has heard how they ended."""
        self._under_way = {over for over in self._under_way if not over.is_set()}
        self._problem = ""

    def problem(self, seconds: float) -> str:
        """Return why a change that nobody has heard of came to nothing, waiting so many seconds at most; else ""."""
        end = time.monotonic() + seconds
        saved = all(over.wait(max(0.0, end - time.monotonic())) for over in self._under_way)
        return self._problem if saved else CUT_SHORT


Parameters = ParamSpec("Parameters")


class Editing(ABC):
    """The changes to the watch list; what each returns is on disk. A subclass knows the file and looks at it."""

    _clock: Clock

    def __init__(self) -> None:
        self._pending_writes = PendingWrites()

    @property
    @abstractmethod
    def _watch_list(self) -> WatchListFile:
        """The file of the watched ids."""

    @abstractmethod
    async def _observe(self) -> None:
        """Take in what changed on disk. Raises ReplicaBusy."""

    @abstractmethod
    def refresh(self, ids: Iterable[str] = ()) -> None:
        """Ask for everything that is open at once, and for these ids even if they are settled."""

    async def add(self, ids: Iterable[str], label: str = "") -> Added:
        """Put ids on the watch list; those that were given up are asked for again. Raises StoreError."""
        added = await self._edit(self._watch_list.add, tuple(ids), label=label, now=self._clock.now())
        with suppress(ReplicaBusy):
            self.refresh(added.already)
        return added

    async def remove(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Take ids off the watch list, and return those that were on it. Raises StoreError."""
        return await self._edit(self._watch_list.remove, tuple(ids), now=self._clock.now())

    async def undo(self) -> Undone:
        """Take back the last removal, or the labels given since, and return which. Raises StoreError."""
        return await self._edit(self._watch_list.undo_last, now=self._clock.now())

    async def set_labels(self, ids: Iterable[str], label: str) -> None:
        """Give tasks a label, or take theirs away with an empty one. Raises StoreError."""
        await self._edit(self._watch_list.set_labels, tuple(ids), label, now=self._clock.now())

    def unsaved(self, seconds: float) -> str:
        """Return why a change came to nothing when the event loop ended before it, after so many seconds at most."""
        return self._pending_writes.problem(seconds)

    async def _edit(
        self, change: Callable[Parameters, Result], *args: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Change the watch list's file, and take that in at once; where the replica is busy, the next look does."""
        try:
            result = await in_thread(self._pending_writes.begin(partial(change, *args, **named)))
        except StoreError:
            self._pending_writes.told()
            raise
        self._pending_writes.told()
        with suppress(ReplicaBusy):
            await self._observe()
        return result
