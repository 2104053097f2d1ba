"""The phases that a task went through and how long it was in each, from the ledger: for the card and for its history.

Times are Unix seconds of our own clock, durations whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Phase, TaskSummary
from ecovai_tui.tasks.times import clock_time, floored_duration, running_duration
from ecovai_tui.view.lines import Span, Tone, glyph_of
from ecovai_tui.view.rows import RowContext, time_text


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
    seen = [change for change in history if change.what in {Aspect.APPEARED, Aspect.PHASE}]
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
        return _part(last, time_text(summary, context) or summary.phase, context, Tone.PLAIN)
    parts = [span for stage in earlier for span in _part(stage, _time(stage, context), context, Tone.MUTED)]
    return (*parts, *_part(last, _last_time(last, summary, context), context, Tone.PLAIN))


def _part(stage: Stage, time: str, context: RowContext, tone: Tone) -> tuple[Span, Span]:
    return Span(f"{glyph_of(stage.phase, ascii_only=context.ascii_only)} ", stage.phase), Span(f"{time}  ", tone)


def _time(stage: Stage, context: RowContext) -> str:
    if stage.spent is None:
        return f"from {clock_time(stage.began, context.now, context.zone)}"
    return running_duration(stage.spent)


def _last_time(stage: Stage, summary: TaskSummary, context: RowContext) -> str:
    if not stage.phase.final:
        return _time(stage, context)
    return time_text(summary, context) or (running_duration(stage.offset) if stage.offset else _time(stage, context))
