"""Kill a program that saves its watch list, again and again, at random moments; nothing acknowledged may be lost.

Run it as ``python tests/store/kill_saves.py [--kills 1000] [--seed 1]``; it prints one line, and exits with 1 if
anything was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import filelock  # noqa: F401 - imported before the forks, so that they spend their lives saving
import tomli_w  # noqa: F401 - as above

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.watchlist import WatchListFile

LONGEST_LIFE = 0.1
"""Seconds that a saving program lives at most, after it began its first save."""


@dataclass
class Tally:
    """What was seen in all rounds."""

    kills: int = 0
    in_a_save: int = 0
    damaged: int = 0
    acknowledged: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    @property
    def line(self) -> str:
        """The result in one line."""
        return (
            f"{self.kills} kills, {self.in_a_save} of them in the middle of a save: {len(self.acknowledged)} ids "
            f"acknowledged, {len(self.lost)} lost, {self.damaged} damaged files"
        )


def main() -> int:
    """Kill as often as asked, and tell the result."""
    parser = argparse.ArgumentParser(description="kill a program that saves its watch list, again and again")
    parser.add_argument("--kills", type=int, default=1000, help="how many kills in the middle of a save")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance, tally, began = random.Random(wanted.seed), Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "watchlist.toml"
        while tally.in_a_save < wanted.kills and not tally.damaged and not tally.lost:
            _kill_once(path, tally, chance)
    sys.stdout.write(f"{tally.line} (seed {wanted.seed}, {time.monotonic() - began:.0f} s)\n")
    return 1 if tally.damaged or tally.lost else 0


def _kill_once(path: Path, tally: Tally, chance: random.Random) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _save_until_killed(path, writing, tally.kills)
    os.close(writing)
    with os.fdopen(reading) as reports:
        first = reports.readline()
        time.sleep(chance.random() * LONGEST_LIFE)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = [first, *reports]
    _judge(path, tally, lines)


def _save_until_killed(path: Path, reports: int, life: int) -> None:
    """Save ids one after the other, and report each before it is saved and after; this never returns."""
    watch_list = WatchListFile(path)
    for name in _names(life):
        os.write(reports, f"begin {name}\n".encode())
        watch_list.add([name], f"label of {name}", now=time.time())
        os.write(reports, f"saved {name}\n".encode())


def _names(life: int) -> Iterator[str]:
    number = 0
    while True:
        yield f"task_{life:05}_{number:04}"
        number += 1


def _judge(path: Path, tally: Tally, lines: list[str]) -> None:
    tally.kills += 1
    tally.in_a_save += lines[-1].startswith("begin ")
    tally.acknowledged.update(line.split()[1] for line in lines if line.startswith("saved "))
    if not path.exists() and not tally.acknowledged:
        return
    try:
        found = WatchListFile(path).read()
    except StoreError:
        tally.damaged += 1
        return
    kept = {name for name in found.ids if found.labels.get(name) == f"label of {name}"}
    tally.lost |= tally.acknowledged - kept


if __name__ == "__main__":
    sys.exit(main())
