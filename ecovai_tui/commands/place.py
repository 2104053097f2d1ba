"""Where a command works: its profile, and the watch list and the replica that belong to it; no settings are read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.files import expand_home
from ecovai_tui.store.paths import Paths, choose_profile, find_paths

if TYPE_CHECKING:
    from argparse import Namespace

    from ecovai_tui.store.watchlist import WatchListFile


class Place(NamedTuple):
    """The directories, the profile, and the watch list of one run."""

    paths: Paths
    profile: str | None
    watch_list: Path

    @property
    def replica(self) -> Path:
        """The file of the last known states."""
        return self.paths.replica(self.profile, self.watch_list)


def find_place(arguments: Namespace) -> Place:
    """Return the place that the options and the environment name; raises SettingsError."""
    paths = find_paths(os.environ)
    profile = choose_profile(arguments.profile, os.environ)
    named: str | None = arguments.watchlist
    return Place(paths, profile, Path(expand_home(named)) if named else paths.watchlist(profile))


def open_watch_list(place: Place) -> WatchListFile:
    """Return the watch list of a place; the file need not exist."""
    from ecovai_tui.store.watchlist import WatchListFile  # noqa: PLC0415 - a status line does without

    return WatchListFile(place.watch_list)
