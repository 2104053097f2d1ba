"""Who is on stage when the simulator starts, and who comes later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from ecovai_tui.simulator.repertoire import SCRIPTS

MINUTE, HOUR = 60.0, 3600.0
FIRST_ARRIVAL = 20.0
SHORTEST_GAP, LONGEST_GAP = 45.0, 150.0


@dataclass(frozen=True, slots=True)
class Role:
    """A task of the opening scene: its script, and how long ago it began.

    A task that is ``live`` began ``ago`` simulated seconds ago and goes on at the simulator's speed; the others began
    ``ago`` real seconds ago and went at the speed of a real gateway, so that their times look like real ones.
    """

    script: str
    ago: float
    live: bool = False


OPENING_SCENE = (
    Role("song", 45, live=True),
    Role("song", 100, live=True),
    Role("song", 16, live=True),
    Role("song", 2, live=True),
    Role("song", 19 * HOUR),
    Role("one-clip-fails", 3 * HOUR),
    Role("artist-name", 2 * HOUR),
    Role("frozen", 25 * MINUTE),
    Role("lyrics", 4 * HOUR),
    Role("unknown-word", 12 * MINUTE),
    Role("missing", 40 * MINUTE),
    Role("lyrics", 2.5, live=True),
    Role("forbidden", 26 * HOUR),
    Role("lyrics-failure", 5 * HOUR),
    Role("channel-gone", 22 * HOUR),
    Role("song", 9, live=True),
    Role("one-clip-fails", 60, live=True),
    Role("song", 1 * HOUR),
    Role("single-clip", 30 * HOUR),
    Role("artist-name", 11, live=True),
)
"""The first twenty, the most telling ones first: a smaller population takes the first of them."""

ARRIVAL_SCRIPTS = {
    "song": 10, "unseen-start": 2, "single-clip": 1, "lyrics": 3, "late-row": 1, "one-clip-fails": 2, "artist-name": 1,
    "silent-failure": 1, "lyrics-failure": 1, "forbidden": 1, "one-error-so-far": 1,
}  # fmt: skip
"""What arrives by itself, and how often in relation to the others."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A task that comes by itself ``after`` simulated seconds from the start."""

    after: float
    script: str


def opening_scene(seed: int, size: int) -> list[Role]:
    """Return ``size`` roles: the telling ones, then as many more as are wanted, of every script in turn."""
    chance = Random(f"{seed}:population")
    extras = (_extra(chance, number) for number in range(size - len(OPENING_SCENE)))
    return [*OPENING_SCENE[:size], *extras]


def _extra(chance: Random, number: int) -> Role:
    script = list(SCRIPTS)[number % len(SCRIPTS)]
    if number // len(SCRIPTS) % 2:
        return Role(script, chance.uniform(0.1 * HOUR, 48 * HOUR))
    return Role(script, chance.uniform(0, 110), live=True)


def arrivals(seed: int) -> Iterator[Arrival]:
    """Yield, without end, the tasks that come by themselves, in the order of their coming."""
    after = FIRST_ARRIVAL
    for number in count():
        chance = Random(f"{seed}:arrival:{number}")
        [script] = chance.choices(list(ARRIVAL_SCRIPTS), list(ARRIVAL_SCRIPTS.values()))
        yield Arrival(after, script)
        after += chance.uniform(SHORTEST_GAP, LONGEST_GAP)
