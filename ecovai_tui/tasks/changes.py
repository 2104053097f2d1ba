"""From two states of a task to the changes between them, and to the summary that remembers when they came."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.language import later
from ecovai_tui.tasks.model import Phase, Task, TaskSummary, waits_for_user

FINISHED = frozenset({Phase.DONE, Phase.PARTIAL})
"""Where an address of the audio is owed; elsewhere none has come because none is missed."""


class Aspect(StrEnum):
    """What of a task can change."""

    APPEARED = later("appeared")
    PHASE = later("phase")
    STATUS = later("status")
    CLIPS = later("clips")
    TITLE = later("title")
    REASON = later("reason")
    AUDIO = later("audio")
    FILE = later("file")
    PROGRESS = later("progress")
    CONTENT = later("content")


class Change(NamedTuple):
    """One entry of the ledger: what of a task changed when, and from what to what."""

    at: float
    id: str
    what: Aspect
    before: str = ""
    after: str = ""

    @property
    def asks_you(self) -> bool:
        """Whether the task waits for the user from this change on."""
        return self.what is Aspect.STATUS and waits_for_user(self.after)

    @property
    def makes_final(self) -> bool:
        """Whether the task became final by this."""
        return self.what is Aspect.PHASE and Phase(self.after).final and not Phase(self.before).final


def summarise(task: Task, before: TaskSummary | None, now: float, *, content_changed: bool) -> TaskSummary:
    """Return the summary of what was just heard of a task, given the one from before (None: never seen).

    ``content_changed`` tells whether anything of the task differs, also what a summary does not hold.
    """
    quiet_since, changed_at = _quiet_and_changed(task, before, now, content_changed)
    return TaskSummary(
        id=task.id,
        kind=task.kind,
        phase=task.phase,
        status=task.status,
        title=task.title,
        model=task.model,
        tags=task.tags,
        clip_phases=tuple(clip.phase for clip in task.clips),
        fail_reason=task.fail_reason,
        note=task.note,
        no_audio=task.no_audio,
        awaits_file=task.awaits_file,
        length=next((clip.duration for clip in task.clips if clip.duration), None),
        submitted_at=task.submitted_at,
        started_at=task.started_at,
        finished_at=task.finished_at,
        quiet_since=min(quiet_since, now),
        final_at=_final_at(task.phase, before, now),
        seen_at=now,
        changed_at=changed_at,
        progress=task.progress if task.phase.active else None,
        expires_at=task.expires_at,
    )


def declare_missing(before: TaskSummary, now: float) -> TaskSummary:
    """Return the summary of a task that the gateway answered not to know."""
    if before.phase is Phase.MISSING:
        return before._replace(seen_at=now)
    return before._replace(
        phase=Phase.MISSING, no_audio=False, awaits_file=False, seen_at=now, changed_at=now, final_at=None
    )


def changes_between(before: TaskSummary | None, after: TaskSummary, now: float) -> tuple[Change, ...]:
    """Return the ledger entries that lead from one summary to the next, the phase first."""
    if before is None or before.seen_at is None:
        return (Change(now, after.id, Aspect.APPEARED, "", after.phase),)
    pairs = (
        (Aspect.PHASE, before.phase, after.phase),
        (Aspect.STATUS, before.status, after.status),
        (Aspect.CLIPS, _told(before.clip_phases), _told(after.clip_phases)),
        (Aspect.TITLE, before.title, after.title),
        (Aspect.REASON, before.fail_reason, after.fail_reason),
        (Aspect.AUDIO, _audio(before), _audio(after) if after.phase in FINISHED else _audio(before)),
        (Aspect.FILE, _file(before), _file(after) if after.phase in FINISHED else _file(before)),
        (Aspect.PROGRESS, _percent(before), _percent(after) or _percent(before)),
    )
    found = tuple(Change(now, after.id, what, str(old), str(new)) for what, old, new in pairs if old != new)
    if not found and after.changed_at != before.changed_at:
        return (Change(now, after.id, Aspect.CONTENT),)
    return found


def _quiet_and_changed(
    task: Task, before: TaskSummary | None, now: float, content_changed: bool
) -> tuple[float, float]:
    """Return since when nothing changed, and when something was seen to: at first sight the gateway's times count."""
    if before is None or before.seen_at is None:
        return task.newest_time or now, now
    if content_changed:
        return now, now
    return before.quiet_since or now, before.changed_at or now


def _final_at(phase: Phase, before: TaskSummary | None, now: float) -> float | None:
    if not phase.final:
        return None
    return before.final_at if before is not None and before.final_at is not None else now


def _told(phases: tuple[Phase, ...]) -> str:
    return " ".join(phases)


def _audio(summary: TaskSummary) -> str:
    return "none" if summary.no_audio else ""


def _file(summary: TaskSummary) -> str:
    return "none" if summary.no_file else ""


def _percent(summary: TaskSummary) -> str:
    """Return the progress in whole per cent; that a task ended is told by its phase alone."""
    return "" if summary.progress is None else f"{summary.progress:.0f} %"
