"""What the ledger tells of a task: the phases it went through and how long it was in each, and its history as a page.

Times are Unix seconds of our own clock, durations whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Phase, TaskSummary
from ecovai_tui.tasks.text import cell_width, fit
from ecovai_tui.tasks.times import clock_time, floored_duration, full_time, short_duration
from ecovai_tui.view.lines import Line, Span, Tone, glyph_of, line
from ecovai_tui.view.rows import RowContext, time_text

_PHASES = frozenset({Aspect.APPEARED, Aspect.PHASE})


class Stage(NamedTuple):
    """One phase that a task went through, or is in."""

    phase: Phase
    began: float
    """When it began; when it was first seen, where nobody saw it begin."""
    offset: int = 0
    """Seconds from the first beginning that is known to this one."""
    spent: int | None = None
    """None for a phase that is final, and for one that nobody saw begin."""
    runs: bool = False
    """Whether the task is in it now, so that the time spent grows."""


def stages_of(summary: TaskSummary, history: Sequence[Change], context: RowContext) -> tuple[Stage, ...]:
    """Return the phases in which a task was under way, and the one that it is in now at the end."""
    moves = list(_moves(summary, history, context.skew))
    if not moves:
        return ()
    origin = next((at for at, _, measured in moves if measured), moves[-1][0])
    ends = [at for at, _, _ in moves[1:]]
    if moves[-1][1].final and ends:
        ends[-1] = _end(summary, moves[-2][0], ends[-1], context.skew)
    stages = [
        Stage(phase, at, round(at - origin), max(0, round(end - origin) - round(at - origin)) if measured else None)
        for (at, phase, measured), end in zip(moves, ends, strict=False)
        if phase.active
    ]
    return (*stages, _last(moves[-1], origin, context))


def _moves(summary: TaskSummary, history: Sequence[Change], skew: float) -> Iterator[tuple[float, Phase, bool]]:
    """Yield when each phase began, and whether that was seen; of final phases only the newest counts."""
    seen = [change for change in history if change.what in _PHASES]
    for place, change in enumerate(seen):
        phase, last = Phase(change.after), place == len(seen) - 1
        if change.what is Aspect.APPEARED:
            yield _first(summary, phase, change.at, skew)
        elif phase.active or last:
            yield change.at, phase, True


def _first(summary: TaskSummary, phase: Phase, at: float, skew: float) -> tuple[float, Phase, bool]:
    """Return since when a task is in the phase that it was first seen in: the gateway tells when it took it."""
    known = summary.submitted_at if phase is Phase.WAITING else summary.started_at
    since = at if known is None else min(at, known - skew)
    return since, phase, phase is Phase.WAITING and known is not None


def _end(summary: TaskSummary, began: float, seen: float, skew: float) -> float:
    """Return when the last phase under way ended: by the gateway where it says so, so that the sum is what it took."""
    return seen if summary.finished_at is None else max(began, summary.finished_at - skew)


def _last(move: tuple[float, Phase, bool], origin: float, context: RowContext) -> Stage:
    at, phase, measured = move
    offset = round(at - origin)
    if not phase.active or not measured:
        return Stage(phase, at, offset, None, runs=phase.active)
    elapsed = floored_duration(context.now - origin, context.step)
    return Stage(phase, at, offset, max(0, elapsed - offset), runs=True)


def timeline(summary: TaskSummary, history: Sequence[Change], context: RowContext) -> tuple[Span, ...]:
    """Return one part for each phase, its sign and the time spent there; the last one stands out.

    At the end of a task that part is the sum, as the row has it. Where the ledger has nothing, that part is all.
    """
    *earlier, last = stages_of(summary, history, context) or [Stage(summary.phase, context.now)]
    if not history:
        return _part(last, time_text(summary, context) or tr(summary.phase), context, Tone.PLAIN)
    parts = [span for stage in earlier for span in _part(stage, _time(stage, context), context, Tone.MUTED)]
    return (*parts, *_part(last, _last_time(last, summary, context), context, Tone.PLAIN))


def _part(stage: Stage, time: str, context: RowContext, tone: Tone) -> tuple[Span, Span]:
    return Span(f"{glyph_of(stage.phase, ascii_only=context.ascii_only)} ", stage.phase), Span(f"{time}  ", tone)


def _time(stage: Stage, context: RowContext) -> str:
    if stage.spent is None:
        return tr("from {moment}", moment=clock_time(stage.began, context.now, context.zone))
    return short_duration(stage.spent, running=stage.runs)


def _last_time(stage: Stage, summary: TaskSummary, context: RowContext) -> str:
    if not stage.phase.final:
        return _time(stage, context)
    return time_text(summary, context) or (short_duration(stage.offset) if stage.offset else _time(stage, context))


LEAST_BAR = 4
"""Cells that there are for a bar to be drawn."""

TIME_WIDTH, PHASE_WIDTH, WHAT_WIDTH = 10, 10, 8
"""Cells of the columns of times, phases and what changed, in the history."""


def history_page(summary: TaskSummary, history: Sequence[Change], width: int, context: RowContext) -> list[Line]:
    """Return the phases with their times, to scale in so many cells, and under them what changed, newest first."""
    if not history:
        return [line(tr("Nothing has been seen of this task yet."), Tone.MUTED)]
    stages = stages_of(summary, history, context)
    told_above = {(stage.began, stage.phase) for stage in stages}
    changes = [
        change
        for change in reversed(history)
        if change.what not in _PHASES or (change.at, change.after) not in told_above
    ]
    return [
        *_dated([(stage.began, [_stage_line(stage, stages, summary, width, context)]) for stage in stages], context),
        *([line(), line(tr("What changed"), Tone.MUTED)] if changes else ()),
        *_dated([(change.at, list(change_lines(change, context))) for change in changes], context),
    ]


def _dated(entries: Iterable[tuple[float, list[Line]]], context: RowContext) -> Iterator[Line]:
    """Yield the lines of each entry behind their times, and the day before the first of each day but today's."""
    day = full_time(context.now, context.zone).partition(" ")[0]
    for at, lines in entries:
        its_day, _, time = full_time(at, context.zone).partition(" ")
        if its_day != day:
            yield line(its_day, Tone.MUTED)
            day = its_day
        for told_of in lines:
            yield Line((Span(time.ljust(TIME_WIDTH), Tone.MUTED), *told_of.spans), TIME_WIDTH + WHAT_WIDTH)


def _stage_line(stage: Stage, stages: Sequence[Stage], summary: TaskSummary, width: int, context: RowContext) -> Line:
    """Return the phase, the time spent in it, and once it is over a bar: as long as it lasted, where it lay."""
    sign, total = glyph_of(stage.phase, ascii_only=context.ascii_only), stages[-1].offset
    spent = short_duration(stage.spent, running=stage.runs) if stage.spent is not None else ""
    spent = time_text(summary, context) if stage.phase.final else spent
    named = Span(f"{sign} {fit(tr(stage.phase), PHASE_WIDTH)} ", stage.phase)
    timed = Span(f"{spent:>4}  ", Tone.PLAIN if stage.runs else Tone.MUTED)
    room = width - TIME_WIDTH - named.width - timed.width
    if stage.spent is None or stage.runs or total <= 0 or room < LEAST_BAR:
        return Line((named, timed))
    start, end = (round(moment / total * room) for moment in (stage.offset, stage.offset + stage.spent))
    bar = ("=" if context.ascii_only else "▬") * max(1, end - start)
    return Line((named, timed, Span(" " * min(start, room - 1) + bar, stage.phase)))


def change_lines(change: Change, context: RowContext) -> Iterator[Line]:
    """Yield what changed as names and values: one line, but for clips one each."""
    before, after = change.before, change.after
    address = tr("no address any more") if after else tr("the address has come")
    named = {
        Aspect.APPEARED: (
            tr("first"),
            tr("seen") if after != Phase.MISSING else tr("asked for, not known to the gateway"),
        ),
        Aspect.STATUS: (
            tr("status"),
            tr("{after}, was {before}", after=after or tr("empty"), before=before or tr("empty")),
        ),
        Aspect.TITLE: (tr("title"), after or tr("gone")),
        Aspect.REASON: (tr("reason"), after or tr("gone")),
        Aspect.AUDIO: (tr("audio"), address),
        Aspect.FILE: (tr("file"), address),
        Aspect.PROGRESS: (tr("so far"), after),
        Aspect.CONTENT: (tr("other"), tr("something else about it changed")),
    }
    if change.what is Aspect.PHASE:
        told = tr("{after}, was {before}", after=_PLACE, before=tr(before) if before else tr("none"))
        first, _, last = told.partition(_PLACE)
        begin = (Span(first, Tone.MUTED),) if first else ()
        yield Line((_what(tr("phase")), *begin, *_phase_spans(after, context), Span(last, Tone.MUTED)))
    elif change.what is Aspect.CLIPS:
        yield from _clip_changes(before.split(), after.split(), context)
    else:
        name, value = named[change.what]
        yield Line((_what(name), Span(value)))


def _clip_changes(before: Sequence[str], after: Sequence[str], context: RowContext) -> Iterator[Line]:
    for number, (old, new) in enumerate(zip_longest(before, after, fillvalue=""), 1):
        if old != new:
            told_of = _phase_spans(new, context) if new else (Span(tr("gone")),)
            yield Line((_what(tr("clip {n}", n=number)), *told_of))


def _phase_spans(word: str, context: RowContext) -> tuple[Span, ...]:
    phase = Phase(word) if word in set(Phase) else None
    return (Span(f"{glyph_of(phase, ascii_only=context.ascii_only)} {tr(phase)}", phase) if phase else Span(word),)


_PLACE = "\0"
"""Stands in a sentence where a part comes that looks otherwise."""


def _what(name: str) -> Span:
    return Span(fit(name, max(WHAT_WIDTH, cell_width(name) + 1)))
