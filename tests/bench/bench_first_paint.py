"""Compare the start of the program on 10 watched tasks with a minimal Textual app: until the first row is on its way.

    python tests/bench/bench_first_paint.py [--rounds 9]

The two take turns in terminals of their own; the ratio of processor times is the one to trust on a busy machine.
"""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.other_pane import TITLES, OtherPane, tasks
from support.terminal import Terminal

import ecovai_tui

TASKS = 10
PROGRAM = str(Path(sys.executable).with_name("ecovai-tui"))
ROW = TITLES[0][:13].encode()
"""How the first row begins; the column of titles may be too narrow for all of it."""

MINIMAL = f"""
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static({TITLES[0]!r})
Minimal().run()
"""
LONGEST = 60.0


class Start(NamedTuple):
    """One start, in seconds."""

    waited: float
    processor: float


class RawTerminal(Terminal):
    """A terminal that only receives: drawing the screen would slow down what is measured."""

    def _show_received(self, *, silent: bool = False) -> None:
        pass


def processor_seconds(process: int) -> float:
    """Return the processor time of all threads of a process, to the nanosecond, and of its children that have ended."""
    threads = Path(f"/proc/{process}/task").iterdir()
    own = sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return own / 1e9 + sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")


def start(command: list[str], environment: dict[str, str]) -> Start:
    """Start a program and wait for the row."""
    began = time.monotonic()
    with RawTerminal(command, environment=environment) as terminal:
        while ROW not in terminal.received:
            terminal.read(LONGEST)
        return Start(time.monotonic() - began, processor_seconds(terminal.process))


def home_in(folder: str) -> dict[str, str]:
    """Return the variables that keep the program within a folder."""
    names = ("ECOVAI_CONFIG_DIR", "ECOVAI_DATA_DIR", "ECOVAI_STATE_DIR")
    return {"HOME": folder, **{name: f"{folder}/{name}" for name in names}}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="compare the first paint with a minimal Textual app's")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    compileall.compile_dir(Path(ecovai_tui.__file__).parent, quiet=2)
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder, OtherPane(home_in(folder)) as pane:
        pane.watch(tasks(TASKS))
        for _ in range(rounds):
            theirs.append(start([sys.executable, "-c", MINIMAL], pane.environment))
            ours.append(start([PROGRAM], pane.environment))
    print(f"{'':<24} {'minimal app':>12} {'ours':>8} {'ratio':>6}")
    for place, name in enumerate(("until the paint, ms", "processor time, ms")):
        one, other = (median(start[place] for start in starts) * 1000 for starts in (theirs, ours))
        print(f"{name:<24} {one:>12.0f} {other:>8.0f} {other / one:>6.2f}")


if __name__ == "__main__":
    main()
