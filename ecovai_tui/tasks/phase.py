"""Judging: from a gateway's raw words and the state of its clips to a phase.

Clips decide what is usable; the task's word decides what is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ecovai_tui.tasks.model import Clip, Lyrics, Phase, is_audio_address


class Verdict(Enum):
    """What a task's word says is over."""

    NEW = auto()
    UNDER_WAY = auto()
    SUCCEEDED = auto()
    FAILED = auto()
    UNHEARD_OF = auto()

    @property
    def final(self) -> bool:
        """Tell whether nothing more will come."""
        return self in {Verdict.SUCCEEDED, Verdict.FAILED}


TASK_WORDS = {
    **dict.fromkeys(("", "NOT_START", "SUBMITTED", "QUEUED", "PENDING"), Verdict.NEW),
    **dict.fromkeys(("IN_PROGRESS", "PROCESSING", "RUNNING", "STREAMING"), Verdict.UNDER_WAY),
    **dict.fromkeys(("SUCCESS", "SUCCEEDED", "COMPLETE", "COMPLETED"), Verdict.SUCCEEDED),
    **dict.fromkeys(("FAILURE", "FAIL", "FAILED", "ERROR"), Verdict.FAILED),
}
"""Every word that new-api, one-hub, Suno-API and their resellers use for a task."""

CLIP_WORDS = {
    **dict.fromkeys(("SUBMITTED", "QUEUED", "NOT_START", "PENDING"), Phase.WAITING),
    **dict.fromkeys(("GENERATING", "PROCESSING", "IN_PROGRESS", "RUNNING"), Phase.RUNNING),
    "STREAMING": Phase.STREAMING,
    **dict.fromkeys(("COMPLETE", "COMPLETED", "SUCCESS", "SUCCEEDED"), Phase.DONE),
    **dict.fromkeys(("ERROR", "FAILED", "FAIL", "FAILURE"), Phase.FAILED),
}
"""Every word that Suno and its resellers use for a clip."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that judging a task looks at; ``progress`` is in per cent."""

    status: str
    clips: Sequence[Clip] = ()
    lyrics: Lyrics | None = None
    lyrics_status: str = ""
    fail_reason: str = ""
    progress: float | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict of the task's word; a stopped task that has a fail reason counts as failed (new-api)."""
        verdict = verdict_of(self.status)
        stopped = self.progress is not None and self.progress >= 100 and bool(self.fail_reason)  # noqa: PLR2004 per cent
        return Verdict.FAILED if stopped and not verdict.final else verdict


def verdict_of(word: str) -> Verdict:
    """Return what a task's word says, however it is spelled."""
    return TASK_WORDS.get(_spelled(word), Verdict.UNHEARD_OF)


def judge_clip(status: str, audio_url: str) -> Phase:
    """Return the phase of a clip; one that has an address but no word that we know can be heard at least."""
    phase = CLIP_WORDS.get(_spelled(status))
    if phase is not None:
        return phase
    if is_audio_address(audio_url):
        return Phase.STREAMING
    return Phase.UNKNOWN if _spelled(status) else Phase.WAITING


def judge(evidence: Evidence) -> Phase:
    """Return the phase of a task."""
    if evidence.lyrics is not None:
        return _judge_lyrics(evidence, evidence.lyrics)
    if not evidence.clips:
        return _judge_word(evidence.verdict)
    if evidence.verdict.final or all(clip.phase.final for clip in evidence.clips):
        return _judge_finished(evidence.clips)
    return _judge_open(evidence.verdict, evidence.clips)


def _judge_word(verdict: Verdict) -> Phase:
    return {
        Verdict.NEW: Phase.WAITING,
        Verdict.UNDER_WAY: Phase.RUNNING,
        Verdict.SUCCEEDED: Phase.DONE,
        Verdict.FAILED: Phase.FAILED,
        Verdict.UNHEARD_OF: Phase.UNKNOWN,
    }[verdict]


def _judge_finished(clips: Sequence[Clip]) -> Phase:
    usable = sum(clip.usable for clip in clips)
    if usable == len(clips):
        return Phase.DONE
    return Phase.PARTIAL if usable else Phase.FAILED


def _judge_open(verdict: Verdict, clips: Sequence[Clip]) -> Phase:
    if any(clip.usable for clip in clips):
        return Phase.STREAMING
    if any(clip.phase is Phase.FAILED for clip in clips):
        return Phase.RUNNING
    begun = any(clip.phase in {Phase.RUNNING, Phase.STREAMING} for clip in clips)
    return Phase.RUNNING if begun and verdict is Verdict.NEW else _judge_word(verdict)


def _judge_lyrics(evidence: Evidence, lyrics: Lyrics) -> Phase:
    inner = verdict_of(evidence.lyrics_status) if evidence.lyrics_status else Verdict.NEW
    if lyrics.text and (evidence.verdict.final or inner is Verdict.SUCCEEDED):
        return Phase.DONE
    if Verdict.FAILED in {evidence.verdict, inner}:
        return Phase.FAILED
    return _judge_word(evidence.verdict)


def _spelled(word: str) -> str:
    return word.strip().upper().replace("-", "_").replace(" ", "_")
