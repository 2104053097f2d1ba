"""What is a key: the one grammar of what comes from a terminal. Pure: bytes and moments in, tokens out."""

from ecovai_tui.terminal.reading.key_codes import (
    Answer,
    CursorAt,
    EscapeThen,
    Focus,
    Ignored,
    Key,
    Mouse,
    Paste,
    Synchronizes,
    Text,
    Token,
)
from ecovai_tui.terminal.reading.parser import Reader

__all__ = [
    "Answer",
    "CursorAt",
    "EscapeThen",
    "Focus",
    "Ignored",
    "Key",
    "Mouse",
    "Paste",
    "Reader",
    "Synchronizes",
    "Text",
    "Token",
]
