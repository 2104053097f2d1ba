"""What a terminal can say, and the forms of it: its characters, what begins a sequence and what ends it."""

import re
from codecs import getincrementaldecoder
from types import MappingProxyType
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


class Answer(NamedTuple):
    """What the terminal answered when asked for its name, its attributes, its graphics, or the size of a cell."""

    text: str
    """The sequence, without what ends a string."""


class Ignored(NamedTuple):
    """Something that is no key: it does nothing."""

    what: str
    """Its kind, in printable ASCII, such as ``OSC 11``."""
    late: bool = False
    """Whether its beginning came so long before that it was taken for the escape key."""


Token: TypeAlias = Key | Text | EscapeThen | Mouse | Focus | Paste | CursorAt | Synchronizes | Answer | Ignored


PATIENCE = 3.0
"""Seconds for which the other bytes of a character are waited for."""

_CONTINUES = range(0x80, 0xC0)


class Characters:
    """Decodes UTF-8; what is no UTF-8 is handed on byte by byte (surrogateescape)."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")

    @property
    def wait(self) -> float:
        """The seconds for which another byte is waited for, 0 where none is."""
        return PATIENCE if self._decoder.getstate()[0] else 0.0

    def decode(self, data: bytes) -> str:
        """Return the characters that are whole."""
        return self._decoder.decode(data)

    def cut_off(self, data: bytes = b"") -> str:
        """Return the bytes that came of a character, if this is not how it goes on."""
        if not self.wait or (data[:1] and data[0] in _CONTINUES):
            return ""
        rest = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return rest


ESCAPE = "\x1b"
CSI = "\x1b["
PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
X10_MOUSE = "\x1b[M"
"""Begins a report of the mouse in the oldest form: three characters follow."""

STRINGS = MappingProxyType({"]": "OSC", "P": "DCS", "X": "SOS", "^": "PM", "_": "APC"})
INTRODUCERS = frozenset("[O") | STRINGS.keys()
"""What begins a sequence behind an escape."""

EIGHT_BIT = MappingProxyType(
    {chr(base + ord(letter) - 0x40): letter for letter in INTRODUCERS for base in (0x80, 0xDC80)}
)
"""The same as one control of eight bits (C1), in UTF-8 or as the bare byte."""

BAD = "[\udc80-\udcff]"
"""A byte that is no UTF-8, as Python's surrogateescape gives it."""

RUN = f"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{''.join(EIGHT_BIT)}]+"
"""Text, with tabs and line ends."""

PARTS = "[^\udc80-\udcff]+|[\udc80-\udcff][^\t\n\r -?]*|[\t\n\r -?]+"
"""Text up to the first byte that is no UTF-8, and from there on in parts of which only some can be keys."""

NO_SECOND_BYTES = "[\t\n\r -?]+"
"""Characters that are no second byte in GBK, Big5 or Shift JIS."""

INSIDE = "[ -?]*"
"""Parameters and intermediates of a sequence."""

OSC_END = "\x07|\x1b\\\\|\x9c|\udc9c"
STRING_END = "\x1b\\\\|\x9c|\udc9c"

_BEHIND_ESCAPE = (
    r"\x1b\[(?:[<=>?]?[0-9][0-9;:]*(?:[ -/]*[@-~]|$)|[<=>?](?:[ -/]*[@-~]|$)|[A-FHIOPQRSZ]|\[[A-E]|M)"
    r"|\x1bO[A-DFHMP-Sj-y]"
    r"|\x1b\]\d{1,4}(?:[;\x07\x1b]|$)|\x1bP[0-9;]*[>$+!=|]|\x1b_G"
    r"|\x1b[]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_REST_OF_CSI = "[0-9;:]+[ -/]*[@-~]"
_REST_OF_STRING = "[^\x07\x1b]*(?:\x07|\x1b\\\\)"
_KIND = r"\x1b[\[O]([<=>?]?)[0-9;:]*([ -/]*[@-~]?)$"
_OSC = r"\x1b\](\d{1,4})(?![0-9])"


_ANSWER = r"\x1b\[(?:\?[0-9;]*c|6;[0-9]+;[0-9]+t)|\x1bP>\|.*|\x1b_G.*"


def as_answer(sequence: str) -> Answer | None:
    """Return a sequence as what the terminal answered, None where it is nothing of that kind."""
    return Answer(sequence) if re.fullmatch(_ANSWER, sequence) else None


def is_rest(given_up: str, text: str) -> bool:
    """Return whether what came in one read can only be the rest of a sequence whose beginning was given up before.

    One character alone never is: it may be a key.
    """
    if len(text) < 2:  # noqa: PLR2004  # one character
        return False
    if len(given_up) <= len(CSI):
        return re.match(_BEHIND_ESCAPE, given_up + text) is not None
    form = _REST_OF_STRING if given_up[1] in STRINGS else _REST_OF_CSI
    return re.match(form, text) is not None


def kind(sequence: str) -> str:
    """Return what kind of sequence it is, without its content: ``OSC 11``, ``CSI ?c``."""
    if sequence[1:2] in STRINGS:
        number = re.match(_OSC, sequence)
        return f"OSC {number[1]}" if number else STRINGS[sequence[1]]
    name = "SS3" if sequence[1:2] == "O" else "CSI"
    found = re.match(_KIND, sequence)
    return f"{name} {found[1]}{found[2]}".strip() if found else name


def pasted(text: str) -> str:
    """Return a pasted text with a replacement character for each byte that is no UTF-8, and without NUL."""
    return re.sub(BAD, "\ufffd", text).replace("\x00", "")


def unfinished(text: str, end: str) -> int:
    """Return how many characters at the end of a text may be the beginning of what ends it."""
    lengths = range(min(len(end) - 1, len(text)), 0, -1)
    return next((length for length in lengths if end.startswith(text[-length:])), 0)
