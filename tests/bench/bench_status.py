"""How many times as long as a bare interpreter ``ecovai-tui status`` takes with 500 tasks; the promise is 6.

Run it with the interpreter of an installed ecovai-tui: ``python tests/bench/bench_status.py [ROUNDS]``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

TASKS = 500
PROMISE = 6.0
DIRECTORIES = ("ECOVAI_CONFIG_DIR", "ECOVAI_DATA_DIR", "ECOVAI_STATE_DIR")


def main() -> None:
    """Print the ratios of the quickest and of the middle run; both programs take turns."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with TemporaryDirectory() as folder:
        fill(Path(folder))
        environment = os.environ | dict.fromkeys(DIRECTORIES, folder)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        status = [str(Path(sys.executable).parent / "ecovai-tui"), "status"]
        bare = [sys.executable, "-c", "pass"]
        times = [(timed(bare, environment), timed(status, environment)) for _ in range(rounds)]
    for name, choose in (("quickest", min), ("median", median)):
        python, ours = (choose(column) for column in zip(*times, strict=True))
        print(f"{name}: python {python * 1000:.1f} ms, status {ours * 1000:.1f} ms, {ours / python:.2f} times")
    python, ours = map(min, zip(*times, strict=True))
    sys.exit(ours > PROMISE * python)


def fill(folder: Path) -> None:
    """Watch 500 tasks in every phase."""
    now = time.time()
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(TASKS)]
    watch_list = WatchListFile(folder / "watchlist.toml")
    watch_list.add(ids, now=now)
    replica = Replica(folder / "replica.sqlite3", "https://api.ecovai.cn")
    replica.mirror(watch_list.read(), now)
    phases = list(Phase)
    replica.record([task(name, phases[number % len(phases)], now) for number, name in enumerate(ids)], now)
    replica.close()


def task(name: str, phase: Phase, now: float) -> Task:
    """Return a song of two clips."""
    clips = tuple(Clip(f"{name}-{each}", phase, title="夜明けのメトロ", model="chirp-v4") for each in "ab")
    return Task(name, Kind.MUSIC, phase, submitted_at=now - 100, clips=clips)


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Return how long a command takes, in seconds."""
    began = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
