"""The scripts: what happens to a task, beat by beat, and what it is at one moment."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from ecovai_tui.simulator.songs import Song

KindName = Literal["music", "lyrics"]

Audio = Literal["file", "forbidden", "none.mp3", ""]
"""Where the file of a complete clip is: on the CDN, behind a refusal, at an address that leads nowhere, or nowhere."""

OPEN_CLIP_WORDS = frozenset({"submitted", "queued"})


@dataclass(frozen=True, slots=True)
class ClipState:
    """One clip of a song at one moment; ``duration`` in seconds, None until the clip is complete."""

    id: str
    word: str
    audio: Audio
    model: str
    duration: float | None
    error: str


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task at one moment: what a gateway would say of it, in no particular dialect.

    ``row`` counts the gateway's tasks from 1, as a database would. ``clips`` is None where a gateway sends null for
    ``data``; ``upcoming`` are then the clips that will be there. ``text_word`` is the word of a lyrics task's text,
    empty while there is none.
    """

    id: str
    row: int
    kind: KindName
    song: Song
    word: str
    fail_reason: str
    progress: str
    submitted: float
    started: float | None
    finished: float | None
    changed: float
    clips: tuple[ClipState, ...] | None
    upcoming: tuple[ClipState, ...]
    text_word: str

    @property
    def over(self) -> bool:
        """Whether the task's own word ends it."""
        return self.word in {"SUCCESS", "FAILURE"}

    @property
    def action(self) -> str:
        """Return the word that the gateways of this family use for the kind."""
        return self.kind.upper()


@dataclass(frozen=True, slots=True)
class Beat:
    """What holds from ``at`` (simulated seconds after the submission) until the next beat.

    ``clips`` are the clips' words; None stands for ``data: null``. ``text`` is the word of a lyrics task's text.
    """

    at: float
    word: str
    phase: str
    clips: tuple[str, ...] | None = None
    text: str = ""
    progress: str = "0%"
    reason: str = ""
    audio: Audio = "file"


@dataclass(frozen=True, slots=True)
class Script:
    """A named course of events.

    ``visible_from`` is when the row appears to a query (None: never). Some backends never notice the start of a song,
    and rows that a gateway fails by itself carry no finish time: ``tells_start`` and ``tells_finish``.
    """

    name: str
    beats: tuple[Beat, ...]
    kind: KindName = "music"
    visible_from: float | None = 0.0
    tells_start: bool = True
    tells_finish: bool = True
    hostile: bool = False

    @property
    def width(self) -> int:
        """Return how many clips the task is to have."""
        return next((len(beat.clips) for beat in self.beats if beat.clips), 0)

    def beat(self, elapsed: float) -> Beat:
        """Return the beat that holds after this many simulated seconds."""
        return self.beats[max(0, bisect_right(self.beats, elapsed, key=lambda beat: beat.at) - 1)]

    def visible(self, elapsed: float) -> bool:
        """Return whether a query finds the task after this many simulated seconds."""
        return self.visible_from is not None and elapsed >= self.visible_from

    def phase(self, elapsed: float) -> str:
        """Return the phase that a perfect reader reports after this many simulated seconds."""
        if self.visible(elapsed):
            return self.beat(elapsed).phase
        return "missing" if self.visible_from is None else "waiting"

    def start(self) -> float | None:
        """Return when the song begins to be made, or None if this script never says so."""
        return self._first({"IN_PROGRESS"}) if self.tells_start else None

    def finish(self) -> float | None:
        """Return when the task's word becomes final, or None if that never happens or is not told."""
        return self._first({"SUCCESS", "FAILURE"}) if self.tells_finish else None

    def _first(self, words: set[str]) -> float | None:
        return next((beat.at for beat in self.beats if beat.word in words), None)
