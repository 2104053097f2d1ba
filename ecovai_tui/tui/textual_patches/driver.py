"""The terminal driver of the program: it sleeps until something is typed, where Textual's polls ten times a second.

In a pane that stays open for days, that polling is most of what a program at rest costs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from selectors import EVENT_READ, SelectSelector
from threading import Event
from typing import TYPE_CHECKING

from textual import constants, events, messages, screen
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import _character_to_key
from textual.message import Message

from ecovai_tui.terminal.capabilities import is_ssh
from ecovai_tui.terminal.reading.key_codes import (
    Answer,
    CursorAt,
    EscapeThen,
    Focus,
    Ignored,
    Key,
    Mouse,
    Paste,
    Text,
    Token,
    character_key,
)
from ecovai_tui.terminal.reading.parser import Reader
from ecovai_tui.terminal.sequences import escape_delay
from ecovai_tui.tui.textual_patches.ansi_writer import RESET

if TYPE_CHECKING:
    from textual.app import App


class TypedText(events.Event):
    """Text that came in one read together with more: it belongs to one field, or its characters are keys."""

    def __init__(self, text: str, *, read: int, damaged: bool) -> None:
        super().__init__()
        self.text = text
        self.read = read
        """The number of the read."""
        self.damaged = damaged
        """Whether no character of it can be meant as a key."""


class TypedBehindEscape(events.Event):
    """A key right behind an escape, ``at_once`` in one read with it."""

    def __init__(self, key: Key, *, at_once: bool) -> None:
        super().__init__()
        self.key = key
        self.at_once = at_once


class TerminalAnswer(events.Event):
    """The terminal answered a question of the program's about what it can do."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class NoKey(events.Event):
    """The terminal sent something that is no key: all of it that came in one read, up to something else."""

    def __init__(self, ignored: Sequence[Ignored]) -> None:
        super().__init__()
        self.ignored = ignored


_WHEEL = (events.MouseScrollUp, events.MouseScrollDown, events.MouseScrollLeft, events.MouseScrollRight)
_SHIFT, _META, _CTRL, _MOVED, _TURNED = 4, 8, 16, 32, 64
"""Bits of a report of the mouse."""


def key_event(key: Key) -> events.Key:
    """Return a key as Textual names it."""
    return events.Key(_character_to_key(key.name) if len(key.name) == 1 else key.name, key.character)


class Translator:
    """Knows where the mouse was, and counts the reads."""

    def __init__(self) -> None:
        self._place = (0, 0)
        self._reads = count()

    def messages(self, tokens: Sequence[Token]) -> Iterator[Message]:
        """Yield what the tokens of one read are to Textual."""
        read = next(self._reads)
        match tokens:
            case [Text(text, damaged=False)] if len(text) == 1:
                yield key_event(character_key(text))
            case _:
                for ignored, together in groupby(tokens, lambda token: isinstance(token, Ignored)):
                    if ignored:
                        yield NoKey([token for token in together if isinstance(token, Ignored)])
                    else:
                        yield from (self._message(token, read) for token in together)

    def _message(self, token: Token, read: int) -> Message:
        match token:
            case Key():
                return key_event(token)
            case Text(text, damaged):
                return TypedText(text, read=read, damaged=damaged)
            case EscapeThen(key, at_once):
                return TypedBehindEscape(key, at_once=at_once)
        return self._report(token)

    def _report(self, report: Token) -> Message:
        match report:
            case Mouse():
                return self._mouse(report)
            case Focus(gained):
                return events.AppFocus() if gained else events.AppBlur()
            case Paste(text):
                return events.Paste(text)
            case CursorAt(x, y):
                return events.CursorPosition(x, y)
            case Answer(text):
                return TerminalAnswer(text)
        return messages.TerminalSupportsSynchronizedOutput()

    def _mouse(self, mouse: Mouse) -> events.MouseEvent:
        before, self._place = self._place, (mouse.x, mouse.y)
        kind, button = _kind(mouse)
        return kind(
            None,
            x=mouse.x,
            y=mouse.y,
            delta_x=mouse.x - before[0],
            delta_y=mouse.y - before[1],
            button=button,
            shift=bool(mouse.buttons & _SHIFT),
            meta=bool(mouse.buttons & _META),
            ctrl=bool(mouse.buttons & _CTRL),
            screen_x=mouse.x,
            screen_y=mouse.y,
        )


def _kind(mouse: Mouse) -> tuple[type[events.MouseEvent], int]:
    """Return which event it is, and the button: 1 left, 2 middle, 3 right, 0 none."""
    if mouse.buttons & _TURNED:
        return _WHEEL[mouse.buttons & 3], 0
    button = (mouse.buttons + 1) & 3
    if mouse.buttons & _MOVED or not button:
        return events.MouseMove, button
    return (events.MouseUp if mouse.released else events.MouseDown), button


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
        self._reader = Reader(escape_delay(constants.ESCAPE_DELAY, ssh=is_ssh(os.environ)))

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

    def stop_application_mode(self) -> None:
        """Give the terminal back with plain looks, whatever was drawn last."""
        self.write(RESET)
        super().stop_application_mode()

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


def limit_frames(per_second: int) -> None:
    """Let every screen that comes paint only so often: Textual reads its own limit before options of ours are known."""
    setattr(screen, "UPDATE_PERIOD", 1 / per_second)  # noqa: B010  # a constant to type-checkers
