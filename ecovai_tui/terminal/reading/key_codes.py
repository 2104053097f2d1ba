"""What a complete control sequence means: a key, a report, or nothing that concerns the program.

After ECMA-48, xterm's control sequences, the keyboard protocol of kitty, and the keys of rxvt and of the Linux console.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from ecovai_tui.terminal.reading.tokens import CursorAt, Focus, Ignored, Key, Mouse, Synchronizes, Text, Token

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
