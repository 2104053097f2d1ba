"""Which tasks a command is about: the ids it was given, those piped in, or the whole watch list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ecovai_tui.commands.asking import read_settings
from ecovai_tui.commands.ids import find_ids, unique
from ecovai_tui.commands.parser import UsageError
from ecovai_tui.commands.piped import whole_lines
from ecovai_tui.store.watchlist import WatchListFile, is_id
from ecovai_tui.tasks.text import clean_line

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from ecovai_tui.store.paths import Paths
    from ecovai_tui.store.settings import Settings

STANDARD_INPUT = "-"


def add_ids_argument(parser: ArgumentParser) -> None:
    """Declare the ids of a command that falls back on the watch list."""
    meaning = "an id, or - to find ids in standard input (default: the whole watch list)"
    parser.add_argument("ids", metavar="ID", nargs="*", help=meaning)


def chosen_ids(words: Sequence[str], watch_list: Path) -> tuple[str, ...]:
    """Return the ids that the words name, each once; raises UsageError and StoreError."""
    if not words:
        return WatchListFile(watch_list).read().ids
    ids = [found for word in words for found in (_piped_ids() if word == STANDARD_INPUT else [checked_id(word)])]
    if not ids:
        raise UsageError("No id was found in what was piped in.")
    return tuple(unique(ids))


def settings_and_ids(arguments: Namespace, paths: Paths) -> tuple[Settings, tuple[str, ...]]:
    """Return what a command that asks begins with: how to ask, and for which tasks; raises what reading these does."""
    settings = read_settings(arguments, paths)
    return settings, chosen_ids(arguments.ids, settings.watchlist)


def checked_id(word: str) -> str:
    """Return the word if it can be an id; raises UsageError."""
    if is_id(word):
        return word
    shown = clean_line(word)
    raise UsageError(f'"{shown}" cannot be an id: an id is 1 to 191 visible ASCII characters and begins with no "-".')


def unreadable_input(error: OSError) -> UsageError:
    """Return what to raise when standard input cannot be read."""
    return UsageError(f"Standard input cannot be read: {error.strerror or error}.")


def _piped_ids() -> list[str]:
    try:
        text = "".join(whole_lines([sys.stdin.buffer.read()]))
    except OSError as error:
        raise unreadable_input(error) from None
    return [found for found in find_ids(text) if is_id(found)]
