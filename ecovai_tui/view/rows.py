"""What one line of a list shows of a task: for the table and for ``ls``, so that both say the same."""

import math
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import NamedTuple

from ecovai_tui.language import later, tr
from ecovai_tui.store.ledger import Learned
from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.judging import Mark, marks_of, reason_of
from ecovai_tui.tasks.model import IntervalOf, Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tasks.times import (
    MINUTE,
    clock_time,
    coarse_duration,
    duration_in_words,
    exact_duration,
    floored_duration,
    short_duration,
    short_moment,
)
from ecovai_tui.view.columns import COLUMNS, Row
from ecovai_tui.view.lines import Cell, Span, Tone, encodable, glyph_of
from ecovai_tui.view.pictures import dying_words, progress_words

SHORT_STEP, LONG_STEP, LONGEST_STEP = 10, 20, 60
"""Seconds to which the time left is rounded up: within the last minute, before that, and from ten minutes on."""

TEN_MINUTES = 10 * MINUTE
SLOW = later("slower than 9 of 10")


class Outlook(NamedTuple):
    """A few words on a task under way."""

    text: str
    tone: Tone = Tone.MUTED


def outlook_of(learned: Learned | None, elapsed: float | None, step: int = 1) -> Outlook | None:
    """Return the words, None where too little is known; ``elapsed`` in seconds, floored to ``step`` as it is shown.

    So the words change only when the running time beside them does, and less often.
    """
    if learned is None or elapsed is None:
        return None
    if learned.is_slow(elapsed):
        return Outlook(tr(SLOW), Tone.WARNING)
    left = learned.seconds_left(floored_duration(elapsed, step))
    return None if left is None else Outlook(tr("~{duration} left", duration=_rounded(left)))


def outlook_in_full(learned: Learned | None, elapsed: float | None, step: int = 1) -> str:
    """Return the same as a sentence that says what it rests on; "" where too little is known."""
    outlook = outlook_of(learned, elapsed, step)
    if learned is None or elapsed is None or outlook is None:
        return ""
    told, longest = later("{outlook}: of the last {n} like it, half took up to {duration}"), learned.median
    if learned.is_slow(elapsed):
        told, longest = (
            later("{outlook}: of the last {n} like it, nine of ten took up to {duration}"),
            learned.ninetieth,
        )
    return tr(told, outlook=outlook.text, n=learned.examples, duration=exact_duration(longest))


def _rounded(left: float) -> str:
    step = SHORT_STEP if left <= MINUTE else LONG_STEP if left < TEN_MINUTES else LONGEST_STEP
    seconds = math.ceil(left / step) * step
    return exact_duration(seconds) if seconds < TEN_MINUTES else duration_in_words(seconds)


def nothing_learned(_summary: TaskSummary) -> Learned | None:
    """Return what is known of how long tasks take where nobody has looked."""
    return None


def nothing_told(_id: str) -> str:
    """Return what is told of a task for the moment where nothing is."""
    return ""


class RowContext(NamedTuple):
    """What a line depends on beside its task; times and durations are in seconds."""

    now: float
    interval_of: IntervalOf
    """How long it is between two looks at a task."""
    skew: float = 0.0
    """The gateway's clock minus ours."""
    step: int = 1
    """A running time is floored to this."""
    ascii_only: bool = False
    """Whether signs are drawn in ASCII; the text of others stays."""
    encoding: str = "utf-8"
    """In what the line is written, in Python's words."""
    zone: tzinfo | None = None
    """None for the local one."""
    learned_of: Callable[[TaskSummary], Learned | None] = nothing_learned
    """How long tasks like this one took."""
    told_of: Callable[[str], str] = nothing_told
    """What is told of a task for the moment beside all else, such as how far its download is."""


def build_row(watched: WatchedTask, context: RowContext) -> Row:
    """Return what a line shows of the task at the moment of the context."""
    summary = watched.summary
    marks, note = marks_of(summary, context.now, context.interval_of), note_of(watched, context)
    title, label = _title(watched, note, context), _written(_label_beside_title(watched), context)
    cells = {
        ColumnKey.PHASE: _phase_cell(summary, marks, context),
        ColumnKey.CLIPS: _clips_cell(watched, context),
        ColumnKey.TIME: _time_cell(summary, context),
        ColumnKey.TITLE: Cell(_beside(title, note)),
        ColumnKey.LENGTH: _muted(_length(summary)),
        ColumnKey.LABEL: Cell((Span(label, Tone.ACCENT),)),
        ColumnKey.WHEN: _muted(_when(watched, context)),
        ColumnKey.MODEL: _muted(_written(summary.model or _kind_word(summary.kind), context)),
        ColumnKey.ID: _muted(summary.id.removeprefix(ID_PREFIX)),
    }
    ordered = tuple(cells[column.key] for column in COLUMNS)
    return Row(summary.id, summary.phase, marks, summary.clip_phases, title, label, note, ordered)


ID_PREFIX = "task_"
"""What all ids of one kind begin with, so that it tells none from another."""


def time_text(summary: TaskSummary, context: RowContext) -> str:
    """Return the time that an active task has been under way, or how long a final one took; "" where nobody knows."""
    elapsed = summary.elapsed(context.now, context.skew)
    if elapsed is not None:
        return short_duration(floored_duration(elapsed, context.step), running=True)
    return "" if summary.duration is None else short_duration(summary.duration)


def _time_cell(summary: TaskSummary, context: RowContext) -> Cell:
    """Return how long it took; times that no longer run are quiet."""
    return Cell((Span(time_text(summary, context), Tone.PLAIN if summary.phase.active else Tone.MUTED),))


def meaning_of(summary: TaskSummary) -> str:
    """Return what the phase means for this task, so that it says the same as the marks and clips beside it."""
    live_only = Phase.STREAMING in summary.clip_phases and Phase.DONE not in summary.clip_phases
    stories = (
        (Phase.WAITING, summary.needs_you, tr("the gateway waits for a mask or a text of yours")),
        (Phase.RUNNING, summary.kind.is_seen, tr("in progress, nothing to see yet")),
        (Phase.DONE, summary.no_file, tr("finished, but its address has not come yet")),
        (Phase.DONE, summary.no_audio, tr("finished, but an address to listen to is missing")),
        (Phase.DONE, summary.awaits_file, tr("finished, and can be heard, but a file has not come yet")),
        (Phase.PARTIAL, live_only, tr("only a live stream can be heard, and there is no file")),
        (Phase.PARTIAL, summary.no_audio, tr("some clips failed, and an address to listen to is missing")),
        (Phase.UNKNOWN, bool(summary.note), tr("what the gateway sent could not be read")),
    )
    told = (words for phase, holds, words in stories if holds and phase is summary.phase)
    return next(told, tr(summary.phase.meaning))


KIND_SIGNS = {"lyrics": ("✎", "L"), "picture": ("▢", "P"), "video": ("▻", "V")}
"""What stands in the place of clips for a task of another kind than songs, also in ASCII."""


FILE_SIGN = ("↧", "v")
"""What tells that a file of a task was saved, also in ASCII."""

FILE_AT = 5
"""The cell in which it stands, if the clips leave it free."""


def _clips_cell(watched: WatchedTask, context: RowContext) -> Cell:
    """Return the signs of the clips or of another kind, and behind them that of a file."""
    summary, ascii_only = watched.summary, context.ascii_only
    sign = KIND_SIGNS.get(summary.kind.value)
    if sign is None or (summary.clip_phases and not summary.kind.is_seen):
        cell = clips_cell(summary.clip_phases, ascii_only=ascii_only)
    else:
        cell = Cell((Span(f" {sign[ascii_only]}", Tone.MUTED),))
    if not watched.files:
        return cell
    blanks = " " * max(1, FILE_AT - cell_width(cell.text))
    return Cell((*cell.spans, Span(f"{blanks}{FILE_SIGN[ascii_only]}")), cell.short)


def _phase_cell(summary: TaskSummary, marks: tuple[Mark, ...], context: RowContext) -> Cell:
    """Return the sign and the word of the phase; what is finished is quiet but for its sign."""
    phase = summary.phase
    glyph = Span(glyph_of(phase, ascii_only=context.ascii_only), phase)
    word = Span(f" {tr(phase)}", Tone.MUTED if phase is Phase.DONE else phase)
    if not marks:
        return Cell((glyph, word))
    mark = Span(f" {tr(marks[0])}{_age(summary, context) if marks[0] is Mark.STALE else ''}", Tone.WARNING)
    return Cell((glyph, word, mark), (glyph, mark))


def _age(summary: TaskSummary, context: RowContext) -> str:
    """Return how old the data is, from a minute on and in its largest unit, so that it rarely changes."""
    age = context.now - (summary.seen_at or context.now)
    return f" {coarse_duration(age).partition(' ')[0]}" if age >= MINUTE else ""


def note_of(watched: WatchedTask, context: RowContext) -> Span | None:
    """Return what a row and a card say of a task beside its title: what is wrong, or what to expect; None for nothing.

    What is told for the moment goes first, and what is wrong before what is to be expected.
    """
    summary = watched.summary
    told = context.told_of(summary.id) or why_of(summary, context)
    if told:
        return Span(_written(told, context), Tone.MUTED)
    if summary.expires_at and (dying := dying_words(watched, context.now, context.zone)):
        return Span(dying, Tone.WARNING)
    if summary.progress is not None and (progress := progress_words(summary, ascii_only=context.ascii_only)):
        return Span(_written(progress, context), Phase.RUNNING)
    elapsed = summary.elapsed(context.now, context.skew)
    outlook = None if elapsed is None else outlook_of(context.learned_of(summary), elapsed, context.step)
    return Span(outlook.text, outlook.tone) if outlook else None


def why_of(summary: TaskSummary, context: RowContext) -> str:
    """Return what is not well with a task, in the words of its row and its card; "" where all is."""
    if summary.phase is Phase.UNKNOWN and summary.status:
        return tr("the gateway says {status}", status=summary.status)
    quiet = summary.quiet_since if summary.stalled(context.now) else None
    still = "" if quiet is None else tr("no change since {moment}", moment=clock_time(quiet, context.now, context.zone))
    stories = (
        (bool(reason_of(summary)), reason_of(summary)),
        (summary.phase is Phase.MISSING, tr("not known with this key")),
        (summary.needs_you, tr("answer it in the gateway")),
        (summary.no_audio, tr("no file offered")),
        (summary.no_file, tr("no address yet")),
        (bool(still), still),
        (summary.seen_at is None and summary.phase is Phase.WAITING, tr("not seen by the gateway yet")),
    )
    return next((words for holds, words in stories if holds), "")


def _title(watched: WatchedTask, note: Span | None, context: RowContext) -> Span:
    """Return what tells the task from others: title, else label, else "" where a note does so, else its id."""
    title, unheard = _title_of(watched), watched.summary.seen_at is None or watched.summary.phase is Phase.MISSING
    if title or (note and not unheard):
        return Span(_written(title, context))
    return Span(watched.id, Tone.MUTED)


def _beside(title: Span, note: Span | None) -> tuple[Span, ...]:
    if note is None:
        return (title,)
    return (title, note._replace(text=f"  {note.text}")) if title.text else (note,)


def _title_of(watched: WatchedTask) -> str:
    return watched.summary.title or watched.label


def _label_beside_title(watched: WatchedTask) -> str:
    """Return the label, "" where the title says the same already."""
    return "" if watched.label == _title_of(watched) else watched.label


def _when(watched: WatchedTask, context: RowContext) -> str:
    moment = watched.summary.submitted_at or watched.added_at
    return "" if moment is None else short_moment(moment, context.now, context.zone)


def _kind_word(kind: Kind) -> str:
    return tr(kind) if kind is Kind.LYRICS or kind.is_seen else ""


def _length(summary: TaskSummary) -> str:
    """Return how long its song or video is, or how many pictures it has."""
    if summary.length is not None:
        return exact_duration(summary.length)
    pictures = len(summary.clip_phases) if summary.kind is Kind.PICTURE else 0
    return tr("{n} pics", n=pictures) if pictures > 1 else ""


def _muted(text: str) -> Cell:
    return Cell((Span(text, Tone.MUTED),))


def _written(text: str, context: RowContext) -> str:
    return encodable(text, context.encoding)


def clips_cell(phases: Sequence[Phase], *, ascii_only: bool = False) -> Cell:
    """Return the glyphs of all clips with room between them for the brackets of a chosen one."""
    glyphs = [Span(glyph_of(phase, ascii_only=ascii_only), phase) for phase in phases]
    spaced = [span for glyph in glyphs for span in (Span(" "), glyph)]
    return Cell(tuple(spaced), tuple(glyphs))


def chosen_clip_cell(phases: Sequence[Phase], chosen: int, width: int, *, ascii_only: bool = False) -> Cell:
    """Return as many glyphs as fit into so many cells, those around the chosen one, which stands in brackets."""
    room = max(1, (width - 1) // 2)
    first = max(0, min(chosen - room // 2, len(phases) - room))
    shown = range(first, min(first + room, len(phases)))
    spans = [span for number in shown for span in _glyph_before(phases, number, chosen, ascii_only)]
    if chosen == shown[-1]:
        spans.append(Span("]", phases[chosen]))
    return Cell(tuple(spans))


def clip_at(x: int, phases: Sequence[Phase], chosen: int | None, width: int) -> int:
    """Return which clip stands at a place (in cells) of a cell so wide.

    ``chosen`` is the one in brackets there, as ``chosen_clip_cell`` has it; None where ``clips_cell`` made the cell.
    """
    if chosen is None:
        spaced = 2 * len(phases) <= width
        return _nearest(max(0, x - 1) // 2 if spaced else x, phases)
    room = max(1, (width - 1) // 2)
    first = max(0, min(chosen - room // 2, len(phases) - room))
    return _nearest(first + max(0, x - 1) // 2, phases)


def _nearest(number: int, phases: Sequence[Phase]) -> int:
    return max(0, min(number, len(phases) - 1))


def _glyph_before(phases: Sequence[Phase], number: int, chosen: int, ascii_only: bool) -> tuple[Span, Span]:
    glyph = Span(glyph_of(phases[number], ascii_only=ascii_only), phases[number])
    if number == chosen:
        return Span("[", phases[chosen]), glyph
    return Span("]", phases[chosen]) if number == chosen + 1 else Span(" "), glyph
