"""The terminal driver of the program: it sleeps until something is typed, where Textual's looks ten times a second.

In a pane that stays open for days, that looking is most of what a program at rest costs.
"""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Iterator
from selectors import EVENT_READ, SelectSelector
from threading import Event
from typing import TYPE_CHECKING

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

LAST_WORDS = 0.1
"""Seconds in which the terminal may finish what it says when it is given back, so that the shell does not get it."""

READ_AT_ONCE = 4096
"""Bytes."""


class Alarm(Event):
    """An event that wakes also who sleeps until a file can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.file, self._bell = os.pipe()

    def set(self) -> None:
        """Set it, and give the file something to read."""
        super().set()
        os.write(self._bell, b"!")

    def clear(self) -> None:
        """Take both back."""
        super().clear()
        os.read(self.file, 1)


class SleepingDriver(LinuxDriver):
    """Wakes for input, once more where the escape key may have been all of it, and when the terminal is given back."""

    exit_event: Alarm

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.exit_event = Alarm()

    def run_input_thread(self) -> None:
        """Hand on what is typed; raise OSError where the terminal is gone."""
        parser = XTermParser(self._debug)
        for text in self._typed():
            for message in parser.feed(text) if text else ():
                self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _typed(self) -> Iterator[str]:
        """Yield what is typed, and "" after a moment in which nothing followed."""
        decode = getincrementaldecoder("utf-8")().decode
        with SelectSelector() as selector:
            selector.register(self.exit_event.file, EVENT_READ)
            selector.register(self.fileno, EVENT_READ)
            patience: float | None = None
            while not self.exit_event.is_set():
                ready = [key.fd for key, _ in selector.select(patience)]
                patience = None
                if self.fileno in ready:
                    if not (data := os.read(self.fileno, READ_AT_ONCE)):
                        return
                    patience = constants.ESCAPE_DELAY
                    yield decode(data)
                elif not ready:
                    yield ""
            selector.unregister(self.exit_event.file)
            if selector.select(LAST_WORDS):
                yield decode(os.read(self.fileno, READ_AT_ONCE))
