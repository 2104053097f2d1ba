"""The card of a task: what it is called, the phases it went through, what was made, its clips, in a few lines.

It stands above the tabs of the panel and never scrolls. What is cut in the row is whole here, in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ecovai_tui.language import clauses, later, tr, tr_n
from ecovai_tui.tasks import reasons
from ecovai_tui.tasks.judging import Change, Mark, marks_of, reason_of
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import fit
from ecovai_tui.tasks.times import clock_time, exact_duration
from ecovai_tui.view.folding import fold
from ecovai_tui.view.lines import (
    Line,
    Part,
    Span,
    Spans,
    Tone,
    cut_spans,
    ellipsis_of,
    encodable,
    fit_parts,
    glyph_of,
    part,
    shrinking_part,
)
from ecovai_tui.view.pictures import DIES_SOON, counted, expiry_words, progress_words, unseen_words
from ecovai_tui.view.rows import RowContext, outlook_of, why_of
from ecovai_tui.view.timeline import PHASE_WIDTH, timeline

MOST_TITLE_ROWS = 2
MOST_REASON_ROWS = 6
"""Rows that a reason may take; whatever is longer than that is whole in the details."""

ROOM_FOR_CLIPS = 60
"""Cells from which on each clip has a line of its own."""

MOST_CLIP_ROWS = 6
LEAST_TITLE = 14
"""Cells that a title keeps where all of the card is one row."""

CLIP_PRESS = "clip "
"""Begins the action of a span of a clip; its place follows, from 0."""

CLIP_PLACE, SHORT_CLIP_PLACE = later("clip {n} of {count}"), later("{n} of {count}")
"""Which clip of how many it is."""


class Subject(NamedTuple):
    """The task and the clip that the panel is about."""

    watched: WatchedTask
    task: Task | None = None
    clip_index: int = 0
    history: tuple[Change, ...] = ()
    file: Spans = ()
    """What is known of the file of the clip: where it is, or how much of it has come."""
    picture: tuple[Line, ...] = ()
    """The saved picture itself, where it is to be shown."""

    @property
    def clip(self) -> Clip | None:
        """The selected clip, None for a task without any."""
        if self.task is None or not self.task.clips:
            return None
        return self.task.clips[min(self.clip_index, len(self.task.clips) - 1)]

    @property
    def place(self) -> tuple[str, int]:
        """What tells one subject from another: the task's id and the clip's place."""
        return self.watched.id, self.clip_index

    @property
    def title(self) -> str:
        """What it is called: by its title, else its label, else how what was asked for begins, else its id."""
        clip, summary = self.clip, self.watched.summary
        asked = clip.description.strip().partition("\n")[0] if clip else ""
        return (clip.title if clip else "") or summary.title or self.watched.label or asked or summary.id


def kind_word(subject: Subject | None) -> str:
    """Return what the subject is, as the panel is called."""
    kinds = {
        Kind.MUSIC: tr("Song"),
        Kind.LYRICS: tr("Lyrics task"),
        Kind.PICTURE: tr("Picture"),
        Kind.VIDEO: tr("Video"),
    }
    return kinds.get(subject.watched.summary.kind, tr("Task")) if subject else tr("Task")


def clip_place(subject: Subject | None, pattern: str = CLIP_PLACE) -> str:
    """Return which clip of how many is chosen; "" where there is none to choose from."""
    count = len(subject.task.clips) if subject and subject.task else 0
    kind = subject.watched.summary.kind if subject else Kind.UNKNOWN
    if subject is None or count < 2:  # noqa: PLR2004  # one clip needs no number
        return counted(subject.task) if subject and kind.is_seen else ""
    n = min(subject.clip_index, count - 1) + 1
    if kind.is_seen:
        return tr("{kind} {n} of {count}", kind=tr(kind), n=n, count=count)
    return tr(pattern, n=n, count=count)


def card_lines(subject: Subject, width: int, context: RowContext) -> list[Line]:
    """Return the card in so many cells, each line whole."""
    summary = subject.watched.summary
    lines = [
        *_rows(subject.title, Tone.HEADING, width, MOST_TITLE_ROWS, context),
        _one_row((*_timeline(subject, context), *_outlook(summary, context)), width, context),
        *(_reason(subject, width, context) or _described(subject, width, context)),
        *_clips(subject, width, context),
        _one_row(subject.file, width, context),
        _one_row(_expiry(subject, context), width, context),
    ]
    return [shown for shown in lines if shown.spans]


def card_row(subject: Subject, width: int, context: RowContext, *, titled: bool = True, placed: bool = False) -> Line:
    """Return the card as one row: the timeline is shortened to its last part before the title is cut.

    Without a title, which then stands elsewhere, there is room for what the task is. ``placed`` adds which clip it is.
    """
    stages, outlook = _timeline(subject, context), _outlook(subject.watched.summary, context)
    whole = _stripped((*stages, *outlook))
    if not titled:
        facts = [fact for fact in (*_facts(subject, context), *_tags(subject, context)) if fact.text]
        rest = [part(rank, fact, None) for rank, fact in enumerate(facts, 3)]
        return fit_parts([part(1, whole, _stripped(stages[-2:])), *rest], [], width, _ellipsis(context))
    title = shrinking_part(1, Span(encodable(subject.title, context.encoding), Tone.HEADING), LEAST_TITLE)
    times = Part((whole, _stripped(stages), _stripped(stages[-2:]), ()), 2)
    place = Span(clip_place(subject, SHORT_CLIP_PLACE), Tone.MUTED)
    parts = [title, times, part(3, place, None)] if placed and place.text else [title, times]
    return fit_parts(parts, [], width, _ellipsis(context))


def _timeline(subject: Subject, context: RowContext) -> Spans:
    summary = subject.watched.summary
    if summary.seen_at is None:
        sign = glyph_of(summary.phase, ascii_only=context.ascii_only)
        return Span(f"{sign} ", summary.phase), Span(f"{tr('not seen by the gateway yet')}  ", Tone.MUTED)
    return timeline(summary, subject.history, context)


def _outlook(summary: TaskSummary, context: RowContext) -> Spans:
    outlook = outlook_of(context.learned_of(summary), summary.elapsed(context.now, context.skew), context.step)
    return (Span(outlook.text, outlook.tone),) if outlook else ()


def _note(summary: TaskSummary, context: RowContext) -> str:
    """Return what is not as it should be with a task that has not failed; "" for any other."""
    if Mark.STALE in marks_of(summary, context.now, context.interval_of):
        moment = clock_time(summary.seen_at or context.now, context.now, context.zone)
        return tr("not heard of since {moment}", moment=moment)
    return "" if summary.seen_at is None else why_of(summary, context)


def _reason(subject: Subject, width: int, context: RowContext) -> list[Line]:
    """Return why a task, or the clip, is not well in the gateway's words, and under them what they mean."""
    summary, clip = subject.watched.summary, subject.clip
    untold = tr(reasons.UNTOLD) if summary.phase is Phase.FAILED else ""
    words = why_of(summary, context) if reason_of(summary) else (clip.error if clip else "") or untold
    if not words:
        return []
    meaning = reasons.explain(reason_of(summary) or words)
    return [
        *_rows(words, summary.phase, width, MOST_REASON_ROWS, context),
        *(_rows(meaning.sentence, Tone.PLAIN, width, MOST_REASON_ROWS, context) if meaning else ()),
    ]


def _described(subject: Subject, width: int, context: RowContext) -> Iterator[Line]:
    """Yield what was made of what: in one row where that is enough, the tags in another where it is not.

    What is not as it should be stands in place of the first, so that nothing moves when that comes with time.
    """
    summary = subject.watched.summary
    note = _note(summary, context)
    facts, tags = (Span(note, _tone_of(summary)),) if note else _facts(subject, context), _tags(subject, context)
    if not note:
        yield _one_row(_progress(summary, context), width, context)
    together = _spaced((*facts, *tags))
    if summary.kind is Kind.LYRICS and sum(span.width for span in together) <= width:
        yield Line(together)
    else:
        yield _one_row(_spaced(facts), width, context)
        yield _one_row(tags, width, context)


def _tone_of(summary: TaskSummary) -> Phase:
    return Phase.MISSING if summary.phase is Phase.MISSING else Phase.PARTIAL


def _facts(subject: Subject, context: RowContext) -> Spans:
    """Return length, model and label; of lyrics how much there is to sing."""
    summary, clip, label = subject.watched.summary, subject.clip, subject.watched.label
    length = exact_duration(clip.duration) if clip and clip.duration is not None else ""
    words = subject.task.lyrics.text if subject.task and subject.task.lyrics else ""
    facts = (
        Span(length),
        Span(measured(words), Tone.MUTED),
        Span(counted(subject.task) if summary.kind.is_seen else "", Tone.MUTED),
        Span(encodable((clip.model if clip else "") or summary.model, context.encoding), Tone.MUTED),
        Span(clip.size if clip else "", Tone.MUTED),
        Span(f"#{encodable(label, context.encoding)}" if label and label != subject.title else "", Tone.ACCENT),
    )
    return tuple(fact for fact in facts if fact.text)


def _progress(summary: TaskSummary, context: RowContext) -> Spans:
    """Return how far a picture or a video is, and that this number was measured."""
    told = "" if summary.progress is None else progress_words(summary, ascii_only=context.ascii_only)
    number, _, bar = told.partition(" % ")
    return (
        (Span(f"{number} % "), Span(bar, Phase.RUNNING), Span(f"  {tr('told by the gateway')}", Tone.MUTED))
        if told
        else ()
    )


def _expiry(subject: Subject, context: RowContext) -> Spans:
    summary, clip = subject.watched.summary, subject.clip
    if not summary.phase.final or summary.expires_at is None:
        return ()
    expires_at = summary.expires_at if clip is None else clip.expires_at
    soon = expires_at is not None and expires_at - context.now <= DIES_SOON and not subject.watched.files
    words = expiry_words(expires_at, context.now, context.zone)
    return (Span(words, Tone.WARNING if soon else Tone.MUTED),) if words else ()


def _tags(subject: Subject, context: RowContext) -> Spans:
    clip = subject.clip
    tags = (clip.tags if clip else "") or subject.watched.summary.tags
    return (Span(encodable(tags.replace("\n", " "), context.encoding), Tone.MUTED),) if tags.strip() else ()


_SECTION = r"(?m)^\s*\[[^\[\]\n]{1,60}\]\s*$"
_VERSE = r"(?mi)^\s*\[\s*(?:verse|主歌)[^\[\]\n]{0,50}\]\s*$"
_STANZA = r"\n\s*\n"
_WORD = r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+(?:['’-]\w+)*"


def measured(lyrics: str) -> str:
    """Return how many verses and words there are to sing; an ideograph counts as a word, a stanza as a verse."""
    sung = re.sub(_SECTION, "", lyrics).strip()
    if not sung:
        return ""
    verses = len(re.findall(_VERSE, lyrics)) or len([stanza for stanza in re.split(_STANZA, sung) if stanza.strip()])
    words = len(re.findall(_WORD, sung))
    return clauses(tr_n("{n:,} verse", "{n:,} verses", verses), tr_n("{n:,} word", "{n:,} words", words))


def _clips(subject: Subject, width: int, context: RowContext) -> Iterator[Line]:
    clips = subject.task.clips if subject.task else ()
    if not clips or (len(clips) == 1 and clips[0].kind.is_seen):
        return
    chosen = min(subject.clip_index, len(clips) - 1)
    if width >= ROOM_FOR_CLIPS and len(clips) <= MOST_CLIP_ROWS:
        for place, clip in enumerate(clips):
            yield _one_row(_clip_row(clip, place, context, chosen=place == chosen), width, context)
        return
    chips = [_chip(clip, place, context, chosen=place == chosen) for place, clip in enumerate(clips)]
    short = [_chip(clip, place, context, chosen=place == chosen, short=True) for place, clip in enumerate(clips)]
    fits = sum(span.width for chip in chips for span in chip) <= width
    yield _one_row(tuple(span for chip in (chips if fits else short) for span in chip), width, context)


def _chip(clip: Clip, place: int, context: RowContext, *, chosen: bool, short: bool = False) -> Spans:
    """Return one of several clips in a row: its number, its sign, and how long it is or why there is nothing."""
    length = exact_duration(clip.duration) if clip.duration is not None else ""
    words = length or ("" if short else _unheard(clip))
    tone = Tone.STRONG if chosen else Tone.MUTED
    sign = Span(glyph_of(clip.phase, ascii_only=context.ascii_only), clip.phase, f"{CLIP_PRESS}{place}")
    inner = (
        Span(f"{place + 1} ", tone, sign.action),
        sign,
        Span(f" {words}" if words else "", tone if length else Tone.MUTED, sign.action),
    )
    before, after = ("[", "]") if chosen else (" ", " ")
    return Span(before, Tone.TAG), *inner, Span(f"{after}  ", Tone.TAG)


def _clip_row(clip: Clip, place: int, context: RowContext, *, chosen: bool) -> Spans:
    action = f"{CLIP_PRESS}{place}"
    length = exact_duration(clip.duration) if clip.duration is not None else ""
    before, after = ("[", "]") if chosen else (" ", " ")
    sign = glyph_of(clip.phase, ascii_only=context.ascii_only)
    return (
        Span(before, Tone.TAG),
        Span(f"{place + 1}", Tone.STRONG if chosen else Tone.MUTED, action),
        Span(f"{after} ", Tone.TAG),
        Span(f"{sign} {fit(tr(clip.phase), PHASE_WIDTH)} ", clip.phase, action),
        Span(f"{length:>4}  ", Tone.PLAIN if chosen else Tone.MUTED, action),
        Span(encodable(reasons.told(clip.error) or _unheard(clip), context.encoding), Tone.MUTED, action),
    )


def _unheard(clip: Clip) -> str:
    """Return why there is no file of a clip to be heard; "" where there is, and where its sign says it all."""
    if clip.kind.is_seen:
        return unseen_words(clip)
    if clip.phase in {Phase.WAITING, Phase.RUNNING} or (clip.phase is Phase.STREAMING and not clip.has_audio):
        return tr("nothing to hear yet")
    if clip.phase is Phase.STREAMING:
        return tr("can be heard, no file yet")
    return tr("no file offered") if clip.phase is Phase.DONE and not clip.has_audio else ""


def _rows(text: str, tone: Tone | Phase, width: int, most: int, context: RowContext) -> list[Line]:
    """Return a text folded to the width, cut where it takes more rows than it may."""
    folded = fold([Line((Span(encodable(text, context.encoding), tone),))], width)
    if len(folded) <= most:
        return folded
    rest = " ".join(row.text for row in folded[most - 1 :])
    return [*folded[: most - 1], _one_row((Span(rest, tone),), width, context)]


def _one_row(spans: Spans, width: int, context: RowContext) -> Line:
    return Line(cut_spans(_stripped(spans), width, _ellipsis(context)))


def _ellipsis(context: RowContext) -> str:
    return ellipsis_of(ascii_only=context.ascii_only)


def _spaced(spans: Iterable[Span]) -> Spans:
    return tuple(span for one in spans for span in (Span("  "), one))[1:]


def _stripped(spans: Sequence[Span]) -> Spans:
    """Return the spans without the blanks at their end."""
    kept = list(spans)
    while kept and not kept[-1].text.strip(" "):
        kept.pop()
    return (*kept[:-1], kept[-1]._replace(text=kept[-1].text.rstrip(" "))) if kept else ()
