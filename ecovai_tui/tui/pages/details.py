"""The Details tab: every field of the task and of the selected clip, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecovai_tui.tasks import reasons
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import coarse_duration, exact_duration, full_time, running_duration
from ecovai_tui.view.lines import Line, Span, Tone, line
from ecovai_tui.view.rows import RowContext, meaning_of, outlook_in_full

NAME_WIDTH = 11
"""Cells of the column of names."""

NO_AUDIO = "the gateway calls it finished, but gives no address to listen to"
NEEDS_YOU = "it goes on once you answer where it was submitted"
NO_TEXT = "finished, but without a text"
NO_ADDRESS = "no address to listen to"
LIVE = "a live stream, not a file"


def details_page(watched: WatchedTask, task: Task | None, clip: Clip | None, context: RowContext) -> list[Line]:
    """Return the page; ``task`` is None where no reply about it was ever stored."""
    lines = [*_task_fields(watched, task, context), *_mark_fields(watched.summary, context)]
    if clip is not None and task is not None:
        place = task.clips.index(clip) + 1
        lines += [line(), line(f"Clip {place} of {len(task.clips)}", Tone.HEADING), *_clip_fields(clip)]
    elif task is not None and task.lyrics is not None:
        lines += [
            line(),
            line("Lyrics", Tone.HEADING),
            *_fields({"title": task.lyrics.title, "tags": task.lyrics.tags}),
        ]
    return lines


def _task_fields(watched: WatchedTask, task: Task | None, context: RowContext) -> Iterator[Line]:
    summary = watched.summary
    yield _phase_field(summary.phase, NO_TEXT if _lacks_text(summary, task) else meaning_of(summary))
    yield from _fields(
        {
            "status": summary.status,
            "reason": _reason(summary),
            "note": summary.note,
            "title": summary.title,
            "label": watched.label,
            "kind": summary.kind.value,
            "model": summary.model,
            "id": summary.id,
        }
    )
    yield from _time_fields(watched, context)


def _time_fields(watched: WatchedTask, context: RowContext) -> Iterator[Line]:
    summary = watched.summary
    elapsed = summary.elapsed(context.now, context.skew)
    yield from _fields(
        {
            "submitted": _told(summary.submitted_at),
            "started": _told(summary.started_at),
            "finished": _told(summary.finished_at),
            "took": exact_duration(summary.duration) if summary.duration is not None else "",
            "elapsed": running_duration(elapsed, context.step) if elapsed is not None else "",
            "outlook": outlook_in_full(context.learned_of(summary), elapsed, context.step),
            "added": _told(watched.added_at),
            "changed": _told(summary.changed_at),
            "last heard": _told(summary.seen_at) or "never",
        }
    )


def _lacks_text(summary: TaskSummary, task: Task | None) -> bool:
    """Return whether a lyrics task is done without anything to read."""
    if task is None or summary.phase is not Phase.DONE or summary.kind is not Kind.LYRICS:
        return False
    return not task.clips and not (task.lyrics and task.lyrics.text)


def _mark_fields(summary: TaskSummary, context: RowContext) -> Iterator[Line]:
    if summary.needs_you:
        yield _alert("needs you", NEEDS_YOU)
    if summary.stalled(context.now) and summary.quiet_since is not None:
        quiet = coarse_duration(context.now - summary.quiet_since)
        yield _alert("stalled", f"nothing about it has changed for {quiet}")
    if summary.stale(context.now, context.interval_of(summary, context.now)):
        yield _alert("stale", "the gateway has not told of it lately: this may be out of date")
    if summary.no_audio:
        yield _alert("no audio", NO_AUDIO)


def _clip_fields(clip: Clip) -> Iterable[Line]:
    yield _phase_field(clip.phase, _clip_meaning(clip))
    yield from _fields(
        {
            "status": clip.status,
            "error": reasons.told(clip.error),
            "title": clip.title,
            "length": exact_duration(clip.duration) if clip.duration is not None else "",
            "model": clip.model,
            "tags": clip.tags,
            "asked for": clip.description.replace("\n", " "),
            "audio": clip.audio_url,
            "video": clip.video_url,
            "image": clip.image_url,
            "clip id": clip.id,
        }
    )


def _clip_meaning(clip: Clip) -> str:
    if clip.phase is Phase.STREAMING and clip.has_audio:
        return LIVE
    return NO_ADDRESS if clip.phase is Phase.DONE and not clip.has_audio else ""


def _phase_field(phase: Phase, meaning: str) -> Line:
    return _field("phase", phase.value, *([Span(f"  {meaning}", Tone.MUTED)] if meaning else []))


def _reason(summary: TaskSummary) -> str:
    """Return why a task failed: what that means, and the words of whoever said it."""
    untold = reasons.UNTOLD if summary.phase is Phase.FAILED else ""
    return reasons.told(summary.fail_reason) or untold


def _told(moment: float | None) -> str:
    return full_time(moment) if moment is not None else ""


def _fields(fields: dict[str, str]) -> Iterator[Line]:
    return (_field(name, value) for name, value in fields.items() if value)


def _field(name: str, value: str, *more: Span) -> Line:
    return Line((Span(name.ljust(NAME_WIDTH), Tone.MUTED), Span(value), *more), NAME_WIDTH)


def _alert(name: str, value: str) -> Line:
    return Line((Span(name.ljust(NAME_WIDTH), Tone.ALERT), Span(value)), NAME_WIDTH)
