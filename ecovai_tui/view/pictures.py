"""Pictures and videos alone: how far they are, until when they can be had, what was asked for, and one in few cells."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import lru_cache
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.model import Clip, Kind, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import HOUR, coming_time
from ecovai_tui.view.lines import Line, Paint, Span, Tone, line

PARTS = 10
"""Tenths of a bar."""

DIES_SOON = HOUR
"""Seconds before its address ceases to work from which on a task is marked that was not saved."""


def bar_of(percent: float, *, ascii_only: bool) -> str:
    """Return a bar of how much of something is done, in whole tenths."""
    full, empty = ("#", ".") if ascii_only else ("▰", "▱")
    drawn = max(0, min(PARTS, int(percent * PARTS // 100)))
    return full * drawn + empty * (PARTS - drawn)


def progress_words(summary: TaskSummary, *, ascii_only: bool) -> str:
    """Return how far a task is, where its maker measures that: the number first; "" where nobody does."""
    if summary.progress is None or not summary.phase.active or summary.needs_you:
        return ""
    return f"{summary.progress:.0f} % {bar_of(summary.progress, ascii_only=ascii_only)}"


def expiry_words(expires_at: float | None, now: float, zone: tzinfo | None = None) -> str:
    """Return until when the addresses work; "" where nobody knows."""
    if expires_at is None:
        return ""
    told = coming_time(expires_at, now, zone)
    works, gone = later("address works until {moment}"), later("address has not worked since {moment}")
    return tr(works if expires_at > now else gone, moment=told)


def dying_words(watched: WatchedTask, now: float, zone: tzinfo | None = None) -> str:
    """Return that the files of a task can soon, or already, be had no more; "" where they were saved, or will live."""
    summary = watched.summary
    if watched.files or summary.expires_at is None or not summary.phase.final or summary.expires_at - now > DIES_SOON:
        return ""
    told = coming_time(summary.expires_at, now, zone)
    works, gone = later("address until {moment}"), later("address gone since {moment}")
    return tr(works if summary.expires_at > now else gone, moment=told)


def counted(task: Task | None) -> str:
    """Return how many pictures or videos there are; "" for one, and where that is not known."""
    if task is None or not task.kind.is_seen:
        return ""
    if len(task.clips) > 1:
        several = later("{n} pictures") if task.kind is Kind.PICTURE else later("{n} videos")
        return tr(several, n=len(task.clips))
    upscales = sum(option[:1] == "U" and option[1:].isdecimal() for option in task.options)
    return tr("grid of {n}", n=upscales) if upscales > 1 else ""


UPPER_HALF = "▀"


def picture_lines(halves: Sequence[Sequence[tuple[int, int]]]) -> list[Line]:
    """Return a picture as lines of half blocks; neighbours of one colour share a span."""
    rows = (((Paint(*pair), len(list(same))) for pair, same in groupby(row)) for row in halves)
    return [Line(tuple(Span(UPPER_HALF * count, paint) for paint, count in row)) for row in rows]


def unseen_words(clip: Clip) -> str:
    """Return why there is nothing to see of a clip; "" where there is."""
    if clip.phase.active:
        return tr("nothing to see yet")
    return tr("no address yet") if clip.phase.final and not clip.error and not clip.address else ""


def prompt_page(task: Task) -> Iterator[Line]:
    """Yield what was asked for, whole, what came of it as text, and what can be done next in the gateway."""
    yield line(tr("What was asked for"), Tone.HEADING)
    if task.prompt.strip():
        yield from map(line, task.prompt.strip().split("\n"))
    else:
        yield line(tr("The gateway does not say."), Tone.MUTED)
    if task.options:
        picture = later("What can be done with this picture in the gateway")
        video = later("What can be done with this video in the gateway")
        yield line()
        yield line(tr(picture if task.kind is Kind.PICTURE else video), Tone.HEADING)
        yield Line((Span("  ".join(task.options), Tone.MUTED),))


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
