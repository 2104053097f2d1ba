"""Kill a program that downloads, again and again, at random moments; no file that has its name may be damaged.

Run it as ``python tests/downloads_killed.py [KILLS] [SEED]``; it prints one line, and exits with 1 if a file is damaged
under its name, or not all are there after one more run.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support.nursery import Nursery, kill_and_tell

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.media_check import UnfitError, check
from ecovai_tui.store.tags import clip_of

LONGEST_LIFE = 1.1
"""Of the time that a download takes that nobody kills."""

SONGS_AT_ONCE = 10
LONG = 400.0


class Tally(NamedTuple):
    """What was seen in all rounds."""

    kills: int
    files: int
    """Files that are there at the end."""
    damaged: tuple[str, ...]
    """Names under which a file was ever found that is not whole or not tagged."""
    missing: int
    """Clips without a file after one more run."""
    left: int
    """What lies in the folder beside the files."""

    @property
    def well(self) -> bool:
        """Whether every file was whole whenever it had its name, and all are there."""
        return not (self.damaged or self.missing or self.left)

    @property
    def line(self) -> str:
        """The result in one line."""
        return (
            f"{self.kills} kills: {self.files} files, {len(self.damaged)} damaged under their names, "
            f"{self.missing} missing after one more run, {self.left} left beside them"
        )


def kill_downloads(kills: int, seed: int, folder: Path) -> Tally:
    """Kill as often as asked, and return what was seen."""
    chance = random.Random(seed)
    now = 1_760_000_000.0
    damaged: set[str] = set()
    music = folder / "Music" / "ecovai-tui"
    clips: set[str] = set()
    with Simulator(Options(seed=seed, arrivals=False, population=0), clock=lambda: now) as simulator:
        children = Nursery(folder, simulator)
        usual = 0.0
        for number in range(kills):
            if number % SONGS_AT_ONCE == 0:
                song, now = simulator.submit(), now + LONG
                clips |= {clip.id for clip in simulator._world.find([song])[0].clips or ()}
                usual = usual or children.run(["download", song, "--force"])
            forced = ["--force"] if chance.random() < 0.5 else []
            children.run(["download", song, *forced], chance.random() * LONGEST_LIFE * usual)
            damaged |= set(_damaged(music))
        children.run(["download", *simulator.ids])
        children.close()
        found = {clip_of(path) for path in music.glob("*.mp3")}
        left = [path for path in music.iterdir() if path.suffix != ".mp3"]
        return Tally(kills, len(found), tuple(damaged), len(clips - found), len(left))


def _damaged(music: Path) -> Iterator[str]:
    for path in music.glob("*.mp3") if music.exists() else ():
        try:
            check(path, frozenset({"mp3"}))
        except UnfitError:
            yield path.name
        else:
            if not clip_of(path):
                yield path.name


if __name__ == "__main__":
    sys.exit(kill_and_tell(kill_downloads))
