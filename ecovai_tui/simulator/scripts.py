"""What happens to a task, beat by beat: the scripts by name, and a task that follows one from the moment it began."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

from ecovai_tui.simulator.songs import Song

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

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


SHORTEST, LONGEST = 92.0, 236.0
"""Seconds of music in a finished clip."""


@dataclass(frozen=True, slots=True)
class Part:
    """A task as the gateway keeps it: everything about it that never changes.

    ``born`` is Unix seconds; ``pace`` is real seconds for each second of the script. ``hidden`` is for how many script
    seconds the row is not there yet, since gateways of this family write it after they answered the submission.
    """

    id: str
    row: int
    seed: int
    script: Script
    song: Song
    born: float
    pace: float
    hidden: float = 0.0

    def elapsed(self, now: float) -> float:
        """Return how many seconds of the script have passed."""
        return (now - self.born) / self.pace

    def visible(self, now: float) -> bool:
        """Return whether a query finds this task now."""
        elapsed = self.elapsed(now)
        return elapsed >= self.hidden and self.script.visible(elapsed)

    def phase(self, now: float) -> str:
        """Return the phase that a perfect reader reports now."""
        elapsed = self.elapsed(now)
        return "waiting" if 0 <= elapsed < self.hidden else self.script.phase(elapsed)

    def state(self, now: float) -> TaskState:
        """Return what the gateway says of this task now."""
        beat = self.script.beat(self.elapsed(now))
        return TaskState(
            id=self.id,
            row=self.row,
            kind=self.script.kind,
            song=self.song,
            word=beat.word,
            fail_reason=beat.reason,
            progress=beat.progress,
            submitted=self.born,
            started=self._reached(self.script.start(), now),
            finished=self._reached(self.script.finish(), now),
            changed=self.born + beat.at * self.pace,
            clips=None if beat.clips is None else self._clips(beat.clips, beat),
            upcoming=self._clips(("submitted",) * self.script.width, beat),
            text_word=beat.text,
        )

    def _reached(self, at: float | None, now: float) -> float | None:
        return self.born + at * self.pace if at is not None and self.elapsed(now) >= at else None

    def _clips(self, words: tuple[str, ...], beat: Beat) -> tuple[ClipState, ...]:
        return tuple(self._clip(number, word, beat) for number, word in enumerate(words))

    def _clip(self, number: int, word: str, beat: Beat) -> ClipState:
        chance = Random(f"{self.seed}:{self.id}:{number}")
        clip_id, length = uuid_from(chance), round(chance.uniform(SHORTEST, LONGEST), 2)
        return ClipState(
            id=clip_id,
            word=word,
            audio=beat.audio,
            model=self.song.model,
            duration=length if word == "complete" else None,
            error=beat.reason if word == "error" else "",
        )


def uuid_from(chance: Random) -> str:
    """Return a UUID of version 4 in its usual form, drawn from a seeded chance."""
    digits = f"{chance.getrandbits(128):032x}"
    variant = "89ab"[chance.randrange(4)]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


ARTIST_REASON = "Song Description contained artist name: metallica"
CHANNEL_REASON = "获取渠道信息失败，请联系管理员，渠道ID：7"
TIMEOUT_REASON = "任务超时（1440分钟）"
LEGACY_REASON = "任务超时（旧系统遗留任务，不进行退款，请联系管理员）"
BACKEND_REASON = "time out"
LYRICS_REASON = "上游负载已饱和，请稍后再试"

NULL = Beat(0, "NOT_START", "waiting")
OPENING = (
    NULL,
    Beat(4, "SUBMITTED", "waiting", ("submitted", "submitted")),
    Beat(8, "QUEUED", "waiting", ("queued", "queued")),
    Beat(14, "IN_PROGRESS", "running", ("queued", "queued")),
)
STREAMS = (
    *OPENING,
    Beat(32, "IN_PROGRESS", "streaming", ("streaming", "queued")),
    Beat(40, "IN_PROGRESS", "streaming", ("streaming", "streaming")),
)
ONE_READY = (*STREAMS, Beat(96, "IN_PROGRESS", "streaming", ("complete", "streaming")))
BOTH = ("complete", "complete")
SUCCESS = Beat(112, "SUCCESS", "done", BOTH, progress="100%")

EVERYDAY = (
    Script("song", (*ONE_READY, SUCCESS)),
    Script("unseen-start", (*ONE_READY, SUCCESS), tells_start=False),
    Script(
        "single-clip",
        (
            NULL,
            Beat(6, "QUEUED", "waiting", ("queued",)),
            Beat(15, "IN_PROGRESS", "running", ("queued",)),
            Beat(35, "IN_PROGRESS", "streaming", ("streaming",)),
            Beat(104, "SUCCESS", "done", ("complete",), progress="100%"),
        ),
    ),
    Script(
        "lyrics",
        (NULL, Beat(4, "IN_PROGRESS", "running"), Beat(18, "SUCCESS", "done", text="complete", progress="100%")),
        kind="lyrics",
    ),
    Script("late-row", (*ONE_READY, SUCCESS), visible_from=20.0),
)

FAILURES = (
    Script(
        "one-clip-fails",
        (*ONE_READY, Beat(112, "FAILURE", "partial", ("complete", "error"), progress="100%", reason="audio error")),
    ),
    Script(
        "one-clip-abandoned",
        (*STREAMS, Beat(70, "FAILURE", "partial", ("error", "streaming"), progress="100%", reason="audio error")),
    ),
    Script(
        "streams-abandoned",
        (*STREAMS, Beat(70, "FAILURE", "partial", ("streaming", "streaming"), progress="100%", reason=CHANNEL_REASON)),
        tells_finish=False,
    ),
    Script(
        "stream-abandoned",
        (
            *ONE_READY,
            Beat(112, "FAILURE", "partial", ("complete", "streaming"), progress="100%", reason=CHANNEL_REASON),
        ),
    ),
    Script("success-with-error", (*ONE_READY, Beat(112, "SUCCESS", "partial", ("complete", "error"), progress="100%"))),
    Script(
        "artist-name",
        (*OPENING, Beat(22, "FAILURE", "failed", ("error", "error"), progress="100%", reason=ARTIST_REASON)),
    ),
    Script(
        "channel-gone",
        (NULL, Beat(25, "FAILURE", "failed", progress="100%", reason=CHANNEL_REASON)),
        tells_start=False,
        tells_finish=False,
    ),
    Script(
        "timed-out",
        (*OPENING, Beat(90, "FAILURE", "failed", ("queued", "queued"), progress="100%", reason=TIMEOUT_REASON)),
    ),
    Script("legacy-timeout", (NULL, Beat(60, "FAILURE", "failed", progress="100%", reason=LEGACY_REASON))),
    Script("cancelled", (*OPENING, Beat(50, "CANCELLED", "failed", ("queued", "queued"), progress="100%"))),
    Script("silent-failure", (*OPENING, Beat(60, "FAILURE", "failed", ("error", "error"), progress="100%"))),
    Script(
        "lyrics-failure",
        (NULL, Beat(3, "IN_PROGRESS", "running"), Beat(12, "FAILURE", "failed", progress="100%", reason=LYRICS_REASON)),
        kind="lyrics",
    ),
    Script(
        "dead",
        (*OPENING, Beat(60, "IN_PROGRESS", "failed", ("queued", "queued"), progress="100%", reason=BACKEND_REASON)),
    ),
)

ODDITIES = (
    Script("frozen", OPENING),
    Script("frozen-stream", STREAMS),
    Script("forgotten", (*ONE_READY, Beat(112, "IN_PROGRESS", "done", BOTH))),
    Script(
        "one-error-so-far",
        (
            *OPENING,
            Beat(30, "IN_PROGRESS", "running", ("error", "queued")),
            Beat(100, "SUCCESS", "partial", ("error", "complete"), progress="100%"),
        ),
    ),
    Script("forbidden", (*STREAMS, Beat(112, "SUCCESS", "done", BOTH, progress="100%", audio="forbidden"))),
    Script("nowhere", (*STREAMS, Beat(112, "SUCCESS", "done", BOTH, progress="100%", audio="none.mp3"))),
    Script(
        "late-address",
        (
            *STREAMS,
            Beat(112, "SUCCESS", "done", BOTH, progress="100%", audio=""),
            Beat(128, "SUCCESS", "done", BOTH, progress="100%"),
        ),
    ),
    Script("left-queued", (*OPENING, Beat(60, "SUCCESS", "done", ("queued", "queued"), progress="100%"))),
    Script("finished-nowhere", (*STREAMS, Beat(112, "SUCCESS", "done", ("finished", "finished"), progress="100%"))),
    Script("needs-you", (NULL, Beat(10, "MODAL", "waiting"))),
    Script("empty-success", (*OPENING, Beat(60, "SUCCESS", "done", progress="100%"))),
    Script("unknown-word", (NULL, Beat(10, "REVIEWING", "unknown"))),
    Script("detour", (NULL, Beat(5, "MODERATING", "unknown"), *ONE_READY[3:], SUCCESS)),
    Script("missing", (NULL,), visible_from=None),
    Script("hostile-text", (*ONE_READY, SUCCESS), hostile=True),
)

SCRIPTS = {script.name: script for script in (*EVERYDAY, *FAILURES, *ODDITIES)}
"""Every script by its name."""


def find_script(name: str) -> Script:
    """Return the script of this name; raises ValueError, naming all known ones."""
    try:
        return SCRIPTS[name]
    except KeyError:
        raise ValueError(f"no script is called {name!r}; known: {', '.join(SCRIPTS)}") from None
