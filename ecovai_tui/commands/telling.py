"""Telling of work that goes on though nobody listens any more."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from ecovai_tui.commands.output import on_terminal, say, silence, write_now


class Telling:
    """Writes to each standard stream as long as it has a reader, and remembers that one has gone.

    For a command whose work matters more than what it prints: ``| head -1`` must not lose what comes behind.
    """

    def __init__(self) -> None:
        self.reader_has_gone = False

    def tell(self, text: str) -> None:
        """Tell the human something that is not data."""
        with self._heeding(sys.stderr):
            say(text)

    def hand_on(self, lines: Iterable[str]) -> None:
        """Write lines of data at once, unless a terminal is there in place of a program that takes them."""
        if on_terminal(sys.stdout):
            return
        with self._heeding(sys.stdout):
            for line in lines:
                write_now(line)

    @contextmanager
    def _heeding(self, stream: TextIO) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            silence(stream)
            self.reader_has_gone = True
