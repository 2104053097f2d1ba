"""What is typed means one thing in a field that takes text, and another where its characters are keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from textual import events
from textual.widget import Widget

from ecovai_tui.tasks.text import clean_text
from ecovai_tui.terminal.reading.sequences import character_key
from ecovai_tui.tui.keyboard import spelled
from ecovai_tui.tui.translation import TypedBehindEscape, TypedText, key_event

Plain = events.Key | events.Paste | events.MouseDown | events.MouseUp
"""What a widget takes."""

WORDS = MappingProxyType({"b": "ctrl+left", "f": "ctrl+right", "backspace": "ctrl+w"})
"""What alt and a key do in a field: terminals send them also for option and an arrow."""

BAD_BYTES = "bytes that are no UTF-8"
LEFT_OVER = "text behind the line that a field took"


def takes_text(widget: Widget | None) -> bool:
    """Return whether characters are text there."""
    return widget is not None and widget.check_consume_key("a", "a")


class Meaning:
    """Remembers which field the text of a read belongs to: the one that had the focus when it began."""

    def __init__(
        self, focused: Callable[[], Widget | None], is_bound: Callable[[str], bool], ignore: Callable[[str], None]
    ) -> None:
        """``is_bound`` tells whether a key such as ``alt+x`` does something; ``ignore`` is told what does nothing."""
        self._focused = focused
        self._is_bound = is_bound
        self._ignore = ignore
        self._read: int | None = None
        self._owner: Widget | None = None

    def of(self, typed: TypedText | TypedBehindEscape) -> Sequence[Plain]:
        """Return the keys, or the text for a field."""
        return self._text(typed) if isinstance(typed, TypedText) else self._behind_escape(typed)

    def _text(self, typed: TypedText) -> Sequence[Plain]:
        focused = self._focused()
        if typed.read != self._read:
            self._read, self._owner = typed.read, focused if takes_text(focused) else None
        if self._owner is None and not typed.damaged:
            return [key_event(character_key(character)) for character in typed.text]
        if self._owner is None or self._owner is not focused:
            self._ignore(BAD_BYTES if typed.damaged else LEFT_OVER)
            return ()
        return _in_field(typed.text)

    def _behind_escape(self, typed: TypedBehindEscape) -> Sequence[Plain]:
        key, self._read = typed.key, None  # what comes behind it goes where the escape leads
        alt = f"alt+{spelled(key.name, key.character)}"
        if self._is_bound(alt):
            return [events.Key(alt, None)]
        if typed.at_once and key.name in WORDS and takes_text(self._focused()):
            return [events.Key(WORDS[key.name], None)]
        return [events.Key("escape", "\x1b"), key_event(key)]


def _in_field(text: str) -> list[Plain]:
    """Return text for a field; a line end that ends it is the enter key."""
    body = text.removesuffix("\n").removesuffix("\r")
    events_of_it: list[Plain] = [events.Paste(clean_text(body, len(body)))] if body else []
    return events_of_it if body == text else [*events_of_it, events.Key("enter", "\r")]
