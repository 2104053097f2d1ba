"""The words for files of clips: how large, how far, and where."""

from __future__ import annotations

from pathlib import Path

MEGABYTE = 1_000_000


def size_text(size: int) -> str:
    """Return a size for people, as ``4.7 MB`` or ``12 kB``."""
    if size >= MEGABYTE * 1000:
        return f"{size / MEGABYTE / 1000:.1f} GB"
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE / 10 else f"{max(1, size // 1000)} kB"


def amount_text(done: int, total: int | None) -> str:
    """Return how much of a file has come, as ``2.9 of 4.7 MB``; a whole that is not known is left out."""
    if total is None:
        return size_text(done)
    whole = size_text(total)
    number, _, unit = whole.partition(" ")
    factor = {"GB": MEGABYTE * 1000, "MB": MEGABYTE, "kB": 1000}[unit]
    return f"{done / factor:.{1 if '.' in number else 0}f} of {whole}"


def shown_folder(folder: Path, home: str) -> str:
    """Return a folder as people write it, with ``~`` for their home."""
    path = str(folder)
    return f"~{path[len(home) :]}" if home and (path == home or path.startswith(f"{home}/")) else path
