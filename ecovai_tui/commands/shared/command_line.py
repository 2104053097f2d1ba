"""The names of the commands, the options that each of them takes, and the files of the profile that they name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple, cast

from ecovai_tui.language import later
from ecovai_tui.store.credentials import DEFAULT_BASE_URL
from ecovai_tui.store.files import Paths, anchored, choose_profile, find_paths, is_there

if TYPE_CHECKING:
    from argparse import Namespace

    from ecovai_tui.store.settings_file import KeyRules


COMMANDS = {
    "submit": later("make something with one paid request, and watch it"),
    "receipts": later("list what was submitted and what became of it"),
    "add": later("put ids on the watch list, also those found in what is piped in"),
    "rm": later("take ids off the watch list"),
    "ls": later("list what is watched, without asking the gateway"),
    "fetch": later("ask the gateway once, now"),
    "follow": later("print a line for every change"),
    "wait": later("wait until tasks are final; the exit code tells how they ended"),
    "download": later("keep the files of finished tasks, whole, tagged and never twice"),
    "status": later("the counts by phase, without asking the gateway; for status lines"),
    "prune": later("take finished, missing or old tasks off the watch list"),
    "export": later("write out all that is known as JSON, CSV or Markdown"),
    "simulate": later("serve a practice gateway on this machine"),
    "config": later("where the settings are, what they say, and whether they are sound"),
    "doctor": later("look for what could be wrong: settings, files, terminal, gateway"),
    "themes": later("list the colour themes"),
    "keys": later("list the keys of the monitor"),
    "completion": later("print the completion for bash, zsh or fish"),
}
"""What each command is for, in the order in which ``--help`` lists them."""

CHANGING = frozenset({"add", "rm", "prune"})
"""The commands that do nothing but change the watch list."""


class Option(NamedTuple):
    """An option of the command line; one without a ``metavar`` takes no value."""

    flag: str
    metavar: str
    meaning: str

    @property
    def name(self) -> str:
        """The attribute that holds its value."""
        return self.flag.removeprefix("--").replace("-", "_")


OPTIONS = (
    Option("--profile", "NAME", later("use the gateway [profiles.NAME] of the settings, with a watch list of its own")),
    Option("--base-url", "URL", later("the gateway's address; the key then comes from ECOVAI_API_KEY")),
    Option("--interval", "S", later("seconds between two looks at a young task (default 5, at least 2)")),
    Option("--theme", "NAME", later("the colours; ecovai-tui themes lists them")),
    Option("--watchlist", "FILE", later("use this watch list")),
    Option("--ascii", "", later("draw signs and lines in plain ASCII; titles stay as they are")),
    Option("--no-mouse", "", later("leave the mouse to the terminal")),
    Option("--slow-link", "", later("send as little as possible to the terminal")),
    Option("--readonly", "", later("change nothing: neither the watch list nor any other file of yours")),
    Option("--log", "FILE", later("write what happens to this file; the key is never in it")),
)

_OPTIONS_WITH_VALUE = frozenset(option.flag for option in OPTIONS if option.metavar)


def first_word(words: Sequence[str]) -> int | None:
    """Return the place of the first word that is neither an option nor the value of a shared one."""
    takes_value = False
    for place, word in enumerate(words):
        if takes_value:
            takes_value = False
        elif word == "-" or not word.startswith("-"):
            return place
        else:
            takes_value = word in _OPTIONS_WITH_VALUE
    return None


def unknown_option(words: Sequence[str], known: Iterable[str]) -> str | None:
    """Return the first option that is none of the known flags, without a value behind "="; None if there is none.

    A number, a text with a blank and whatever stands behind "--" is a value, as argparse has it as well.
    """
    flags = frozenset(known)
    for word in words:
        if word == "--":
            return None
        is_option = word.startswith("-") and word != "-" and " " not in word and not word[1:2].isdigit()
        name = word.partition("=")[0]
        if is_option and name not in flags and word[1:2] != ".":
            return name
    return None


def option_flags() -> Iterable[str]:
    """Return the flags of all shared options."""
    return (option.flag for option in OPTIONS)


def no_arguments() -> Namespace:
    """Return what the bare command reads where nothing is typed, without argparse, which is slow to import."""
    shared = {option.name: None if option.metavar else False for option in OPTIONS}
    return cast("Namespace", SimpleNamespace(ids=[], demo=False, version=False, **shared))


PROGRAM = "ecovai-tui"


class UsageError(Exception):
    """The command line cannot be meant; the text says why and what to write instead."""


_VARIABLES = ("ECOVAI_PROFILE", "ECOVAI_BASE_URL")


class Place(NamedTuple):
    """The directories, the profile, the watch list and the gateway (its origin) of one run."""

    paths: Paths
    profile: str | None
    watch_list: Path
    gateway: str
    columns: Sequence[str] = ()
    """Those that the settings name for lists on a terminal, () for the usual ones."""

    @property
    def replica(self) -> Path:
        """The file of the last known states."""
        return self.paths.replica(self.profile, self.watch_list)


def find_place(arguments: Namespace) -> Place:
    """Return the place that options, environment and settings name; raises SettingsError."""
    paths = find_paths(os.environ)
    profile, gateway, columns = _configured(arguments, paths)
    return Place(paths, profile, chosen_watch_list(arguments) or paths.watchlist(profile), gateway, columns)


def find_place_of_files(arguments: Namespace) -> Place:
    """Return the place without reading the settings, and so without a gateway; raises SettingsError."""
    paths = find_paths(os.environ)
    profile = choose_profile(arguments.profile, os.environ)
    return Place(paths, profile, chosen_watch_list(arguments) or paths.watchlist(profile), "")


def chosen_watch_list(arguments: Namespace) -> Path | None:
    """Return the watch list that an option names, if any; raises SettingsError where it leads nowhere."""
    named: str | None = arguments.watchlist
    return anchored(named, "--watchlist") if named else None


def find_key_rules() -> KeyRules:
    """Return what the reader of the settings is to know of keys; every command that reads settings hands this on."""
    from ecovai_tui.view.actions import KEY_RULES  # noqa: PLC0415 - few settings have keys

    return KEY_RULES


def _configured(arguments: Namespace, paths: Paths) -> tuple[str | None, str, tuple[str, ...]]:
    """Return what is configured; where nothing is, as for most status lines, without the modules that read it."""
    named = arguments.profile is not None or arguments.base_url is not None
    if not named and not any(map(os.environ.get, _VARIABLES)) and not is_there(paths.config_file):
        return None, DEFAULT_BASE_URL, ()
    from ecovai_tui.store.settings import Flags, read_gateway  # noqa: PLC0415 - needed only here

    flags = Flags(profile=arguments.profile, base_url=arguments.base_url)
    return read_gateway(flags, os.environ, paths, find_key_rules)
