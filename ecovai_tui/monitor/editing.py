"""What the user changes in the watch list, as the engine does it: on disk first, and then taken in at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from ecovai_tui.monitor.clock import Clock
from ecovai_tui.monitor.saving import Saving
from ecovai_tui.monitor.threads import in_thread
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import ReplicaBusy
from ecovai_tui.store.watchlist import Added, Undone, WatchListFile

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Editing(ABC):
    """The changes to the watch list; what each returns is on disk. A subclass knows the file and looks at it."""

    _clock: Clock

    def __init__(self) -> None:
        self._saving = Saving()

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
        return self._saving.problem(seconds)

    async def _edit(
        self, change: Callable[Parameters, Result], *args: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Change the watch list's file, and take that in at once; where the replica is busy, the next look does."""
        try:
            result = await in_thread(self._saving.begin(partial(change, *args, **named)))
        except StoreError:
            self._saving.told()
            raise
        self._saving.told()
        with suppress(ReplicaBusy):
            await self._observe()
        return result
