"""What a terminal can say: everything that is read becomes one of these, or nothing."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Key(NamedTuple):
    """A key by the name that ``[keys]`` in the settings has for it: its character, or such as ``ctrl+d``."""

    name: str
    character: str | None = None
    """What it types, None for nothing."""


class Text(NamedTuple):
    """Characters that came in one read, with tabs and line ends: typed keys, or a paste without brackets."""

    text: str
    damaged: bool = False
    """Whether bytes nearby were no UTF-8: text of another encoding, of which no character can be meant as a key."""


class EscapeThen(NamedTuple):
    """An escape and a key right behind it: these two keys, or that key with alt; terminals send both alike."""

    key: Key
    at_once: bool
    """Whether both came in one read."""


class Mouse(NamedTuple):
    """A report of the mouse in xterm's SGR form; the cell is counted from 0."""

    buttons: int
    x: int
    y: int
    released: bool


class Focus(NamedTuple):
    """The terminal's window got or lost the focus."""

    gained: bool


class Paste(NamedTuple):
    """A pasted text that came in brackets."""

    text: str


class CursorAt(NamedTuple):
    """Where the cursor is, as the program asked; the cell is counted from 0."""

    x: int
    y: int


class Synchronizes(NamedTuple):
    """The terminal can paint a whole frame at once (mode 2026), as the program asked."""


class Ignored(NamedTuple):
    """Something that is no key: it does nothing."""

    what: str
    """Its kind, in printable ASCII, such as ``OSC 11``."""
    late: bool = False
    """Whether its beginning came so long before that it was taken for the escape key."""


Token: TypeAlias = Key | Text | EscapeThen | Mouse | Focus | Paste | CursorAt | Synchronizes | Ignored
