"""The nouns of the program: Task, Clip and Lyrics as a gateway told them, and what can be an id.

All text in them is clean (see ``text.py``); all times are Unix seconds, None where nothing is known.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol, Self, TypeAlias

from ecovai_tui.language import later
from ecovai_tui.tasks.families import FAMILIES, family_of
from ecovai_tui.tasks.text import clean_line


class Kind(StrEnum):
    """What was asked for."""

    MUSIC = later("music")
    LYRICS = later("lyrics")
    PICTURE = later("picture")
    VIDEO = later("video")
    OTHER = later("other")
    UNKNOWN = later("unknown")

    @property
    def is_seen(self) -> bool:
        """Whether it makes something to look at, whose only file is a picture or a video."""
        return self in {Kind.PICTURE, Kind.VIDEO}


class Phase(StrEnum):
    """Where a task or a clip stands: the one table of phases, with everything that is fixed about each."""

    final: bool
    active: bool
    glyph: str
    ascii_glyph: str
    meaning: str

    def __new__(cls, word: str, glyph: str = "", ascii_glyph: str = "", meaning: str = "") -> Self:
        """Make a member that is its word and carries the rest; ``Phase("done")`` finds it by the word alone."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.final = word in {"done", "partial", "failed"}
        member.active = word in {"waiting", "running", "streaming"}
        member.glyph, member.ascii_glyph, member.meaning = glyph, ascii_glyph, meaning
        return member

    WAITING = later("waiting"), "◌", ".", later("not started, submitted, queued, or not seen yet")
    RUNNING = later("running"), "▸", "o", later("in progress, nothing to hear yet")
    STREAMING = later("streaming"), "►", ">", later("something can be heard, not all is finished")
    DONE = later("done"), "✓", "+", later("everything asked for is usable")
    PARTIAL = later("partial"), "◒", "%", later("some clips are usable, others are not")
    FAILED = later("failed"), "✗", "x", later("nothing is usable")
    MISSING = later("missing"), "?", "?", later("the gateway does not know this id with this key")
    UNKNOWN = later("unknown"), "!", "!", later("a word that nobody has seen yet")


STALLED_AFTER = 600.0
"""Seconds without any change after which an active task counts as stalled."""


class Timed(Protocol):
    """Anything that knows these of a task: its whole summary, or the few columns that a status line reads."""

    @property
    def phase(self) -> Phase:
        """Where it stands."""

    @property
    def submitted_at(self) -> float | None:
        """When the gateway took it."""

    @property
    def quiet_since(self) -> float | None:
        """Since when nothing about it changed."""

    @property
    def seen_at(self) -> float | None:
        """When the gateway last told us of it."""


TURN = 45.0
"""Seconds for which a task whose family takes no batches may have to wait for its turn among others."""


def elapsed(task: Timed, now: float, skew: float = 0.0) -> float | None:
    """Return how long an active task has been under way; ``skew`` is the gateway's clock minus ours."""
    if not task.phase.active or task.submitted_at is None:
        return None
    return max(0.0, now + skew - task.submitted_at)


def is_stalled(task: Timed, now: float) -> bool:
    """Return whether the task is active and nothing about it changed for ten minutes."""
    return task.phase.active and task.quiet_since is not None and now - task.quiet_since >= STALLED_AFTER


def is_stale(task: Timed, now: float, interval: float) -> bool:
    """Return whether the task is active and its planned look is overdue by more than one interval (seconds)."""
    return task.phase.active and task.seen_at is not None and now - task.seen_at > 2 * interval


_ID = r"[!-,.-~][!-~]{0,190}"
_IDS = rf"{_ID}(?:\n{_ID})*"


def is_id(text: str) -> bool:
    """Return whether a text can be an id: 1 to 191 characters from ``!`` to ``~``, not beginning with ``-``.

    191 is the length of the id's column in new-api and one-hub.
    """
    return re.fullmatch(_ID, text) is not None


def are_ids(texts: Sequence[str]) -> bool:
    """Return whether all of very many texts can be ids, much quicker than one by one; False for none at all."""
    joined = "\n".join(texts)
    return joined.count("\n") == len(texts) - 1 and re.fullmatch(_IDS, joined) is not None


class Clip(NamedTuple):
    """One thing that a task makes: a song, a picture or a video."""

    id: str
    phase: Phase
    status: str = ""
    title: str = ""
    model: str = ""
    tags: str = ""
    duration: float | None = None
    """Length of the song or video in seconds."""
    lyrics: str = ""
    description: str = ""
    audio_url: str = ""
    video_url: str = ""
    image_url: str = ""
    error: str = ""
    kind: Kind = Kind.MUSIC
    """What it is: a song, a picture or a video."""
    size: str = ""
    """Width and height in pixels, as in ``1920x1080``; "" where the gateway does not say."""
    expires_at: float | None = None
    """Until when its address works, where that is known."""

    @property
    def address(self) -> str:
        """Where the thing itself is: the audio of a song, a picture or a video; "" while it is nowhere."""
        told = {Kind.PICTURE: self.image_url, Kind.VIDEO: self.video_url}.get(self.kind, self.audio_url)
        return told if is_audio_address(told) else ""

    @property
    def has_audio(self) -> bool:
        """Whether the address of the audio is one, and not a stand-in for none."""
        return is_audio_address(self.audio_url)

    @property
    def has_file(self) -> bool:
        """Whether its address leads to a file that stays, and not to a live stream."""
        return bool(self.address) and "audiopipe" not in self.address

    @property
    def usable(self) -> bool:
        """Whether the clip is complete, or streaming with an address."""
        return self.phase is Phase.DONE or (self.phase is Phase.STREAMING and self.has_audio)

    @property
    def playable(self) -> bool:
        """Whether there is something to hear or a video to watch right now."""
        return self.usable and bool(self.address) and self.kind is not Kind.PICTURE


class Lyrics(NamedTuple):
    """The text that a task was asked for: lyrics, or Midjourney's description of a picture."""

    title: str = ""
    text: str = ""
    tags: str = ""


class Task(NamedTuple):
    """What the gateway said of one task, judged."""

    id: str
    kind: Kind
    phase: Phase
    status: str = ""
    """The gateway's own (innermost) word."""
    fail_reason: str = ""
    note: str = ""
    """What could not be read."""
    submitted_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    clips: tuple[Clip, ...] = ()
    lyrics: Lyrics | None = None
    source: str = ""
    """The gateway's own object as JSON text, cleaned."""
    progress: float | None = None
    """Per cent from 0 to 100, only where the maker measures it."""
    prompt: str = ""
    """What was asked for, where a picture or a video was."""
    options: tuple[str, ...] = ()
    """What Midjourney offers to do next, such as ``U1``, as text."""

    @property
    def title(self) -> str:
        """The first title that any part of the task has, else what was asked for."""
        titles = [clip.title for clip in self.clips]
        asked = clean_line(self.prompt) if self.prompt else ""
        return next(filter(None, [*titles, self.lyrics.title if self.lyrics else "", asked]), "")

    @property
    def model(self) -> str:
        """The first model name that any clip has."""
        return next((clip.model for clip in self.clips if clip.model), "")

    @property
    def tags(self) -> str:
        """The style tags of its parts, each text once."""
        parts = [*(clip.tags for clip in self.clips), self.lyrics.tags if self.lyrics else ""]
        return ", ".join(dict.fromkeys(filter(None, parts)))

    @property
    def no_audio(self) -> bool:
        """Whether a finished task owes an address: empty, ``None.mp3`` or ``…/forbidden``."""
        silent = self.lyrics is not None or self.kind is Kind.LYRICS or self.kind.is_seen
        if self.phase not in {Phase.DONE, Phase.PARTIAL} or silent:
            return False
        songs = [clip for clip in self.clips if not clip.kind.is_seen]
        return not self.clips or any(clip.usable and not clip.has_audio for clip in songs)

    @property
    def awaits_file(self) -> bool:
        """Whether a finished task has a usable clip whose file address has not come yet."""
        owes_all = self.phase is Phase.DONE and self.kind.is_seen and not self.clips
        owes_some = self.phase.final and any(clip.usable and not clip.has_file for clip in self.clips)
        return self.no_audio or owes_all or owes_some

    @property
    def expires_at(self) -> float | None:
        """Until when all of its addresses work, where that is known."""
        return min(
            (clip.expires_at for clip in self.clips if clip.usable and clip.expires_at is not None), default=None
        )

    @property
    def newest_time(self) -> float | None:
        """The newest of the gateway's own times for the task."""
        times = (self.submitted_at, self.started_at, self.finished_at)
        return max((time for time in times if time is not None), default=None)


class TaskSummary(NamedTuple):
    """What one line of a list needs of a task, with our own record of when we saw what."""

    id: str
    kind: Kind = Kind.UNKNOWN
    phase: Phase = Phase.WAITING
    status: str = ""
    title: str = ""
    model: str = ""
    tags: str = ""
    """Style tags of all its parts."""
    clip_phases: tuple[Phase, ...] = ()
    fail_reason: str = ""
    note: str = ""
    no_audio: bool = False
    awaits_file: bool = False
    length: float | None = None
    """Seconds that its first song or video takes, where that is known."""
    submitted_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    quiet_since: float | None = None
    """Since when nothing about the task changed; at first sight the gateway's newest time for it."""
    final_at: float | None = None
    """When we first saw it final."""
    seen_at: float | None = None
    """When the gateway last told us of it."""
    changed_at: float | None = None
    """When we last saw something change."""
    progress: float | None = None
    """Per cent from 0 to 100, only where the maker measures it."""
    expires_at: float | None = None
    """When the first of its addresses ceases to work, where that is known."""

    @property
    def no_file(self) -> bool:
        """Whether a picture or a video is finished, and its address has not come yet."""
        return self.awaits_file and self.kind.is_seen

    @property
    def needs_you(self) -> bool:
        """Whether the gateway waits for the user: Midjourney asks for a mask or a text (MODAL)."""
        return self.phase is Phase.WAITING and waits_for_user(self.status)

    @property
    def duration(self) -> float | None:
        """How long a final task took from submit to finish, or None when the gateway does not say."""
        if not self.phase.final or self.finished_at is None or self.submitted_at is None:
            return None
        return max(0.0, self.finished_at - self.submitted_at)

    def elapsed(self, now: float, skew: float = 0.0) -> float | None:
        """Return how long an active task has been under way; ``skew`` is the gateway's clock minus ours."""
        return elapsed(self, now, skew)

    def stalled(self, now: float) -> bool:
        """Return whether the task is active and nothing about it changed for ten minutes."""
        return is_stalled(self, now)

    def stale(self, now: float, interval: float) -> bool:
        """Return whether the task is active and its planned look is overdue by more than one interval (seconds)."""
        return is_stale(self, now, interval if FAMILIES[family_of(self.id)].most_ids > 1 else max(interval, TURN))


def waits_for_user(word: str) -> bool:
    """Return whether a gateway's word says that the user has to act: Midjourney's for a mask or a text."""
    return word.strip().upper() == "MODAL"


IntervalOf: TypeAlias = Callable[[TaskSummary, float], float]
"""Returns how long (seconds) it is between two polls of a task, given the present moment (Unix seconds)."""


class ClipFile(NamedTuple):
    """A file of a clip that was saved."""

    clip: str
    what: str
    """Which: "audio", "cover", "lyrics", "video" or "json"."""
    path: str
    size: int
    """In bytes."""


class WatchedTask(NamedTuple):
    """An id of the watch list with what the user said of it and what is known of it."""

    summary: TaskSummary
    label: str = ""
    added_at: float | None = None
    position: int = 0
    """Place in the watch list's file, from 0."""
    files: int = 0
    """How many files of it were saved."""

    @property
    def id(self) -> str:
        """The id of the task."""
        return self.summary.id


def is_audio_address(address: str) -> bool:
    """Return whether an address leads to a file; gateways also send "", ``…/None.mp3`` and ``…/forbidden``."""
    return address.startswith(("http://", "https://")) and not address.endswith(("/None.mp3", "/forbidden", "/null"))


def is_web_address(text: str) -> bool:
    """Return whether a text is nothing but a web address."""
    return text.startswith(("http://", "https://")) and not any(map(str.isspace, text))
