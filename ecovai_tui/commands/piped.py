"""What is piped in, as text: in whole lines as they come, in whatever Unicode encoding."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator


def whole_lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines that each piece completes, as one text, and at the end what is left."""
    begun: list[bytes] = []
    for piece in _in_utf8(pieces):
        lines, newline, rest = piece.rpartition(b"\n")
        if newline:
            yield b"".join((*begun, lines, newline)).decode("utf-8", "replace")
            begun.clear()
        begun.append(rest)
    yield b"".join(begun).decode("utf-8", "replace")


def _in_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same in UTF-8; PowerShell and some editors write UTF-16, which the first four bytes show."""
    beginning = iter(pieces)
    first = next(beginning, b"")
    encoding = json.detect_encoding(first)
    if encoding.startswith("utf-8"):
        yield first
        yield from beginning
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode()
    for piece in beginning:
        yield decoder.decode(piece).encode()
