"""The building blocks of escape sequences; whatever is put into one is cleaned here, at one door."""

from __future__ import annotations

from ecovai_tui.tasks.text import clean_line

ESCAPE = b"\x1b"
BELL = b"\x07"
"""Rings the terminal, and ends an operating system command (understood more widely than ESC backslash)."""

STRING_END = ESCAPE + b"\\"
SCREEN_CHUNK = 700
"""Bytes that GNU screen passes on in one string: it drops what exceeds its buffer of 768."""

FIELD_LIMIT = 500
"""Characters of one text in a sequence."""


def clean_field(text: str, *, unicode: bool = True, limit: int = FIELD_LIMIT) -> bytes:
    """Return the text as bytes that hold no control, and no byte above 7F where the terminal does not read UTF-8.

    There a byte of UTF-8 could itself be a control: 9C ends a string.
    """
    return clean_line(text, limit).encode("utf-8" if unicode else "ascii", "replace")


def command(number: int, *fields: bytes) -> bytes:
    """Return an operating system command (OSC); the fields must be clean already."""
    return ESCAPE + b"]" + b";".join((str(number).encode(), *fields)) + BELL


def through_tmux(sequence: bytes) -> bytes:
    """Wrap a sequence so that tmux hands it to the terminal outside (where ``allow-passthrough`` is on)."""
    return ESCAPE + b"Ptmux;" + sequence.replace(ESCAPE, ESCAPE * 2) + STRING_END


def through_screen(sequence: bytes) -> bytes:
    """Wrap a sequence, in pieces, so that GNU screen hands it to the terminal outside."""
    pieces = (sequence[start : start + SCREEN_CHUNK] for start in range(0, len(sequence), SCREEN_CHUNK))
    return b"".join(ESCAPE + b"P" + piece + STRING_END for piece in pieces)


def through(sequence: bytes, *, tmux: bool, screen: bool) -> bytes:
    """Wrap a sequence for the multiplexer that stands in between, if any."""
    if tmux:
        return through_tmux(sequence)
    return through_screen(sequence) if screen else sequence
