"""Compare how soon the program shows its last known state offline, with few and with very many watched tasks.

    python tests/bench/bench_start.py [--tasks 10 10000 100000] [--rounds 9]

Each start is the real program in a terminal of its own, without a gateway; the numbers of tasks take turns. ``paint``
is when the first row is on its way to the terminal. ``key`` is how long a key waited for its paint while the watch
list and the other rows were being read.
"""

from __future__ import annotations

import argparse
import os
import select
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.effort import effort_of
from support.terminal import AT_REST, BREATH, Terminal

from ecovai_tui.store.files import replace_file
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList, write_document
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")
NOBODY = "http://127.0.0.1:9"
"""An address at which nothing answers."""

ROW = b"Song"
AT_ONCE = 1_000
KEYS = 40
BETWEEN_KEYS = 0.06
LONGEST = 60.0


class RawTerminal(Terminal):
    """A terminal that only receives: drawing the screen would slow down what is measured."""

    def _show_received(self, *, silent: bool = False) -> None:
        pass


@dataclass
class Measured:
    """All starts with one number of tasks; in seconds."""

    paints: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="compare offline starts with few and with many watched tasks")
    parser.add_argument("--tasks", type=int, nargs="+", default=[10, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=9)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        homes = {number: make_home(Path(folder) / str(number), number) for number in wanted.tasks}
        results = {number: Measured() for number in wanted.tasks}
        for _ in range(wanted.rounds):
            for number, environment in homes.items():
                _start(environment, results[number])
    _tell(results)
    return 0


def make_home(home: Path, number: int) -> dict[str, str]:
    """Make a home with so many finished tasks, watched and known, and return the variables that lead there."""
    ids = [f"task_{place:08}" for place in range(number)]
    watch_list = WatchList(ids=tuple(ids))
    replace_file(home / "data" / "watchlist-bench.toml", write_document(watch_list))
    replica = Replica(home / "state" / "replica-bench.sqlite3", NOBODY)
    now = time.time()
    for start in range(0, number, AT_ONCE):
        replica.record([_song(name, now) for name in ids[start : start + AT_ONCE]], now)
    replica.mirror(watch_list, now)
    replica.close()
    return {
        "HOME": str(home),
        "ECOVAI_CONFIG_DIR": str(home / "config"),
        "ECOVAI_DATA_DIR": str(home / "data"),
        "ECOVAI_STATE_DIR": str(home / "state"),
        "ECOVAI_PROFILE": "bench",
        "ECOVAI_BASE_URL": NOBODY,
        "ECOVAI_API_KEY": "not-a-key",
    }


def _song(name: str, now: float) -> Task:
    number = int(name[-8:])
    submitted = now - 3600 - number
    clip = Clip(f"clip-{number}", Phase.DONE, title=f"Song {number}", audio_url=f"https://cdn.example/{number}.mp3")
    return Task(
        name,
        Kind.MUSIC,
        Phase.DONE,
        submitted_at=submitted,
        finished_at=submitted + 90,
        clips=(clip, clip),
        source="{}",
    )


def _start(environment: dict[str, str], measured: Measured) -> None:
    began = time.monotonic()
    with RawTerminal([PROGRAM], environment=environment) as terminal:
        while ROW not in terminal.received:
            terminal.read(LONGEST)
        measured.paints.append(time.monotonic() - began)
        measured.keys.extend(_key_times(terminal))


def _key_times(terminal: Terminal) -> Iterator[float]:
    """Press keys at a steady pace and yield how long each waited for the first byte that followed it."""
    drain(terminal, BETWEEN_KEYS)
    for place in range(KEYS):
        yield key_time(terminal, "k" if place % 2 else "j")


def key_time(terminal: Terminal, key: str) -> float:
    """Press a key, keep the pace, and return how long the first byte was in coming.

    Where none comes, return for how long the program was at work.
    """
    before, pressed = effort_of(terminal.process), time.monotonic()
    terminal.press(key)
    waited = worked = 0.0
    while not select.select([terminal.file], [], [], BREATH)[0]:
        now, waited = effort_of(terminal.process), time.monotonic() - pressed
        worked = waited if before is None or now is None or not now.rested_since(before) else worked
        before = now
        if waited - worked > AT_REST:
            break
    else:
        worked = time.monotonic() - pressed
    drain(terminal, max(0.0, BETWEEN_KEYS - (time.monotonic() - pressed)))
    return worked


def drain(terminal: Terminal, seconds: float) -> None:
    """Take in what the program sends for so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)


def _tell(results: dict[int, Measured]) -> None:
    first = median(next(iter(results.values())).paints)
    sys.stdout.write(
        f"{'tasks':>8} {'paint ms':>9} {'least':>6} {'ratio':>6} {'key ms':>7} {'p95':>5} {'longest':>8}\n"
    )
    for number, measured in results.items():
        paint, keys = median(measured.paints), sorted(measured.keys)
        sys.stdout.write(
            f"{number:>8} {paint * 1e3:>9.0f} {min(measured.paints) * 1e3:>6.0f} {paint / first:>6.2f} "
            f"{median(keys) * 1e3:>7.1f} {keys[int(len(keys) * 0.95)] * 1e3:>5.0f} {keys[-1] * 1e3:>8.0f}\n"
        )


if __name__ == "__main__":
    os.environ.pop("ECOVAI_PROFILE", None)
    sys.exit(main())
