"""Which files a journey through the running program crosses, traced; the simulator and the words are left out."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import FrameType

PACKAGE = Path(__file__).parents[2] / "ecovai_tui"
LEFT_OUT = PACKAGE / "simulator"
WORDS = PACKAGE / "language.py"
"""What looks up the user's words: a text in the code reads the same without it."""

Trigger = Callable[[str, str], bool]
"""Whether a call, given by its file and the name of the function, begins or ends a journey."""


@dataclass
class Journey:
    """The rooms that are entered between its beginning and its end, in the order in which they are entered first."""

    begins: Trigger | None = None
    ends: Trigger | None = None
    files: list[str] = field(default_factory=list)
    under_way: bool = False
    over: bool = False

    def __str__(self) -> str:
        return "\n".join(f"{place:3} {file}" for place, file in enumerate(self.files, 1))

    def called(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note the file of a call; a profile function for ``sys.setprofile``."""
        if event != "call" or self.over:
            return
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if not self.under_way and (self.begins is None or self.begins(file, name)):
            self.under_way = True
        if not self.under_way:
            return
        if self.ends is not None and self.ends(file, name):
            self.over = True
        elif (room := _room(file)) is not None and room not in self.files:
            self.files.append(room)


def _room(file: str) -> str | None:
    path = Path(file)
    left_out = path.is_relative_to(LEFT_OUT) or path == WORDS or path.name == "__init__.py"
    if left_out or not path.is_relative_to(PACKAGE):
        return None
    return str(path.relative_to(PACKAGE))


@cache
def import_everything() -> None:
    """Import all there is, so that no journey counts rooms that it only has imported on its way."""
    for module in walk_packages([str(PACKAGE)], "ecovai_tui."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


@contextmanager
def travelled(begins: Trigger | None = None, ends: Trigger | None = None) -> Iterator[Journey]:
    """Trace this thread, and those that begin meanwhile, from the call that ``begins`` to the call that ``ends``.

    Without ``begins`` the journey begins at once, without ``ends`` it ends with the ``with``.
    """
    import_everything()
    journey = Journey(begins, ends)
    before = sys.getprofile()
    threading.setprofile(journey.called)
    sys.setprofile(journey.called)
    try:
        yield journey
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
        journey.over = True


def call_of(function: str, file: str) -> Trigger:
    """Return what recognises the call of a function in a file whose path ends so."""
    return lambda path, name: name == function and path.endswith(file)
