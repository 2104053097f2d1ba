"""argparse in our manner, the options that every command takes, and the files of the profile they name."""

from __future__ import annotations

import argparse
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from ecovai_tui.language import is_english, later, sentences, tr
from ecovai_tui.store.credentials import DEFAULT_BASE_URL
from ecovai_tui.store.errors import quoted
from ecovai_tui.store.files import anchored, is_there
from ecovai_tui.store.paths import Paths, choose_profile, find_paths
from ecovai_tui.tasks.names import nearest
from ecovai_tui.tasks.text import clean_line

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

    from ecovai_tui.store.settings_file import KeyRules


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


def add_options(parser: ArgumentParser) -> None:
    """Declare the shared options, in a group of their own."""
    group = parser.add_argument_group(tr("options of every command"))
    for option in OPTIONS:
        if option.metavar:
            kind = float if option.name == "interval" else str
            group.add_argument(option.flag, metavar=option.metavar, type=kind, help=tr(option.meaning))
        else:
            group.add_argument(option.flag, action="store_true", help=tr(option.meaning))


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


PROGRAM = "ecovai-tui"
_WIDEST = 100
_LONGEST_NAME = 80
LONGEST_COMPLAINT = 4_000
"""Characters of a complaint, with what was typed in it."""


class UsageError(Exception):
    """The command line cannot be meant; the text says why and what to write instead."""


_WORDS_OF_ARGPARSE = (
    later("usage: "),
    later("argument %(argument_name)s: %(message)s"),
    later("unrecognized arguments: %s"),
    later("the following arguments are required: %s"),
    later("not allowed with argument %s"),
    later("ignored explicit argument %r"),
    later("invalid %(type)s value: %(value)r"),
    later("invalid choice: %(value)r (choose from %(choices)s)"),
    later("expected one argument"),
    later("expected at least one argument"),
    later("expected %s arguments"),
)
"""What argparse says by itself."""


def _teach_argparse() -> None:
    """Let argparse, which would look for a catalogue of its own, take its words from ours."""
    if not is_english():
        vars(argparse).update(_=tr, ngettext=lambda one, many, n: tr(one if n == 1 else many))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, up to a width that is pleasant to read."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(_terminal_width(), _WIDEST))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Leave out of the usage what every command takes; it is told below."""
        shared = {*option_flags(), "--help", "--version"}
        own = [action for action in actions if shared.isdisjoint(action.option_strings)]
        super().add_usage(usage, own, groups, prefix)


def _terminal_width() -> int:
    """Return the terminal's cells in a line; argparse itself imports a slow module to ask for them."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return _WIDEST


class Parser(argparse.ArgumentParser):
    """A parser of one command with the shared options."""

    def __init__(self, command: str, *, usage: str | None = None, description: str, examples: str) -> None:
        name = f"{PROGRAM} {command}".strip()
        _teach_argparse()
        super().__init__(
            prog=name,
            usage=usage,
            description=description,
            epilog=examples.strip("\n"),
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self._positionals.title, self._optionals.title = tr("arguments"), tr("options")
        self.add_argument("-h", "--help", action="help", help=tr("show this help"))
        self.add_argument("--version", action="store_true", help=tr("show the version"))
        add_options(self)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Write the help; argparse says nothing when it cannot be written."""
        (file or sys.stdout).write(self.format_help())

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the arguments; raises UsageError, which names an unknown option and not the word behind it."""
        self.refuse_unknown_option(words)
        return self.parse_intermixed_args(words)

    def refuse_unknown_option(self, words: Sequence[str]) -> None:
        """Raise UsageError for an option that is none here; its value is not repeated, which could be a key."""
        known = list(self._option_string_actions)
        option = unknown_option(words, known)
        if option is None:
            return
        names = [flag.removeprefix("--") for flag in known if flag.startswith("--")]
        begun = [name for name in names if name.startswith(option.removeprefix("--"))]
        near = begun[0] if len(begun) == 1 else nearest(option.lstrip("-"), names)
        told = [tr("There is no option {option} here.", option=quoted(option[:_LONGEST_NAME]))]
        if near is not None:
            told.append(tr("Did you mean --{near}?", near=near))
        if self.prog == PROGRAM:
            told.append(tr("An option of one command alone stands behind its name."))
        raise UsageError(sentences(*told, self._try_help()))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; argparse quotes what was typed as it is, control characters included."""
        message = clean_line(message, LONGEST_COMPLAINT)
        told = tr("{message}.", message=message[:1].upper() + message[1:])
        raise UsageError(sentences(told, self._try_help()))

    def _try_help(self) -> str:
        return tr('Try "{program} --help".', program=self.prog)


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
    from ecovai_tui.store.configured import Flags, read_gateway  # noqa: PLC0415 - needed only here

    flags = Flags(profile=arguments.profile, base_url=arguments.base_url)
    return read_gateway(flags, os.environ, paths, find_key_rules)
