"""What the panel is about, its tabs, and the page of each: lyrics, details, history, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ecovai_tui.tasks import reasons
from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.reasons import told
from ecovai_tui.tasks.text import clean_text
from ecovai_tui.tasks.times import MINUTE, coarse_duration, exact_duration, full_time, running_duration
from ecovai_tui.view.card import Subject
from ecovai_tui.view.folding import shortened
from ecovai_tui.view.lines import GAP, Line, Span, Tone, cut_spans, line
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
            "reason": _why_failed(summary),
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


def _why_failed(summary: TaskSummary) -> str:
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


def history_page(history: Sequence[Change]) -> list[Line]:
    """Return the ledger of one task, newest on top; each entry tells how long after the one before it came."""
    if not history:
        return [line("Nothing has been seen of this task yet.", Tone.MUTED)]
    earlier = (None, *history[:-1])
    entries = [_entry(change, before) for change, before in zip(history, earlier, strict=True)]
    return [one for entry in reversed(entries) for one in entry]


def change_in_words(change: Change) -> str:
    """Return what changed as a sentence."""
    before, after = change.before, change.after
    return {
        Aspect.APPEARED: "not known to the gateway" if after == Phase.MISSING else f"first seen, {after}",
        Aspect.PHASE: f"{after}, was {before}",
        Aspect.STATUS: f"the gateway's word is now {after or 'empty'}, it was {before or 'empty'}",
        Aspect.CLIPS: f"clips: {_clips(after)}, was {_clips(before)}",
        Aspect.TITLE: f"title: {after}" if after else "the title is gone",
        Aspect.REASON: f"reason: {after}" if after else "the fail reason is gone",
        Aspect.AUDIO: "the audio address is missing" if after else "the audio address has come",
        Aspect.CONTENT: "something else about it changed",
    }[change.what]


def _entry(change: Change, before: Change | None) -> tuple[Line, ...]:
    stamp = Span(full_time(change.at) + "  ", Tone.MUTED)
    tone = Tone.STRONG if change.what in {Aspect.PHASE, Aspect.APPEARED} else Tone.PLAIN
    spans = [stamp, Span(change_in_words(change), tone)]
    if before is not None and change.at - before.at >= 1:
        spans.append(Span(f"  after {_lasted(change.at - before.at)}", Tone.MUTED))
    return (Line(tuple(spans), indent=2),)


def _lasted(seconds: float) -> str:
    return coarse_duration(seconds) if seconds < MINUTE else exact_duration(seconds)


def _clips(phases: str) -> str:
    return phases.replace(" ", ", ") or "none"


_TAG = re.compile(r"\s*\[[^\[\]\n]{1,60}\]\s*")


MOST_LYRICS = 20_000
"""Characters of a clip's lyrics that are shown; a copy has all of them."""

NOT_KNOWN = "The gateway does not know this id with this key."
NO_LONGER_KNOWN = "The gateway no longer knows this id with this key. What it said before:"


def lyrics_page(task: Task | None, clip: Clip | None, phase: Phase) -> list[Line]:
    """Return the words that are sung, or a sentence that says why there are none; ``phase`` is the task's by now."""
    if task is None:
        return [line(NOT_KNOWN if phase is Phase.MISSING else "Nothing is known of this task yet.", Tone.MUTED)]
    text = clip.lyrics if clip else ""
    text = text or (task.lyrics.text if task.lyrics else "")
    if text.strip():
        sung = [_lyric(words) for words in text.strip("\n").split("\n")]
        return [*_reason(task, clip, phase), *shortened(sung, MOST_LYRICS)]
    return [*_reason(task, clip, phase), *_without_lyrics(clip, phase)]


def _reason(task: Task, clip: Clip | None, phase: Phase) -> list[Line]:
    """Return what is wrong with the clip or the task: whoever looks at a failure wants to know that first."""
    reason = NO_LONGER_KNOWN if phase is Phase.MISSING else told((clip.error if clip else "") or task.fail_reason)
    return [line(reason, Tone.ALERT), line()] if reason else []


def _lyric(words: str) -> Line:
    return line(words, Tone.TAG) if _TAG.fullmatch(words) else line(words, indent=2)


def _without_lyrics(clip: Clip | None, phase: Phase) -> list[Line]:
    waiting = "No lyrics yet." if phase.active else "No lyrics."
    described = clip.description if clip else ""
    if not described:
        return [line(waiting, Tone.MUTED)]
    return [line(waiting, Tone.MUTED), line(), line("Asked for", Tone.HEADING), *map(line, described.split("\n"))]


NOTHING_YET = "The gateway has not sent anything about this task yet."
NO_SOURCE = "The gateway has not sent anything: it does not know this id with this key."


def source_page(task: Task | None, phase: Phase) -> list[Line]:
    """Return the object that the gateway sent, one field a line; ``phase`` is the task's by now."""
    if task is None or not task.source:
        return [line(NO_SOURCE if phase is Phase.MISSING else NOTHING_YET, Tone.MUTED)]
    return [line(text, indent=_depth(text) + 2) for text in pretty_source(task.source).split("\n")]


def pretty_source(source: str) -> str:
    """Return JSON text indented; text that is not JSON comes back as it is.

    It is cleaned again, because the escape of a control in the text becomes the character itself here.
    """
    try:
        text = json.dumps(json.loads(source), indent=2, ensure_ascii=False)
    except ValueError:
        text = source
    return clean_text(text)


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


NO_TASK = "No task is selected."


class Tab(StrEnum):
    """The pages of the panel, from left to right."""

    LYRICS = "Lyrics"
    DETAILS = "Details"
    HISTORY = "History"
    JSON = "JSON"

    def beside(self, step: int) -> Tab:
        """Return the tab so many places to the right, round the end."""
        tabs = list(Tab)
        return tabs[(tabs.index(self) + step) % len(tabs)]


def panel_page(tab: Tab, subject: Subject | None, context: RowContext) -> list[Line]:
    """Return the page of a tab."""
    if subject is None:
        return [line(NO_TASK, Tone.MUTED)]
    if tab is Tab.LYRICS:
        return lyrics_page(subject.task, subject.clip, subject.watched.summary.phase)
    if tab is Tab.DETAILS:
        return details_page(subject.watched, subject.task, subject.clip, context)
    if tab is Tab.HISTORY:
        return history_page(subject.history)
    return source_page(subject.task, subject.watched.summary.phase)


NUMBERED, SPACED = 41, 46
"""Cells from which on the tabs have their numbers, and blanks between them."""


def tabs_line(active: Tab, width: int) -> Line:
    """Return the row of tabs; the active one stands on a ground of its own."""
    numbers = [f"{number} " if width >= NUMBERED else "" for number in range(1, len(Tab) + 1)]
    spans = [
        Span(f" {number}{tab} ", Tone.CHOSEN if tab is active else Tone.MUTED, f"tab {tab}")
        for number, tab in zip(numbers, Tab, strict=True)
    ]
    between = (GAP,) if width >= SPACED else ()
    return Line(cut_spans(tuple(span for one in spans for span in (*between, one))[len(between) :], width))


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to take along, and what it is called."""

    name: str
    text: str


def copies_of(subject: Subject) -> list[Copy]:
    """Return everything that there is to copy, the likeliest first."""
    summary, task, clip = subject.watched.summary, subject.task, subject.clip
    found = [Copy("id", summary.id)]
    if clip is not None:
        found += [Copy("audio", clip.audio_url), Copy("video", clip.video_url), Copy("image", clip.image_url)]
        found += [Copy("clip id", clip.id), Copy("lyrics", clip.lyrics), Copy("tags", clip.tags)]
    if task is not None:
        found.append(Copy("all audio", "\n".join(clip.audio_url for clip in task.clips if clip.has_audio)))
        found += [Copy("lyrics", task.lyrics.text)] if task.lyrics else []
        found.append(Copy("JSON", pretty_source(task.source)))
    found += [Copy("title", summary.title), Copy("label", subject.watched.label), Copy("reason", summary.fail_reason)]
    return [copy for copy in found if copy.text.strip()]
