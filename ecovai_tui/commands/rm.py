"""``ecovai-tui rm``: take ids off the watch list."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence

from ecovai_tui.commands.shared.command_line import UsageError, find_place
from ecovai_tui.commands.shared.output import ExitCode, counted, say
from ecovai_tui.commands.shared.target_ids import ids_listed, ids_of_word
from ecovai_tui.language import later, tr
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.text import clean_line

EXAMPLES = later("""
examples:
  ecovai-tui rm 346c5d10-a4a1-4f49-a851-66a7dae6cfaf
  ecovai-tui rm --undo

The tasks themselves stay at the gateway. For 24 hours a removal can be undone,
here or by u in the monitor.
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("ids", metavar="ID", nargs="*", help=tr("an id on the watch list"))
    parser.add_argument("--undo", action="store_true", help=tr("put the ids of the last removal back"))


def run(arguments: Namespace) -> ExitCode:
    """Remove the ids; one that was not there is reported, and ends in exit code 2."""
    watch_list = WatchListFile(find_place(arguments).watch_list)
    if arguments.undo and not arguments.ids:
        restored = watch_list.undo(time.time())
        say(
            counted(restored, later("put back: {id}"), later("put back: {n} ids"))
            or tr("nothing was removed within the last 24 hours")
        )
        return ExitCode.WELL if restored else ExitCode.USAGE
    asked = list(dict.fromkeys(_ids_asked(arguments.ids, watch_list)))
    if not asked or arguments.undo:
        say(tr('ecovai-tui: Which task? Give ids, or --undo alone. Try "ecovai-tui rm --help".'))
        return ExitCode.USAGE
    removed = watch_list.remove(asked, time.time())
    if removed:
        say(counted(removed, later("removed: {id}"), later("removed: {n} ids")))
    absent = those_absent(asked, removed)
    if absent:
        names = [clean_line(name) for name in absent]
        say(counted(names, later("not on the watch list: {id}"), later("not on the watch list: {n} ids")))
    return ExitCode.USAGE if absent else ExitCode.WELL


def _ids_asked(words: Sequence[str], watch_list: WatchListFile) -> Iterator[str]:
    """Yield the ids that the words name; one that can be none is reported as absent."""
    listed = ids_listed(words, watch_list.path)
    for word in words:
        try:
            yield from [word] if word in listed else ids_of_word(word, listed=listed)
        except UsageError:
            yield word


def those_absent(asked: Sequence[str], removed: Iterable[str]) -> list[str]:
    """Return the ids that could not be removed."""
    gone = frozenset(removed)
    return [name for name in asked if name not in gone]
