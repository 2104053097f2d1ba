"""A saved picture as few coloured halves of cells, where Pillow is installed: the extra ``pictures``."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

Halves: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""Rows of cells, each with the colour of its upper and its lower half as ``0xRRGGBB``."""

MOST_CELLS = 900
"""A cell takes up to 42 bytes in 24 bit colours, so a picture takes less than 40 kB."""

LARGEST_FILE = 50_000_000
"""Bytes; what is larger is not a picture of the kind that is meant here."""


@lru_cache(maxsize=16)
def thumbnail(path: Path, columns: int, rows: int) -> Halves:
    """Return a picture within so many cells; () without Pillow, or where the file is none that it can read."""
    try:
        pillow = import_module("PIL.Image")  # an extra, and slow to import
    except ImportError:
        return ()
    columns = min(columns, MOST_CELLS // max(1, rows))
    try:
        if path.stat().st_size > LARGEST_FILE:
            return ()
        with pillow.open(path) as image:
            image.draft("RGB", (columns * 4, rows * 8))
            small = image.convert("RGB")
            small.thumbnail((columns, 2 * rows))
            return _halves(small.tobytes(), *small.size)
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError):
        return ()


def _halves(data: bytes, width: int, height: int) -> Halves:
    """Return rows of cells of pixels of three bytes each; of an odd number of rows the last is left out."""
    colours = [int.from_bytes(data[at : at + 3], "big") for at in range(0, len(data), 3)]
    lines = [colours[row * width : (row + 1) * width] for row in range(height)]
    return tuple(tuple(zip(upper, lower, strict=True)) for upper, lower in zip(lines[::2], lines[1::2], strict=False))
