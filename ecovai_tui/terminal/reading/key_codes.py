"""What a terminal sends, cut into tokens, and the keys that sequences stand for."""

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


CSI, SS3 = "\x1b[", "\x1bO"

_LETTERS = MappingProxyType(
    {"A": "up", "B": "down", "C": "right", "D": "left", "F": "end", "H": "home"}
    | {"P": "f1", "Q": "f2", "R": "f3", "S": "f4", "M": "enter", "Z": "shift+tab"}
)
"""Keys that end in a letter."""

_NUMBERS = MappingProxyType(
    {1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end"}
    | dict(zip((11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24), (f"f{n}" for n in range(1, 13)), strict=True))
    | dict(zip((25, 26, 28, 29, 31, 32, 33, 34), (f"f{n}" for n in range(13, 21)), strict=True))
)
"""Keys that end in a tilde; in rxvt in ``^`` with ctrl and in ``@`` with ctrl and shift."""

_CODES = MappingProxyType(
    {9: "tab", 13: "enter", 27: "escape", 127: "backspace"}
    | {57376 + n: f"f{13 + n}" for n in range(12)}
    | dict(
        zip(
            range(57414, 57427),
            ("enter", "=", ",", "left", "right", "up", "down", "pageup", "pagedown", "home", "end", "insert", "delete"),
            strict=True,
        )
    )
    | dict(zip(range(57399, 57414), "0123456789./*-+", strict=True))
)
"""Keys of kitty's protocol that are no characters of their own."""

_KITTY_ONLY = range(57344, 63744)
"""Codes that are keys without a use here: media keys, and shift or ctrl alone."""

_TYPED = MappingProxyType({"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b"})
_BY_NAME = MappingProxyType({" ": "space", ",": "comma"})
_CONTROLS = MappingProxyType(
    {"\r": "enter", "\t": "tab", "\x7f": "backspace", "\x08": "backspace", "\x1b": "escape", "\x00": "ctrl+@"}
    | {chr(code): f"ctrl+{chr(code + 96)}" for code in range(1, 27) if chr(code) not in "\b\t\r"}
    | {"\x1c": "ctrl+\\", "\x1d": "ctrl+]", "\x1e": "ctrl+^", "\x1f": "ctrl+_"}
)
_KEYPAD = MappingProxyType(dict(zip("jklmnopqrstuvwxy", "*+,-./0123456789", strict=True)))
"""The keypad in application mode, after SS3."""

_XTERMS_OTHER = 27
"""The number under which xterm and tmux send keys that they have no sequence for: ``CSI 27 ; modifiers ; code ~``."""

_RXVT = MappingProxyType({"a": "up", "b": "down", "c": "right", "d": "left"})
_CTRL_ARROWS = 5
"""Old terminals send ``CSI 5 A`` for ctrl and an arrow."""

_MODIFIERS = ("shift", "alt", "ctrl", "super", "hyper", "meta")
_LOCKS = 64 | 128
"""Bits of caps lock and num lock."""

_PRESSED, _RELEASED = 1, 3
_MOST_MODIFIERS = 256
_MOST_BUTTONS = 127
"""Buttons above belong to the sides of a mouse, which the program knows nothing of."""

_FORM = r"\x1b\[([<=>?]?)([0-9:;]{0,40})([ -/]{0,4})([@-~])"
_SS3_FORM = r"\x1bO([@-~])"
_CONSOLE_FORM = r"\x1b\[\[([A-E])"
_PAIR = r"(\d{1,5});(\d{1,5})"
_TRIPLE = r"(\d{1,5});(\d{1,5});(\d{1,5})"
_KEY_FORM = (
    r"(?P<code>\d{0,8})(?::\d{0,8}){0,2}"
    r"(?:;(?P<modifiers>\d{0,4})(?::(?P<event>\d?))?(?:;(?P<text>\d{0,8}(?::\d{1,8}){0,16}))?)?"
)


def character_key(character: str) -> Key:
    """Return the key that types a character, or that sends a control."""
    return Key(_CONTROLS.get(character, character), character)


def meaning(sequence: str) -> Token | None:
    """Return what a complete CSI or SS3 sequence is; None for a key that does nothing, such as one let go of."""
    if found := re.fullmatch(_SS3_FORM, sequence):
        return _ss3_key(found[1]) or Ignored(f"SS3 {found[1]}")
    if found := re.fullmatch(_CONSOLE_FORM, sequence):
        return Key(f"f{ord(found[1]) - ord('A') + 1}")
    if found := re.fullmatch(_FORM, sequence):
        return _csi(*found.groups())
    return Ignored("CSI")


def _csi(prefix: str, parameters: str, between: str, final: str) -> Token | None:
    ignored = Ignored(f"CSI {prefix}{between}{final}")
    match prefix, between, final:
        case "", "", _:
            return _report(parameters, final) if final in "IOR" else _key(parameters, final, ignored)
        case "<", "", "M" | "m":
            return _mouse(parameters, released=final == "m") or ignored
        case "?", "$", "y" if parameters in {"2026;1", "2026;2", "2026;3"}:
            return Synchronizes()
    return ignored


def _report(parameters: str, final: str) -> Token:
    if final != "R" and not parameters:
        return Focus(final == "I")
    if final == "R" and not parameters:
        return Key("f3")
    if final == "R" and (found := re.fullmatch(_PAIR, parameters)) and int(found[1]) and int(found[2]):
        return CursorAt(int(found[2]) - 1, int(found[1]) - 1)
    return Ignored(f"CSI {final}")


def _mouse(parameters: str, *, released: bool) -> Mouse | None:
    found = re.fullmatch(_TRIPLE, parameters)
    if not found:
        return None
    buttons, column, row = map(int, found.groups())
    if buttons > _MOST_BUTTONS or not column or not row:
        return None
    return Mouse(buttons, column - 1, row - 1, released)


def _ss3_key(letter: str) -> Key | None:
    if letter in _KEYPAD:
        return _named(_KEYPAD[letter])
    if letter in _RXVT:
        return Key(f"ctrl+{_RXVT[letter]}")
    return _named(_LETTERS[letter]) if letter in _LETTERS and letter != "Z" else None


def _key(parameters: str, final: str, ignored: Ignored) -> Token | None:
    found = re.fullmatch(_KEY_FORM, parameters)
    if not found:
        return ignored
    code, modifiers = int(found["code"] or 1), int(found["modifiers"] or 1)
    event = int(found["event"] or _PRESSED)
    if not 1 <= modifiers <= _MOST_MODIFIERS or not _PRESSED <= event <= _RELEASED:
        return ignored
    text = _text(found["text"] or "")
    if final == "~" and code == _XTERMS_OTHER and text:
        code, final, text = ord(text[0]), "u", ""
    name = _coded(code, final)
    if name == "" and text is not None and final == "u" and text:
        name = text
    if text is None or not name:
        return None if final == "u" and code in _KITTY_ONLY else ignored
    return None if event == _RELEASED else _modified(name, (modifiers - 1) & ~_LOCKS, text)


def _coded(code: int, final: str) -> str:
    """Return the name of a key without modifiers, "" for none."""
    match final:
        case "u":
            return _CODES.get(code) or _character(code)
        case "~":
            return _NUMBERS.get(code, "")
        case "^" | "@" if code in _NUMBERS:
            return f"ctrl+{'shift+' * (final == '@')}{_NUMBERS[code]}"
        case "a" | "b" | "c" | "d" if code == 1:
            return f"shift+{_RXVT[final]}"
        case "A" | "B" | "C" | "D" if code == _CTRL_ARROWS:
            return f"ctrl+{_LETTERS[final]}"
    return _LETTERS.get(final, "") if code == 1 and final != "M" else ""


def _character(code: int) -> str:
    """Return the character of a code if it is one that can be typed, else ""."""
    if code in _KITTY_ONLY or code > 0x10FFFF:  # noqa: PLR2004  # the last code of Unicode
        return ""
    return chr(code) if chr(code).isprintable() else ""


def _text(codes: str) -> str | None:
    """Return the text that a key types as the terminal tells it; None where it cannot be typed."""
    characters = [_character(int(code)) for code in codes.split(":") if code]
    return "".join(characters) if all(characters) else None


def _modified(name: str, modifiers: int, text: str) -> Token:
    held = [word for bit, word in enumerate(_MODIFIERS) if modifiers & 1 << bit]
    if text and not {"ctrl", "super", "hyper", "meta"} & set(held):
        return _typed(text)
    if held == ["shift"] and len(name) == 1:
        return _typed(name.upper())
    if not held:
        return _named(name)
    return Key("+".join([*sorted(held), _BY_NAME.get(name, name)]))


def _typed(text: str) -> Token:
    return Key(text, text) if len(text) == 1 else Text(text)


def _named(name: str) -> Key:
    return Key(name, name if len(name) == 1 else _TYPED.get(name))
