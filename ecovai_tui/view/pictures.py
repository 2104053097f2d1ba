"""Pictures, videos and files: how far they are, until when they can be had, what was asked for, and where they are."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import groupby
from pathlib import Path

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.model import Clip, ClipFile, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import HOUR, coming_time
from ecovai_tui.view.lines import Line, Paint, Span, Spans, Tone, line

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


def lines_of_parts(rows: Iterable[str], name: int) -> list[Line]:
    """Return a picture that the terminal draws itself as lines of the cells that show its parts, in its own colour."""
    return [Line((Span(row, Paint(name)),)) for row in rows]


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
