"""The terminal driver of the program: it sleeps until something is typed, where Textual's looks ten times a second.

In a pane that stays open for days, that looking is most of what a program at rest costs. What is read goes through the
grammar of the program (``terminal.reading``), not through Textual's parser, which raises on some of it, and takes much
for keys that is none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from selectors import EVENT_READ, SelectSelector
from threading import Event
from typing import TYPE_CHECKING

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from ecovai_tui.terminal.capabilities import is_ssh
from ecovai_tui.terminal.link import escape_delay
from ecovai_tui.terminal.reading import Reader, Token
from ecovai_tui.tui.translation import Translator

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
    """Wakes for input, once more where silence means something, and when the terminal is given back."""

    exit_event: Alarm

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.exit_event = Alarm()
        self._reader = Reader()
        self.know_round_trip(None)

    def know_round_trip(self, seconds: float | None) -> None:
        """Let an escape wait as long as the line needs that has this round trip, None for one not measured."""
        usual = constants.ESCAPE_DELAY
        self._reader.escape_delay = escape_delay(usual, ssh=is_ssh(os.environ), round_trip=seconds)

    def run_input_thread(self) -> None:
        """Hand on what is typed; raise OSError where the terminal is gone."""
        translator = Translator()
        for tokens in self._typed():
            for message in translator.messages(tokens):
                self.process_message(message)

    def _run_input_thread(self) -> None:
        """Let a fault of the thread end the program as every other does, not as Textual would."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  # it is raised again where errors are dealt with
            self._app.call_later(_raise, error)

    def _query_in_band_window_resize(self) -> None:
        """Do not ask for it: the kernel tells every resize, and reports could only say something else."""

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the terminal's own size, whatever COLUMNS and LINES say."""
        for file in (self.fileno, 1, 2):
            try:
                width, height = os.get_terminal_size(file)
            except OSError:
                continue
            if width and height:
                return width, height
        return super()._get_terminal_size()

    def _typed(self) -> Iterator[Sequence[Token]]:
        """Yield what comes in each read, and what it means that nothing more came."""
        reader = self._reader
        with SelectSelector() as selector:
            selector.register(self.exit_event.file, EVENT_READ)
            selector.register(self.fileno, EVENT_READ)
            while not self.exit_event.is_set():
                deadline = reader.deadline
                ready = [
                    key.fd
                    for key, _ in selector.select(None if deadline is None else max(0.0, deadline - time.monotonic()))
                ]
                if self.fileno in ready:
                    if not (data := os.read(self.fileno, READ_AT_ONCE)):
                        return
                    yield reader.feed(data, time.monotonic())
                elif not ready:
                    yield reader.tick(time.monotonic())
            selector.unregister(self.exit_event.file)
            if selector.select(LAST_WORDS):
                os.read(self.fileno, READ_AT_ONCE)


def _raise(error: Exception) -> None:
    raise error
