"""What one line of a list shows of a task: for the table and for ``ls``, so that both say the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import tzinfo
from typing import NamedTuple

from ecovai_tui.store.ledger import Learned
from ecovai_tui.tasks.marks import Mark, marks_of, reason_of
from ecovai_tui.tasks.model import IntervalOf, Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import (
    MINUTE,
    clock_time,
    coarse_duration,
    exact_duration,
    floored_duration,
    running_duration,
)
from ecovai_tui.view.columns import COLUMNS, ColumnKey
from ecovai_tui.view.lines import Cell, Span, Tone, clips_cell, encodable, glyph_of

SHORT_STEP, LONG_STEP, LONGEST_STEP = 10, 20, 60
"""Seconds to which the time left is rounded up: within the last minute, before that, and from ten minutes on."""

TEN_MINUTES = 10 * MINUTE
SLOW = "slower than 9 of 10"


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
        return Outlook(SLOW, Tone.WARNING)
    left = learned.seconds_left(floored_duration(elapsed, step))
    return None if left is None else Outlook(f"~{_rounded(left)} left")


def outlook_in_full(learned: Learned | None, elapsed: float | None, step: int = 1) -> str:
    """Return the same as a sentence that says what it rests on; "" where too little is known."""
    outlook = outlook_of(learned, elapsed, step)
    if learned is None or outlook is None:
        return ""
    if outlook.text == SLOW:
        share, longest = "nine of ten", learned.ninetieth
    else:
        share, longest = "half", learned.median
    return f"{outlook.text}: of the last {learned.examples} like it, {share} took up to {exact_duration(longest)}"


def _rounded(left: float) -> str:
    step = SHORT_STEP if left <= MINUTE else LONG_STEP if left < TEN_MINUTES else LONGEST_STEP
    seconds = math.ceil(left / step) * step
    return exact_duration(seconds) if seconds < TEN_MINUTES else coarse_duration(seconds)


NO_TITLE = "-"


def nothing_learned(_summary: TaskSummary) -> Learned | None:
    """Return what is known of how long tasks take where nobody has looked."""
    return None


def nothing_told(_task_id: str) -> str:
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
    id_in_column: bool = True
    """Whether the id has a column of its own, so that it need not stand in place of a title."""
    zone: tzinfo | None = None
    """None for the local one."""
    learned_of: Callable[[TaskSummary], Learned | None] = nothing_learned
    """How long tasks like this one took."""
    told_of: Callable[[str], str] = nothing_told
    """What is told of a task for the moment, by its id, such as how far a download is."""


class Row(NamedTuple):
    """What one line shows."""

    id: str
    phase: Phase
    marks: tuple[Mark, ...]
    clip_phases: tuple[Phase, ...]
    cells: tuple[Cell, ...]
    """One for each of ``COLUMNS``."""

    def cell(self, key: ColumnKey) -> Cell:
        """Return the content of one column."""
        return self.cells[_PLACES[key]]


def build_row(watched: WatchedTask, context: RowContext) -> Row:
    """Return what a line shows of the task at the moment of the context."""
    summary = watched.summary
    marks = marks_of(summary, context.now, context.interval_of)
    cells = {
        ColumnKey.PHASE: _phase_cell(summary, marks, context),
        ColumnKey.CLIPS: clips_cell(summary.clip_phases, ascii_only=context.ascii_only),
        ColumnKey.TIME: Cell((Span(time_text(summary, context)),)),
        ColumnKey.TITLE: _title_cell(watched, context),
        ColumnKey.WHEN: _muted(_when(watched, context)),
        ColumnKey.MODEL: _muted(_written(summary.model or _kind_word(summary.kind), context)),
        ColumnKey.LABEL: Cell((Span(_written(_label_beside_title(watched), context)),)),
        ColumnKey.ID: _muted(summary.id),
    }
    return Row(summary.id, summary.phase, marks, summary.clip_phases, tuple(cells[column.key] for column in COLUMNS))


def time_text(summary: TaskSummary, context: RowContext) -> str:
    """Return the time that an active task has been under way, or how long a final one took; "" where nobody knows."""
    elapsed = summary.elapsed(context.now, context.skew)
    if elapsed is not None:
        return running_duration(elapsed, context.step)
    return "" if summary.duration is None else exact_duration(summary.duration)


def meaning_of(summary: TaskSummary) -> str:
    """Return what the phase means for this task, so that it says the same as the marks and clips beside it."""
    live_only = Phase.STREAMING in summary.clip_phases and Phase.DONE not in summary.clip_phases
    stories = (
        (Phase.WAITING, summary.needs_you, "the gateway waits for a mask or a text of yours"),
        (Phase.DONE, summary.no_audio, "finished, but an address to listen to is missing"),
        (Phase.DONE, summary.awaits_file, "finished, and can be heard, but a file has not come yet"),
        (Phase.PARTIAL, live_only, "only a live stream can be heard, and there is no file"),
        (Phase.PARTIAL, summary.no_audio, "some clips failed, and an address to listen to is missing"),
        (Phase.UNKNOWN, bool(summary.note), "what the gateway sent could not be read"),
    )
    told = (words for phase, holds, words in stories if holds and phase is summary.phase)
    return next(told, summary.phase.meaning)


def _phase_cell(summary: TaskSummary, marks: tuple[Mark, ...], context: RowContext) -> Cell:
    phase = summary.phase
    glyph = glyph_of(phase, ascii_only=context.ascii_only)
    whole = Span(f"{glyph} {phase}", phase)
    if not marks:
        return Cell((whole,))
    word = Span(f" {marks[0]}{_age(summary, context) if marks[0] is Mark.STALE else ''}", Tone.WARNING)
    return Cell((whole, word), (Span(glyph, phase), word))


def _age(summary: TaskSummary, context: RowContext) -> str:
    """Return how old the data is, from a minute on and in its largest unit, so that it rarely changes."""
    age = context.now - (summary.seen_at or context.now)
    return f" {coarse_duration(age).partition(' ')[0]}" if age >= MINUTE else ""


def _title_cell(watched: WatchedTask, context: RowContext) -> Cell:
    """Return what tells the task from others: title, else label, else what is wrong with it, else its id or a dash.

    Behind it stands what is wrong, and what to expect of a task under way.
    """
    title, reason = _title_of(watched), context.told_of(watched.id) or reason_of(watched.summary)
    if title:
        spans = [Span(_written(title, context))]
        spans += [Span(f"  {_written(reason, context)}", Tone.MUTED)] if reason else []
    else:
        stand_in = NO_TITLE if context.id_in_column else watched.id
        spans = [Span(_written(reason or stand_in, context), Tone.MUTED)]
    return Cell((*spans, *_outlook(watched.summary, context)))


def _title_of(watched: WatchedTask) -> str:
    return watched.summary.title or watched.label


def _label_beside_title(watched: WatchedTask) -> str:
    """Return the label, "" where the title says the same already."""
    return "" if watched.label == _title_of(watched) else watched.label


def _outlook(summary: TaskSummary, context: RowContext) -> tuple[Span, ...]:
    elapsed = summary.elapsed(context.now, context.skew)
    if elapsed is None:
        return ()
    outlook = outlook_of(context.learned_of(summary), elapsed, context.step)
    return (Span(f"  {outlook.text}", outlook.tone),) if outlook else ()


def _when(watched: WatchedTask, context: RowContext) -> str:
    moment = watched.summary.submitted_at or watched.added_at
    return "" if moment is None else clock_time(moment, context.now, context.zone)


def _kind_word(kind: Kind) -> str:
    return "lyrics" if kind is Kind.LYRICS else ""


def _muted(text: str) -> Cell:
    return Cell((Span(text, Tone.MUTED),))


def _written(text: str, context: RowContext) -> str:
    return encodable(text, context.encoding)


_PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
