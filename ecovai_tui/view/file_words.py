"""The words for files of clips: how large, how far, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ecovai_tui.language import tr
from ecovai_tui.tasks.model import ClipFile, Phase
from ecovai_tui.view.lines import Span, Spans, Tone
from ecovai_tui.view.pictures import bar_of

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
    return tr("{done} of {whole}", done=f"{done / factor:.{1 if '.' in number else 0}f}", whole=whole)


def shown_folder(folder: Path, home: str) -> str:
    """Return a folder as people write it, with ``~`` for their home."""
    path = str(folder)
    return f"~{path[len(home) :]}" if home and (path == home or path.startswith(f"{home}/")) else path


def sign_of(*, ascii_only: bool) -> str:
    """Return the sign of a file."""
    return "v" if ascii_only else "↧"


def progress_spans(percent: int | None, done: int, total: int | None, *, ascii_only: bool) -> Spans:
    """Return how far a download is: the number first, then the bar, then the sizes."""
    sign = sign_of(ascii_only=ascii_only)
    if percent is None:
        return (Span(f"{sign} {amount_text(done, total)}"),)
    bar = bar_of(percent, ascii_only=ascii_only)
    return (Span(f"{sign} {percent} % "), Span(bar, Phase.RUNNING), Span(f"  {amount_text(done, total)}", Tone.MUTED))


def file_spans(files: Sequence[ClipFile], home: str, *, ascii_only: bool) -> Spans:
    """Return what was saved of a clip: the name of the file first, its size, and its folder after it."""
    if not files:
        return ()
    first, *others = sorted(files, key=lambda file: file.what != "audio")
    path = Path(first.path)
    more = f"  {tr('and {n} more', n=len(others))}" if others else ""
    told = f"  {size_text(first.size)}{more}  {shown_folder(path.parent, home)}"
    return (Span(f"{sign_of(ascii_only=ascii_only)} {path.name}"), Span(told, Tone.MUTED))
