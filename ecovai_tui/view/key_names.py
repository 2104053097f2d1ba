"""The names of keys: as the user writes them, as terminals send them, and as people read them."""

import re
from collections.abc import Iterable

NAMED_KEYS = (
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace", "tab",
    "enter", "escape", "space", "comma", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip
"""Keys that are written by name; every other key is its character."""

SHOWN = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "escape": "esc", "comma": ",",
}  # fmt: skip
"""How a key is written where it is read rather than typed."""

SAME_KEYS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""Keys that are one and the same to most terminals."""

MODIFIER = r"(?:ctrl|shift|alt|super)\+"
"""Begins a key that is pressed with another one."""


def shown_key(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as people read it: an arrow for ``up`` (the word in ASCII), ``^d`` for ``ctrl+d``."""
    shown = SHOWN.get(key, key.replace("ctrl+", "^") if key.startswith("ctrl+") else key)
    return key if ascii_only and not shown.isascii() else shown


def shown_keys(keys: Iterable[str], *, ascii_only: bool = False) -> str:
    """Return several keys as people read them, separated by blanks."""
    return " ".join(shown_key(key, ascii_only=ascii_only) for key in keys)


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys that a text with commas names, each once, as terminals send them."""
    return tuple(dict.fromkeys(_as_sent(part) for part in map(str.strip, text.split(",")) if part))


def _as_sent(key: str) -> str:
    """Return a key as terminals send it: shift with a letter is a capital, and ctrl knows small letters alone."""
    if len(key) == len("shift+x") and key.startswith("shift+") and key[-1].isalpha():
        return key[-1].upper()
    return key.lower() if len(key) == len("ctrl+x") and key.startswith("ctrl+") else key


def is_key(key: str) -> bool:
    """Return whether a terminal may send a key of this name."""
    plain = re.sub(MODIFIER, "", key)
    return (len(plain) == 1 and plain.isprintable()) or plain in NAMED_KEYS
