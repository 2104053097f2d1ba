"""What kinds of task there are, and where a task or a clip can stand."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """What was asked for."""

    MUSIC = "music"
    LYRICS = "lyrics"
    OTHER = "other"
    UNKNOWN = "unknown"


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

    WAITING = "waiting", "◌", ".", "not started, submitted, queued, or not seen yet"
    RUNNING = "running", "▸", "o", "in progress, nothing to hear yet"
    STREAMING = "streaming", "►", ">", "something can be heard, not all is finished"
    DONE = "done", "✓", "+", "everything asked for is usable"
    PARTIAL = "partial", "◒", "%", "some clips are usable, others are not"
    FAILED = "failed", "✗", "x", "nothing is usable"
    MISSING = "missing", "?", "?", "the gateway does not know this id with this key"
    UNKNOWN = "unknown", "!", "!", "a word that nobody has seen yet"
