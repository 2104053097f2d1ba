"""What is worth a word beside a task's phase: that it waits for somebody, that it stands still, why it failed."""

from __future__ import annotations

from enum import StrEnum

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.judging import Verdict, verdict_of
from ecovai_tui.tasks.model import IntervalOf, Phase, TaskSummary


class Mark(StrEnum):
    """What a line says beside the phase, the gravest first."""

    NEEDS_YOU = later("needs you")
    STALE = later("stale")
    STALLED = later("stalled")
    NO_AUDIO = later("no audio")
    NO_FILE = later("no file yet")


TIMED_MARKS = (Mark.STALE, Mark.STALLED)
"""Those that come by the passing of time alone."""


def marks_of(summary: TaskSummary, now: float, interval_of: IntervalOf) -> tuple[Mark, ...]:
    """Return what is worth a word beside the phase, the gravest first."""
    found = (
        (Mark.NEEDS_YOU, summary.needs_you),
        (Mark.STALE, summary.phase.active and summary.stale(now, interval_of(summary, now))),
        (Mark.STALLED, summary.stalled(now)),
        (Mark.NO_AUDIO, summary.no_audio),
        (Mark.NO_FILE, summary.no_file),
    )
    return tuple(mark for mark, holds in found if holds)


def reason_of(summary: TaskSummary) -> str:
    """Return in the gateway's words why a task is not well, or what could not be read of it; "" where all is well."""
    if summary.phase is Phase.UNKNOWN and summary.status:
        return f'"{summary.status}"'
    saved = summary.phase is Phase.DONE and verdict_of(summary.status) is Verdict.FAILED
    if saved or summary.phase in {Phase.FAILED, Phase.PARTIAL}:
        return summary.fail_reason or tr(summary.note)
    return tr(summary.note)
