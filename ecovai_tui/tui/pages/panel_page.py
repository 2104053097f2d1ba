"""What the panel is about, its tabs, and the page of each: lyrics, details, history, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum

from ecovai_tui.language import later, sentences, tr
from ecovai_tui.tasks import reasons
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.reasons import told
from ecovai_tui.tasks.text import clean_text, fit, unpacked
from ecovai_tui.tasks.times import duration_in_words, exact_duration, full_time
from ecovai_tui.terminal.sequences import safe_url
from ecovai_tui.view.card import Subject
from ecovai_tui.view.folding import beside, centred, fold, in_columns, shortened, span_of
from ecovai_tui.view.lines import GAP, Line, Span, Tone, cut_spans, line, signs_of
from ecovai_tui.view.pictures import expiry_words, prompt_page, unseen_words
from ecovai_tui.view.rows import RowContext, meaning_of, outlook_in_full
from ecovai_tui.view.timeline import history_page

NAME_WIDTH = 11
"""Cells of the column of names in the details."""

NO_AUDIO = later("the gateway calls it finished, but gives no address to listen to")
NEEDS_YOU = later("it goes on once you answer where it was submitted")
NO_TEXT = later("finished, but without a text")
NO_ADDRESS = later("no address to listen to")
LIVE = later("a live stream, not a file")
NOT_YET, NONE = later("not yet"), later("none")


def details_page(subject: Subject, context: RowContext) -> list[Line]:
    """Return what it is and where it stands, its addresses, and what was asked for, groups apart by a blank row."""
    clip = subject.clip
    groups = (
        [*_state_fields(subject), *_mark_fields(subject.watched.summary, context), *_id_fields(subject)],
        _time_fields(subject.watched, context),
        _address_fields(clip, context) if clip else (),
        _asked_fields(subject),
    )
    told = [[line(), *group] for group in map(list, groups) if group]
    return [one for group in told for one in group][1:]


def _state_fields(subject: Subject) -> Iterator[Line]:
    """Yield phase and reason of the task, and of the clip where it has others."""
    summary, clip = subject.watched.summary, subject.clip
    yield _phase_field(
        tr("phase"), summary.phase, tr(NO_TEXT) if _lacks_text(summary, subject.task) else meaning_of(summary)
    )
    yield from _fields(
        {tr("status"): summary.status, tr("reason"): _why_failed(summary), tr("note"): unpacked(summary.note)}
    )
    if clip is not None and (clip.phase is not summary.phase or _clip_meaning(clip)):
        yield _phase_field(tr("clip"), clip.phase, _clip_meaning(clip))
    if clip is not None:
        yield from _fields({tr("clip says"): "" if clip.phase is summary.phase else clip.status})
        yield from _fields({tr("error"): told(clip.error)})


def _id_fields(subject: Subject) -> Iterator[Line]:
    summary, clip = subject.watched.summary, subject.clip
    yield from _fields(
        {
            tr("task"): summary.id,
            _clip_name(subject): clip.id if clip else "",
            tr("kind"): "" if summary.kind is Kind.MUSIC else tr(summary.kind),
            tr("model"): (clip.model if clip else "") or summary.model,
            tr("length"): exact_duration(clip.duration) if clip and clip.duration is not None else "",
            tr("size"): clip.size if clip else "",
        }
    )


def _clips_of(subject: Subject) -> tuple[Clip, ...]:
    return subject.task.clips if subject.task else ()


def _clip_name(subject: Subject) -> str:
    return tr("clip {n}", n=min(subject.clip_index, len(_clips_of(subject)) - 1) + 1)


def _time_fields(watched: WatchedTask, context: RowContext) -> Iterator[Line]:
    summary, now = watched.summary, context.now
    yield from _fields({tr("submitted"): _told(summary.submitted_at), tr("started"): _told(summary.started_at)})
    if summary.phase.active:
        yield _field(tr("finished"), tr(NOT_YET), tone=Tone.MUTED)
    looked, changed = (_short(moment, context) for moment in (summary.seen_at, summary.changed_at))
    told_of = looked or tr("never")
    if looked and changed:
        told_of = tr("{looked}, changed {changed}", looked=looked, changed=changed)
    yield from _fields(
        {
            tr("finished"): _told(summary.finished_at),
            tr("took"): exact_duration(summary.duration) if summary.duration is not None else "",
            tr("outlook"): outlook_in_full(
                context.learned_of(summary), summary.elapsed(now, context.skew), context.step
            ),
            tr("added"): _told(watched.added_at),
            tr("last look"): told_of,
        }
    )
    if summary.phase.active:
        every = tr("every {n:g} s while it is under way", n=context.interval_of(summary, now))
        yield _field(tr("next look"), every)


def _lacks_text(summary: TaskSummary, task: Task | None) -> bool:
    """Return whether a lyrics task is done without anything to read."""
    if task is None or summary.phase is not Phase.DONE or summary.kind is not Kind.LYRICS:
        return False
    return not task.clips and not (task.lyrics and task.lyrics.text)


def _mark_fields(summary: TaskSummary, context: RowContext) -> Iterator[Line]:
    if summary.needs_you:
        yield _alert(tr("needs you"), tr(NEEDS_YOU))
    if summary.stalled(context.now) and summary.quiet_since is not None:
        quiet = duration_in_words(context.now - summary.quiet_since)
        yield _alert(tr("stalled"), tr("nothing about it has changed for {duration}", duration=quiet))
    if summary.stale(context.now, context.interval_of(summary, context.now)):
        yield _alert(tr("stale"), tr("the gateway has not told of it lately: this may be out of date"))
    if summary.no_audio:
        yield _alert(tr("no audio"), tr(NO_AUDIO))


def _address_fields(clip: Clip, context: RowContext) -> Iterator[Line]:
    pictures = {Kind.PICTURE: {tr("picture"): clip.image_url}, Kind.VIDEO: {tr("video"): clip.video_url}}
    songs = {tr("audio"): clip.audio_url, tr("cover"): clip.image_url, tr("video"): clip.video_url}
    for name, address in pictures.get(clip.kind, songs).items():
        named = Span(fit(name, NAME_WIDTH), Tone.MUTED)
        told_of = Span(address, link=safe_url(address)) if address else Span(tr(NONE), Tone.MUTED)
        yield Line((named, told_of), NAME_WIDTH)
    yield from _fields({"": expiry_words(clip.expires_at, context.now, context.zone)})


def _asked_fields(subject: Subject) -> Iterator[Line]:
    clip, lyrics = subject.clip, subject.task.lyrics if subject.task else None
    if subject.watched.label:
        yield _field(tr("label"), subject.watched.label, tone=Tone.ACCENT)
    yield from _fields(
        {
            tr("title"): (clip.title if clip else "") or subject.watched.summary.title,
            tr("tags"): clip.tags if clip else lyrics.tags if lyrics else "",
            tr("prompt"): (clip.description if clip else "").replace("\n", " ") or _prompt(subject),
            tr("offers"): "  ".join(subject.task.options) if subject.task else "",
        }
    )


def _prompt(subject: Subject) -> str:
    return subject.task.prompt.replace("\n", " ") if subject.task else ""


def _clip_meaning(clip: Clip) -> str:
    if clip.kind.is_seen:
        return unseen_words(clip) if clip.phase.final else ""
    if clip.phase is Phase.STREAMING and clip.has_audio:
        return tr(LIVE)
    return tr(NO_ADDRESS) if clip.phase is Phase.DONE and not clip.has_audio else ""


def _phase_field(name: str, phase: Phase, meaning: str) -> Line:
    return _field(name, tr(phase), *([Span(f"  {meaning}", Tone.MUTED)] if meaning else []))


def _why_failed(summary: TaskSummary) -> str:
    """Return why a task failed: what that means, and the words of the one who said it."""
    untold = tr(reasons.UNTOLD) if summary.phase is Phase.FAILED else ""
    return told(summary.fail_reason) or untold


def _told(moment: float | None) -> str:
    return full_time(moment) if moment is not None else ""


def _short(moment: float | None, context: RowContext) -> str:
    """Return a moment without the date where that is today's; "" for none."""
    if moment is None:
        return ""
    today = full_time(context.now, context.zone).partition(" ")[0]
    return full_time(moment, context.zone).removeprefix(f"{today} ")


def _fields(fields: dict[str, str]) -> Iterator[Line]:
    return (_field(name, value) for name, value in fields.items() if value)


def _field(name: str, value: str, *more: Span, tone: Tone = Tone.PLAIN) -> Line:
    return Line((Span(fit(name, NAME_WIDTH), Tone.MUTED), Span(value, tone), *more), NAME_WIDTH)


def _alert(name: str, value: str) -> Line:
    return Line((Span(fit(name, NAME_WIDTH), Tone.ALERT), Span(value)), NAME_WIDTH)


_TAG = re.compile(r"\s*\[[^\[\]\n]{1,60}\]\s*")


MOST_LYRICS = 20_000
"""Characters of a clip's lyrics that are shown; a copy has all of them."""

NOT_KNOWN = later("The gateway does not know this id with this key.")
NO_LONGER_KNOWN = later("The gateway no longer knows this id with this key. What it said before:")


_WITHOUT_A_TASK = {
    Phase.MISSING: NOT_KNOWN,
    Phase.UNKNOWN: later("Nobody knows what became of this submission: open it to see how to find out."),
}


def lyrics_page(
    task: Task | None, clip: Clip | None, phase: Phase, *, reasoned: bool = True, create_key: str = ""
) -> list[Line]:
    """Return the words that are sung, or what was asked for; ``phase`` is the task's by now.

    ``reasoned`` says that what is wrong with the task stands above them, where it is not read elsewhere. With
    ``create_key`` what was asked for can be sent again, "" where nothing can be sent.
    """
    if task is None:
        return [line(tr(_WITHOUT_A_TASK.get(phase, later("Nothing is known of this task yet."))), Tone.MUTED)]
    text = clip.lyrics if clip else ""
    text = text or (task.lyrics.text if task.lyrics else "")
    above = _reason(task, clip, phase) if reasoned or phase is Phase.MISSING else []
    if text.strip():
        sung = [_lyric(words) for words in text.strip("\n").split("\n")]
        return [*above, *shortened(sung, MOST_LYRICS)]
    return [*above, *_without_lyrics(clip, phase, create_key)]


def _reason(task: Task, clip: Clip | None, phase: Phase) -> list[Line]:
    """Return what is wrong with the clip or the task: who looks at a failure wants to know that first."""
    reason = tr(NO_LONGER_KNOWN) if phase is Phase.MISSING else told((clip.error if clip else "") or task.fail_reason)
    return [line(reason, Tone.ALERT), line()] if reason else []


def _lyric(words: str) -> Line:
    return line(words, Tone.TAG) if _TAG.fullmatch(words) else line(words, indent=2)


def _without_lyrics(clip: Clip | None, phase: Phase, create_key: str) -> list[Line]:
    """Return what was asked for, where that is known, and why there is nothing to sing."""
    again = tr("{key} opens this text to be changed and sent anew.", key=create_key) if create_key else ""
    absent = {Phase.DONE: tr("Instrumental: no words."), Phase.FAILED: sentences(tr("No lyrics were made."), again)}
    why = line(tr("No lyrics yet.") if phase.active else absent.get(phase, tr("No lyrics.")), Tone.MUTED)
    described = clip.description.strip() if clip else ""
    if not described:
        return [why]
    return [line(tr("What was asked for"), Tone.HEADING), *map(line, described.split("\n")), line(), why]


NOTHING_YET = later("The gateway has not sent anything about this task yet.")
NO_SOURCE = later("The gateway has not sent anything: it does not know this id with this key.")
_NAMED = re.compile(r'(\s*"(?:[^"\\]|\\.)*")(: .*)')


def source_page(task: Task | None, phase: Phase) -> list[Line]:
    """Return the object that the gateway sent, one field a line; ``phase`` is the task's by now."""
    if task is None or not task.source:
        return [line(tr(NO_SOURCE if phase is Phase.MISSING else NOTHING_YET), Tone.MUTED)]
    return [_source_line(text) for text in pretty_source(task.source).split("\n")]


def _source_line(text: str) -> Line:
    indent = len(text) - len(text.lstrip(" ")) + 2
    if found := _NAMED.fullmatch(text):
        return Line((Span(found[1], Tone.MUTED), Span(found[2])), indent)
    return line(text, indent=indent)


def pretty_source(source: str) -> str:
    """Return JSON text indented; text that is not JSON comes back as it is.

    It is cleaned again, because the escape of a control in the text becomes the character itself here.
    """
    try:
        text = json.dumps(json.loads(source), indent=2, ensure_ascii=False)
    except ValueError:
        text = source
    return clean_text(text)


NO_TASK = later("No task here.")


class Tab(StrEnum):
    """The pages of the panel, from left to right."""

    LYRICS = later("Lyrics")
    DETAILS = later("Details")
    HISTORY = later("History")
    JSON = later("JSON")

    def beside(self, step: int) -> Tab:
        """Return the tab so many places to the right, round the end."""
        tabs = list(Tab)
        return tabs[(tabs.index(self) + step) % len(tabs)]


def first_tab(subject: Subject | None) -> str:
    """Return what the first tab is called: of what is not sung it tells what was asked for."""
    return later("Prompt") if subject is not None and subject.watched.summary.kind.is_seen else Tab.LYRICS.value


def panel_page(
    tab: Tab, subject: Subject | None, context: RowContext, width: int, *, reasoned: bool = True, create_key: str = ""
) -> list[Line]:
    """Return the page of a tab for so many cells; ``reasoned`` says that no card has the reason of a failure."""
    if subject is None:
        return [line(tr(NO_TASK), Tone.MUTED)]
    phase = subject.watched.summary.phase
    if tab is Tab.LYRICS:
        return _first_page(subject, reasoned=reasoned, create_key=create_key)
    if tab is Tab.DETAILS:
        return details_page(subject, context)
    if tab is Tab.HISTORY:
        return history_page(subject.watched.summary, subject.history, width, context)
    return source_page(subject.task, phase)


def _first_page(subject: Subject, *, reasoned: bool, create_key: str) -> list[Line]:
    """Return what is sung, of pictures and videos what was asked for."""
    task, clip, phase = subject.task, subject.clip, subject.watched.summary.phase
    if task is None or not task.kind.is_seen:
        return lyrics_page(task, clip, phase, reasoned=reasoned, create_key=create_key)
    above = _reason(task, clip, phase) if reasoned or phase is Phase.MISSING else []
    return [*above, *prompt_page(task)]


FACTS_WIDTH, ROOM_FOR_FACTS = 60, 72
"""Cells of the details beside the lyrics that have the whole screen, and how many must be left for them."""


def zoomed_lyrics(
    subject: Subject, context: RowContext, width: int, height: int, *, create_key: str = ""
) -> list[Line]:
    """Return the first page for the whole screen: all of it in columns, with the details where there is room."""
    phase = subject.watched.summary.phase
    above = _reason(subject.task, subject.clip, phase) if subject.task else []
    page = _first_page(subject, reasoned=False, create_key=create_key)
    page = page[len(above) :] if phase is Phase.MISSING else page
    sung = in_columns(page, width, height - len(above))
    upright = signs_of(ascii_only=context.ascii_only).upright
    if width - span_of(sung) < ROOM_FOR_FACTS:
        return [*above, *centred(sung, width)]
    room = width - FACTS_WIDTH - len(upright) - 1
    facts = fold(details_page(subject, context), FACTS_WIDTH)
    return beside([*fold(above, room - 1), *centred(sung, room)], facts, room, height, upright)


NUMBERED, SPACED = 41, 46
"""Cells from which on the tabs have their numbers, and blanks between them."""


def tabs_line(active: Tab, width: int, first: str = Tab.LYRICS) -> Line:
    """Return the row of tabs, of which the first is called otherwise for some; the active one has its own ground."""
    numbers = [f"{number} " if width >= NUMBERED else "" for number in range(1, len(Tab) + 1)]
    spans = [
        Span(
            f" {number}{tr(first if tab is Tab.LYRICS else tab)} ",
            Tone.CHOSEN if tab is active else Tone.MUTED,
            f"tab {tab}",
        )
        for number, tab in zip(numbers, Tab, strict=True)
    ]
    between = (GAP,) if width >= SPACED else ()
    return Line(cut_spans(tuple(span for one in spans for span in (*between, one))[len(between) :], width))
