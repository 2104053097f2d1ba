"""The watch list: the ids that the user wants to watch, in a TOML file that survives everything."""

from __future__ import annotations

from ecovai_tui.store.identifiers import is_id

from .changes import add, label, purge, remove, undo
from .document import WatchListError
from .file import Added, WatchListFile
from .model import UNDO_PERIOD, Difference, WatchList, difference

__all__ = [
    "UNDO_PERIOD",
    "Added",
    "Difference",
    "WatchList",
    "WatchListError",
    "WatchListFile",
    "add",
    "difference",
    "is_id",
    "label",
    "purge",
    "remove",
    "undo",
]
