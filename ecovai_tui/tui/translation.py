"""From what a terminal said to Textual's messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, groupby

from textual import events, messages
from textual.keys import _character_to_key
from textual.message import Message

from ecovai_tui.terminal.reading import (
    CursorAt,
    EscapeThen,
    Focus,
    Ignored,
    Key,
    Mouse,
    Paste,
    Text,
    Token,
)
from ecovai_tui.terminal.reading.sequences import character_key


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
