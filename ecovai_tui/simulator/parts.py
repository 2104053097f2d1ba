"""One task of the simulated gateway: a script, a song, and the moment it began; its state is a function of the time."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ecovai_tui.simulator.scripts import Beat, ClipState, Script, TaskState
from ecovai_tui.simulator.songs import Song

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
