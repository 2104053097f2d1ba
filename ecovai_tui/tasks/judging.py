"""Judging: from a gateway's raw words and the state of its clips to a phase, its marks, and what changed of a task.

Clips decide what is usable; the task's word decides what is over.
"""

from collections.abc import Sequence
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from ecovai_tui.language import later
from ecovai_tui.tasks.model import (
    Clip,
    IntervalOf,
    Lyrics,
    Phase,
    Task,
    TaskSummary,
    is_audio_address,
    is_web_address,
    waits_for_user,
)
from ecovai_tui.tasks.text import unpacked


class Verdict(Enum):
    """What a task's word says is over."""

    NEW = auto()
    UNDER_WAY = auto()
    SUCCEEDED = auto()
    FAILED = auto()
    UNHEARD_OF = auto()

    @property
    def final(self) -> bool:
        """Whether nothing more will come."""
        return self in {Verdict.SUCCEEDED, Verdict.FAILED}


CANCELLED = "cancelled"
"""The reason of a task or clip that somebody stopped, where the gateway gives no other."""

CANCEL_WORDS = ("CANCEL", "CANCELLED", "CANCELED")
GOOD_WORDS = ("SUCCESS", "SUCCEED", "SUCCEEDED", "COMPLETE", "COMPLETED", "FINISHED", "DONE", "READY")
BAD_WORDS = ("FAILURE", "FAIL", "FAILED", "ERROR", *CANCEL_WORDS)

TASK_WORDS = {
    **dict.fromkeys(("", "NOT_START", "SUBMITTED", "QUEUED", "PENDING", "MODAL"), Verdict.NEW),
    **dict.fromkeys(("IN_PROGRESS", "PROCESSING", "RUNNING", "STREAMING"), Verdict.UNDER_WAY),
    **dict.fromkeys(GOOD_WORDS, Verdict.SUCCEEDED),
    **dict.fromkeys(BAD_WORDS, Verdict.FAILED),
}
"""Every word that new-api, one-hub, Suno-API and their resellers use for a task."""

CLIP_WORDS = {
    **dict.fromkeys(("SUBMITTED", "QUEUED", "NOT_START", "PENDING"), Phase.WAITING),
    **dict.fromkeys(("GENERATING", "PROCESSING", "IN_PROGRESS", "RUNNING"), Phase.RUNNING),
    "STREAMING": Phase.STREAMING,
    **dict.fromkeys(GOOD_WORDS, Phase.DONE),
    **dict.fromkeys(BAD_WORDS, Phase.FAILED),
}
"""Every word that Suno and its resellers use for a clip."""

WORD_PHASES = {
    Verdict.NEW: Phase.WAITING,
    Verdict.UNDER_WAY: Phase.RUNNING,
    Verdict.SUCCEEDED: Phase.DONE,
    Verdict.FAILED: Phase.FAILED,
    Verdict.UNHEARD_OF: Phase.UNKNOWN,
}
"""The phase of a task of which only the word is known."""


class Evidence(NamedTuple):
    """All that judging a task looks at; ``progress`` is in per cent."""

    status: str
    clips: Sequence[Clip] = ()
    """Each judged by its own word alone, as by ``judge_clip``."""
    lyrics: Lyrics | None = None
    lyrics_status: str = ""
    fail_reason: str = ""
    progress: float | None = None
    other_reasons: Sequence[str] = ()
    """Why it may have failed by other voices: the rest of a chain of gateways, its clips, its text."""

    @property
    def verdict(self) -> Verdict:
        """The verdict of the task's word; a stopped task that has a fail reason counts as failed (new-api)."""
        verdict = verdict_of(self.status)
        stopped = self.progress is not None and self.progress >= 100 and self._gives_reason  # noqa: PLR2004 per cent
        return Verdict.FAILED if stopped and not verdict.final else verdict

    @property
    def told_reason(self) -> str:
        """What stands in the field for a reason; new-api puts the address of a video there when all is well."""
        return self.fail_reason if self._gives_reason or self.verdict is Verdict.FAILED else ""

    @property
    def reason(self) -> str:
        """Why the task failed, if it did: its own words, else those of the others, else that it was stopped."""
        others = [told for told in self.other_reasons if not is_web_address(told)]
        cancelled = CANCELLED if spelled(self.status) in CANCEL_WORDS else ""
        return next(filter(None, (self.told_reason, *others, cancelled)), "")

    @property
    def _gives_reason(self) -> bool:
        return bool(self.fail_reason) and not is_web_address(self.fail_reason)


class Judgement(NamedTuple):
    """Where a task stands."""

    phase: Phase
    clips: tuple[Clip, ...] = ()
    """None of them open where the task is over."""
    fail_reason: str = ""


def verdict_of(word: str) -> Verdict:
    """Return what a task's word says, however it is spelled."""
    return TASK_WORDS.get(spelled(word), Verdict.UNHEARD_OF)


def judge_clip(status: str, audio_url: str) -> Phase:
    """Return the phase of a clip by itself; one with an address but no word that we know can be heard at least."""
    phase = CLIP_WORDS.get(spelled(status))
    if phase is not None:
        return phase
    if is_audio_address(audio_url):
        return Phase.STREAMING
    return Phase.UNKNOWN if spelled(status) else Phase.WAITING


def clip_error(status: str, told: str) -> str:
    """Return why a clip failed; an address in the place of a reason is none unless the clip did fail."""
    if CLIP_WORDS.get(spelled(status)) is Phase.FAILED:
        return told or (CANCELLED if spelled(status) in CANCEL_WORDS else "")
    return "" if is_web_address(told) else told


def judge(evidence: Evidence) -> Judgement:
    """Return where a task and each of its clips stands, and why it is not well."""
    clips = tuple(_settled(clip, evidence) for clip in evidence.clips)
    phase = _phase(evidence, clips)
    unwell = evidence.verdict is Verdict.FAILED or phase in {Phase.FAILED, Phase.PARTIAL}
    return Judgement(phase, clips, evidence.reason if unwell else evidence.told_reason)


def _settled(clip: Clip, evidence: Evidence) -> Clip:
    """Return a clip as the task's end leaves it: what stayed open has no file, or has failed with the task.

    A live stream that still plays stays one.
    """
    if not evidence.verdict.final or clip.phase.final:
        return clip
    playing = clip.phase is Phase.STREAMING and clip.has_audio
    if evidence.verdict is Verdict.FAILED:
        return clip if playing else clip._replace(phase=Phase.FAILED, error=clip.error or evidence.reason)
    if clip.error and not clip.has_audio:
        return clip._replace(phase=Phase.FAILED)
    return clip if playing and not clip.has_file else clip._replace(phase=Phase.DONE)


def _phase(evidence: Evidence, clips: Sequence[Clip]) -> Phase:
    if evidence.lyrics is not None:
        return _lyrics_phase(evidence, evidence.lyrics)
    if not clips:
        return WORD_PHASES[evidence.verdict]
    if evidence.verdict.final or all(clip.phase.final for clip in clips):
        return _final_phase(evidence.verdict, {clip.phase for clip in clips})
    return _open_phase(evidence.verdict, clips)


def _final_phase(verdict: Verdict, clips: set[Phase]) -> Phase:
    """Return the phase of a task that is over: after a failure nobody makes a file of a live stream any more."""
    whole = {Phase.DONE} if verdict is Verdict.FAILED else {Phase.DONE, Phase.STREAMING}
    if clips <= whole:
        return Phase.DONE
    return Phase.FAILED if clips == {Phase.FAILED} else Phase.PARTIAL


def _open_phase(verdict: Verdict, clips: Sequence[Clip]) -> Phase:
    if any(clip.usable for clip in clips):
        return Phase.STREAMING
    if any(clip.phase is Phase.FAILED for clip in clips):
        return Phase.RUNNING
    begun = any(clip.phase in {Phase.RUNNING, Phase.STREAMING} for clip in clips)
    return Phase.RUNNING if begun and verdict is Verdict.NEW else WORD_PHASES[verdict]


def _lyrics_phase(evidence: Evidence, lyrics: Lyrics) -> Phase:
    inner = verdict_of(evidence.lyrics_status) if evidence.lyrics_status else Verdict.NEW
    if lyrics.text and (evidence.verdict.final or inner is Verdict.SUCCEEDED):
        return Phase.DONE
    if Verdict.FAILED in {evidence.verdict, inner}:
        return Phase.FAILED
    return WORD_PHASES[evidence.verdict]


def spelled(word: str) -> str:
    """Return a gateway's word as the tables of words have it: in capitals, its parts joined by ``_``."""
    return word.strip().upper().replace("-", "_").replace(" ", "_")


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
        return summary.fail_reason or unpacked(summary.note)
    return unpacked(summary.note)


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
        appeared = Change(now, after.id, Aspect.APPEARED, "", after.phase)
        asks = Change(now, after.id, Aspect.STATUS, "", after.status)
        return (appeared, asks) if asks.asks_you else (appeared,)
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
