"""``ecovai-tui add``: put ids on the watch list."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from ecovai_tui.commands.shared.command_line import UsageError, find_place
from ecovai_tui.commands.shared.ids import IdFinder
from ecovai_tui.commands.shared.output import ExitCode, counted, on_terminal, say, silence, write_now
from ecovai_tui.commands.shared.target_ids import STANDARD_INPUT, ids_of_word, refused, unreadable_input, whole_lines
from ecovai_tui.language import clauses, later, tr
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.families import DEFAULT_FAMILY, families_resembling, family_of, undecided_in
from ecovai_tui.tasks.model import is_id
from ecovai_tui.tasks.text import clean_line


class RobustOutput:
    """Writes to each standard stream as long as it takes anything, and remembers that one does not any more.

    For a command whose work matters more than what it prints: neither ``| head -1`` nor a full disk must lose what
    comes behind.
    """

    def __init__(self) -> None:
        self.reader_has_gone = False
        self._trouble: OSError | None = None

    def report(self, text: str) -> None:
        """Tell the human something that is not data."""
        with self._watching(sys.stderr):
            say(text)

    def pass_on(self, lines: Iterable[str]) -> None:
        """Write lines of data at once, unless a terminal is there in place of a program that takes them."""
        if on_terminal(sys.stdout):
            return
        with self._watching(sys.stdout):
            for line in lines:
                write_now(line)

    def end(self) -> None:
        """Raise what has kept the data from being written, once the work is done."""
        if self._trouble is not None:
            raise self._trouble

    @contextmanager
    def _watching(self, stream: TextIO) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            silence(stream)
            self.reader_has_gone = True
        except OSError as error:
            silence(stream)
            self._trouble = error


EXAMPLES = later("""
examples:
  ecovai-tui add 346c5d10-a4a1-4f49-a851-66a7dae6cfaf --label "edm test"
  ecovai-tui add midjourney:1730000000123456 kling/text2video:827000000000000001
  curl … /suno/submit/music … | ecovai-tui add -
  ecovai-tui add - < submit.log

What is piped in may be ids, replies of the gateway, JSON, or log lines. The ids
found go to standard output, unless that is a terminal.

An id alone is a song's, or that of any row of the gateway's table of tasks.
Others bear their family, which a reply or a path in a log tells by itself:
  midjourney: openai-video: kling/text2video: runway: luma: flux:
""")

_CHUNK = 65_536


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("ids", metavar="ID", nargs="*", help=tr("an id, or - to find ids in standard input"))
    parser.add_argument(
        "--any-shape", action="store_true", help=tr("take also what looks like something else: null, a.log")
    )
    parser.add_argument("--label", metavar="TEXT", default="", help=tr("a note of your own on these tasks"))


def run(arguments: Namespace) -> ExitCode:
    """Add the ids, those that are piped in as they come."""
    words: list[str] = arguments.ids
    piped = STANDARD_INPUT in words or (not words and not on_terminal(sys.stdin))
    try:
        watch_list = WatchListFile(find_place(arguments).watch_list)
    except SettingsError:
        if piped:
            _name_what_is_not_added()
        raise
    spoken = [word for word in words if word != STANDARD_INPUT]
    named = dict.fromkeys(found for word in spoken for found in ids_of_word(word, any_shape=arguments.any_shape))
    if not named and not piped:
        raise UsageError(tr('Which task? Give an id, or pipe something with ids in it. Try "ecovai-tui add --help".'))
    label = clean_line(arguments.label)
    output = RobustOutput()
    finder = IdFinder(any_shape=arguments.any_shape)
    found = _add(watch_list, named, label, output, "\n".join(spoken))
    for ids, text in _piped_ids(finder) if piped else ():
        found += _add(watch_list, ids, label, output, text)
    if not found and not finder.refusals:
        say(tr("No id was found in what was piped in."))
        return ExitCode.USAGE
    output.end()
    if finder.refusals:
        raise refused(finder.refusals)
    return ExitCode.PIPE_CLOSED if output.reader_has_gone else ExitCode.WELL


def _name_what_is_not_added() -> None:
    """Say which ids were piped in: a reply that is paid for comes but once, and nobody may have kept it."""
    if ids := dict.fromkeys(found for part, _ in _piped_ids(IdFinder()) for found in part):
        say(tr("Not added: {ids}", ids=" ".join(ids)))


def _piped_ids(finder: IdFinder) -> Iterator[tuple[list[str], str]]:
    """Yield the ids on standard input, all that came in one piece at once, and the end of the text they stood in."""
    text = ""
    for text in whole_lines(_pieces()):
        yield list(dict.fromkeys(filter(is_id, finder.feed(text)))), text
    yield list(dict.fromkeys(filter(is_id, finder.close()))), text


def _pieces() -> Iterator[bytes]:
    """Yield standard input as it comes."""
    descriptor = sys.stdin.fileno()
    while piece := _next_piece(descriptor):
        yield piece


def _next_piece(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError as error:
        raise unreadable_input(error) from None


def _add(watch_list: WatchListFile, ids: Iterable[str], label: str, output: RobustOutput, text: str) -> int:
    """Add ids that stood in a text, tell the human, hand the ids on, and return how many they were."""
    asked = list(ids)
    if not asked:
        return 0
    added = watch_list.add(asked, label=label, now=time.time())
    already = counted(added.already, later("already there: {id}"), later("already there: {n} ids"))
    output.report(clauses(_new(added.new), already))
    if guess := _guessed(added.new, text):
        output.report(guess)
    output.pass_on(asked)
    return len(asked)


def _new(ids: Sequence[str]) -> str:
    """Return in words how many ids are new, and of which families where that is not plain."""
    families = Counter(map(family_of, ids))
    told = counted(ids, later("added: {id}"), later("added: {n} ids"))
    if len(ids) < 2 or families.keys() <= {DEFAULT_FAMILY}:  # noqa: PLR2004 - the id itself tells it
        return told
    return f"{told} ({', '.join(f'{number} {family}' for family, number in families.items())})"


def _guessed(ids: Sequence[str], text: str) -> str:
    """Return what an id was taken for that may be another family's, and how to say otherwise; "" where none is."""
    name = undecided_in(ids, text)
    if not name:
        return ""
    families = families_resembling(name)
    told = later("{id} is taken for {default}. If another family ({families}) made it: ecovai-tui add {family}:{id}")
    return tr(told, id=name, default=DEFAULT_FAMILY, families=tr(", ").join(families), family=families[0])
