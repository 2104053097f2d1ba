"""Changes of the watch list on their way to the disk, which a front end that closes may wait for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from ecovai_tui.engine.clock import in_thread
from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import StoreError

Result = TypeVar("Result")

CUT_SHORT = later(
    "The last change of the watch list was not saved: something has held it up. Check it with: ecovai-tui ls"
)


class PendingWrites:
    """Knows which changes are not on disk yet. They are saved in threads, which go on when the event loop has ended."""

    def __init__(self) -> None:
        self._under_way: set[threading.Event] = set()
        self._problem = ""

    async def save(self, change: Callable[[], Result]) -> Result:
        """Return what a change returns that writes to the disk, or raise what it raises."""
        over = threading.Event()
        self._under_way.add(over)
        try:
            result = await in_thread(lambda: self._noted(change, over))
        except StoreError:
            self._heard()
            raise
        self._heard()
        return result

    def problem(self, seconds: float) -> str:
        """Return why a change that nobody has heard of came to nothing, waiting so many seconds at most; else ""."""
        end = time.monotonic() + seconds
        saved = all(over.wait(max(0.0, end - time.monotonic())) for over in self._under_way)
        return self._problem if saved else tr(CUT_SHORT)

    def _noted(self, change: Callable[[], Result], over: threading.Event) -> Result:
        try:
            return change()
        except StoreError as error:
            self._problem = str(error)
            raise
        finally:
            over.set()

    def _heard(self) -> None:
        """Note that who asked for the changes knows how they ended."""
        self._under_way = {over for over in self._under_way if not over.is_set()}
        self._problem = ""
