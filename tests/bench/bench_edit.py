"""Measure how long a key waits while very many new ids come with one edit of the watch list's file.

    python tests/bench/bench_edit.py [--new 100000] [--rounds 5]

Each round is the real program in a terminal of its own, without a gateway, on ten tasks. ``key`` is how long a key
waited for its paint. ``step`` is the processor time of the longest piece of work between two turns of the event loop,
which tells more than the keys do where others use the machine as well.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_start import LONGEST, ROW, RawTerminal, drain, key_time, make_home
from support.terminal import Terminal

from ecovai_tui.store.files import replace_file
from ecovai_tui.store.watchlist_document import WatchList, write_document

FEW = 10
STARTED = 4.0
"""Seconds after the first row in which the start comes to its end."""

LONG = 0.01
"""Seconds of processor time from which on a step is noted."""

INSIDE = "--inside"


def main() -> int:
    """Measure and print a line for each round."""
    parser = argparse.ArgumentParser(description="measure keys while very many ids come with one edit")
    parser.add_argument("--new", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    sys.stdout.write(
        f"{'new ids':>8} {'keys':>5} {'key ms':>7} {'p95':>5} {'longest':>8} {'step ms':>8} {'over s':>7}\n"
    )
    for _ in range(wanted.rounds):
        with tempfile.TemporaryDirectory() as folder:
            _round(Path(folder), wanted.new, wanted.seconds)
    return 0


def _round(folder: Path, new: int, seconds: float) -> None:
    environment, told = make_home(folder / "home", FEW), folder / "steps"
    with RawTerminal([sys.executable, __file__, INSIDE, str(told)], environment=environment) as terminal:
        while ROW not in terminal.received:
            terminal.read(LONGEST)
        drain(terminal, STARTED)
        began = time.monotonic()
        _edit(folder / "home" / "data" / "watchlist-bench.toml", new)
        keys = sorted(_key_times(terminal, seconds))
        terminal.press("q")
        terminal.exit_code()
    steps = [(float(at) - began, float(took)) for at, took in map(str.split, told.read_text().splitlines())]
    steps = [(at, took) for at, took in steps if 0 < at < seconds]
    sys.stdout.write(
        f"{new:>8} {len(keys):>5} {keys[len(keys) // 2] * 1e3:>7.1f} {keys[int(len(keys) * 0.95)] * 1e3:>5.0f} "
        f"{keys[-1] * 1e3:>8.0f} {max(took for _, took in steps) * 1e3:>8.0f} {steps[-1][0]:>7.1f}\n"
    )
    sys.stdout.flush()


def _edit(file: Path, new: int) -> None:
    ids = [f"task_{place:08}" for place in range(FEW + new)]
    replace_file(file, write_document(WatchList(ids=tuple(ids))))


def _key_times(terminal: Terminal, seconds: float) -> Iterator[float]:
    end, keys = time.monotonic() + seconds, cycle("jk")
    while time.monotonic() < end:
        yield key_time(terminal, next(keys))


def _run_program(told: Path) -> None:
    """Run the program in this process, and leave word of the long steps of its event loop: when, and how long."""
    from ecovai_tui.cli import main as program  # noqa: PLC0415  # in the terminal alone

    steps: list[str] = []
    atexit.register(lambda: told.write_text("\n".join(steps)))
    run = asyncio.Handle._run

    def run_and_note(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        if (took := time.thread_time() - began) > LONG:
            steps.append(f"{time.monotonic()} {took}")

    asyncio.Handle._run = run_and_note  # type: ignore[method-assign]
    sys.exit(program([]))


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        _run_program(Path(sys.argv[2]))
    sys.exit(main())
