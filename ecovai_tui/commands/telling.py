"""Telling of work that goes on though nobody listens any more."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from ecovai_tui.commands.output import on_terminal, say, silence, write_now


class Telling:
    """Writes to each standard stream as long as it takes anything, and remembers that one does not any more.

    For a command whose work matters more than what it prints: neither ``| head -1`` nor a full disk must lose what
    comes behind.
    """

    def __init__(self) -> None:
        self.reader_has_gone = False
        self._trouble: OSError | None = None

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

    def end(self) -> None:
        """Raise what has kept the data from being written, once the work is done."""
        if self._trouble is not None:
            raise self._trouble

    @contextmanager
    def _heeding(self, stream: TextIO) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            silence(stream)
            self.reader_has_gone = True
        except OSError as error:
            silence(stream)
            self._trouble = error
