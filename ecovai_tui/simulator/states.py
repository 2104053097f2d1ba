"""What a task is at one moment, before any dialect puts it into words.

All times are Unix seconds; None stands for "not yet".
"""

from __future__ import annotations

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
        """Tell whether the task's own word ends it."""
        return self.word in {"SUCCESS", "FAILURE"}

    @property
    def action(self) -> str:
        """Return the word that the gateways of this family use for the kind."""
        return self.kind.upper()
