"""The options that every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser


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
    Option("--profile", "NAME", "use the gateway [profiles.NAME] of the settings, with a watch list of its own"),
    Option("--base-url", "URL", "the gateway's address; the key then comes from ECOVAI_API_KEY"),
    Option("--interval", "S", "seconds between two looks at a young task (default 5, at least 2)"),
    Option("--theme", "NAME", "the colours; ecovai-tui themes lists them"),
    Option("--watchlist", "FILE", "use this watch list"),
    Option("--ascii", "", "draw signs and lines in plain ASCII; titles stay as they are"),
    Option("--no-mouse", "", "leave the mouse to the terminal"),
    Option("--slow-link", "", "send as little as possible to the terminal"),
    Option("--log", "FILE", "write what happens to this file; the key is never in it"),
)

_OPTIONS_WITH_VALUE = frozenset(option.flag for option in OPTIONS if option.metavar)


def add_options(parser: ArgumentParser) -> None:
    """Declare the shared options, in a group of their own."""
    group = parser.add_argument_group("options of every command")
    for option in OPTIONS:
        if option.metavar:
            kind = float if option.name == "interval" else str
            group.add_argument(option.flag, metavar=option.metavar, type=kind, help=option.meaning)
        else:
            group.add_argument(option.flag, action="store_true", help=option.meaning)


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
