"""Where a command works: its profile, and the watch list and the replica that belong to it; no settings are read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.base_url import DEFAULT_BASE_URL
from ecovai_tui.store.files import anchored, is_there
from ecovai_tui.store.paths import Paths, choose_profile, find_paths

if TYPE_CHECKING:
    from argparse import Namespace

    from ecovai_tui.store.settings_file import KeyRules
    from ecovai_tui.store.watchlist import WatchListFile

_VARIABLES = ("ECOVAI_PROFILE", "ECOVAI_BASE_URL")


class Place(NamedTuple):
    """The directories, the profile, the watch list and the gateway (its origin) of one run."""

    paths: Paths
    profile: str | None
    watch_list: Path
    gateway: str

    @property
    def replica(self) -> Path:
        """The file of the last known states."""
        return self.paths.replica(self.profile, self.watch_list)


def find_place(arguments: Namespace) -> Place:
    """Return the place that options, environment and settings name; raises SettingsError."""
    paths = find_paths(os.environ)
    profile, gateway = _profile_and_gateway(arguments, paths)
    return Place(paths, profile, chosen_watch_list(arguments) or paths.watchlist(profile), gateway)


def find_place_of_files(arguments: Namespace) -> Place:
    """Return the same without a look at the settings, and so without a gateway; raises SettingsError."""
    paths = find_paths(os.environ)
    profile = choose_profile(arguments.profile, os.environ)
    return Place(paths, profile, chosen_watch_list(arguments) or paths.watchlist(profile), "")


def chosen_watch_list(arguments: Namespace) -> Path | None:
    """Return the watch list that an option names, if any; raises SettingsError where it leads nowhere."""
    named: str | None = arguments.watchlist
    return anchored(named, "--watchlist") if named else None


def find_key_rules() -> KeyRules:
    """Return what the reader of the settings is to know of keys; every command that reads settings hands this on."""
    from ecovai_tui.interface.keys import KEY_RULES  # noqa: PLC0415 - few settings have keys

    return KEY_RULES


def open_watch_list(place: Place) -> WatchListFile:
    """Return the watch list of a place; the file need not exist."""
    from ecovai_tui.store.watchlist import WatchListFile  # noqa: PLC0415 - a status line does without

    return WatchListFile(place.watch_list)


def _profile_and_gateway(arguments: Namespace, paths: Paths) -> tuple[str | None, str]:
    """Return what is configured; where nothing is, as for most status lines, without the modules that read it."""
    named = arguments.profile is not None or arguments.base_url is not None
    if not named and not any(map(os.environ.get, _VARIABLES)) and not is_there(paths.config_file):
        return None, DEFAULT_BASE_URL
    from ecovai_tui.store.configured import read_gateway  # noqa: PLC0415 - see above
    from ecovai_tui.store.sources import Flags  # noqa: PLC0415 - see above

    flags = Flags(profile=arguments.profile, base_url=arguments.base_url)
    return read_gateway(flags, os.environ, paths, find_key_rules)
