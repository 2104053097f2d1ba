"""Measure how long a key waits while very many tasks are filtered and sorted.

    python tests/bench/bench_find.py [--tasks 100000] [--rounds 3]

Each round is the real program in a terminal of its own, without a gateway, once all tasks are read. ``key`` is how long
a key waited for its first byte, ``step`` the processor time of the longest piece of work between two turns of the
event loop.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_edit import INSIDE, _run_program
from bench_start import LONGEST, ROW, RawTerminal, drain, key_time, make_home

STARTED = 1 / 2_500
"""Seconds for each task in which the start comes to its end."""

WISHES = {
    "letters": [*"/song", " ", *"123", *["\x7f"] * 4, "\x1b"],
    "phases": [*"!v!v", "\x1b"],
    "orders": [*"sSsSsSsSsSsSsS"],
}
"""What is pressed: each key comes before the work for the one before it is over."""


def main() -> int:
    """Measure and print a line for each kind of wish and round."""
    parser = argparse.ArgumentParser(description="measure keys while very many tasks are filtered and sorted")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    sys.stdout.write(f"{'wish':>8} {'keys':>5} {'key ms':>7} {'p95':>5} {'longest':>8} {'step ms':>8}\n")
    with tempfile.TemporaryDirectory() as folder:
        environment = make_home(Path(folder) / "home", wanted.tasks)
        for _ in range(wanted.rounds):
            _round(environment, Path(folder) / "steps", wanted.tasks)
    return 0


def _round(environment: dict[str, str], told: Path, tasks: int) -> None:
    times: dict[str, tuple[float, list[float], float]] = {}
    with RawTerminal([sys.executable, __file__, INSIDE, str(told)], environment=environment) as terminal:
        while ROW not in terminal.received:
            terminal.read(LONGEST)
        drain(terminal, tasks * STARTED)
        for name, keys in WISHES.items():
            began = time.monotonic()
            waits = [key_time(terminal, key) for key in keys]
            drain(terminal, 2.0)
            times[name] = began, waits, time.monotonic()
        terminal.press("q")
        terminal.exit_code()
    steps = [(float(at), float(took)) for at, took in map(str.split, told.read_text().splitlines())]
    for name, (began, waits, ended) in times.items():
        longest = max((took for at, took in steps if began < at < ended), default=0.0)
        waits.sort()
        sys.stdout.write(
            f"{name:>8} {len(waits):>5} {waits[len(waits) // 2] * 1e3:>7.1f} "
            f"{waits[int(len(waits) * 0.95)] * 1e3:>5.0f} {waits[-1] * 1e3:>8.0f} {longest * 1e3:>8.0f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        _run_program(Path(sys.argv[2]))
    sys.exit(main())
