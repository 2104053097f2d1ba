"""The watch list: the ids that the user wants to watch, in a TOML file that survives everything."""

from __future__ import annotations

from ecovai_tui.store.identifiers import is_id
from ecovai_tui.store.watchlist.changes import add, label, purge, remove, undo
from ecovai_tui.store.watchlist.document import WatchListError
from ecovai_tui.store.watchlist.file import Added, Undone, WatchListFile
from ecovai_tui.store.watchlist.model import UNDO_PERIOD, Difference, WatchList, difference

__all__ = [
    "UNDO_PERIOD",
    "Added",
    "Difference",
    "Undone",
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
