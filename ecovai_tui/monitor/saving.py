"""Changes on their way to the disk, which a front end that ends may wait for, and tells of if they came to nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from ecovai_tui.store.errors import StoreError

Result = TypeVar("Result")

CUT_SHORT = "The last change of the watch list was not saved: something has held it up. Check it with: ecovai-tui ls"


class Saving:
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
