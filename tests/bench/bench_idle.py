"""Compare what programs cost that stand open all day: processor time and bytes a second in a terminal of 120x40.

    python tests/bench/bench_idle.py [--seconds 30]

They run one after the other. A program that is not installed is left out with a word about it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_first_paint import MINIMAL, RawTerminal, home_in, processor_seconds
from support.other_pane import OtherPane, tasks

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Phase, Task

WARMING_UP = 6.0
"""Seconds after the start that are not counted."""

TOLD_EVERY = 5.0
OURS = [sys.executable, "-m", "ecovai_tui"]
ROW_OF_A_TASK = ".task_id, .status, .progress, (.updated_at | todate), ([.data | .. | objects | .title][0])"
WATCHED = (
    """curl -s -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d "$BODY" $URL/suno/fetch"""
    f""" | jq -r '.data[] | [{ROW_OF_A_TASK}] | @tsv'"""
)
"""What does the same without a program of its own: one line for each task, so that all of them are on the screen."""


def measure(
    command: list[str], environment: dict[str, str], seconds: float, meanwhile: Callable[[], object]
) -> tuple[float, float]:
    """Return processor milliseconds and bytes, each for a second."""
    with RawTerminal(command, environment=environment) as terminal:
        run_for(terminal, WARMING_UP, meanwhile)
        processor, received = processor_seconds(terminal.process), len(terminal.received)
        run_for(terminal, seconds, meanwhile)
        spent = processor_seconds(terminal.process) - processor
        return spent * 1000 / seconds, (len(terminal.received) - received) / seconds


def run_for(terminal: RawTerminal, seconds: float, meanwhile: Callable[[], object]) -> None:
    """Let the program run; every five seconds something happens meanwhile."""
    began = told = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        if now >= told + TOLD_EVERY:
            told = now
            meanwhile()
        terminal.read(min(0.5, began + seconds - now))


@contextmanager
def led(watched: list[Task]) -> Iterator[OtherPane]:
    """Open a profile of these tasks that another pane leads."""
    with tempfile.TemporaryDirectory() as folder, OtherPane(home_in(folder)) as pane:
        pane.watch(watched)
        yield pane


@contextmanager
def on_simulator() -> Iterator[dict[str, str]]:
    """Watch 25 tasks of a practice gateway; the variables lead the program, and ``curl``, there."""
    options = Options(population=25, arrivals=False)
    with tempfile.TemporaryDirectory() as folder, Simulator(options) as simulator:
        environment = home_in(folder) | {
            "ECOVAI_PROFILE": "simulator",
            "ECOVAI_BASE_URL": simulator.base_url,
            "ECOVAI_API_KEY": simulator.key,
        }
        data = Path(environment["ECOVAI_DATA_DIR"])
        WatchListFile(data / "watchlist-simulator.toml").add(simulator.ids, now=time.time())
        ids = ", ".join(f'"{name}"' for name in simulator.ids)
        yield environment | {"KEY": simulator.key, "URL": simulator.base_url, "BODY": f'{{"ids": [{ids}]}}'}


def tell(name: str, cost: tuple[float, float]) -> None:
    """Print one line."""
    print(f"{name:<56} {cost[0]:>10.1f} {cost[1]:>10.0f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="compare what programs cost that stand open all day")
    parser.add_argument("--seconds", type=float, default=30.0)
    seconds = parser.parse_args().seconds
    print(f"{'':<56} {'CPU ms/s':>10} {'bytes/s':>10}")
    with led(tasks(1000)) as pane:
        tell("a bare Textual app", measure([sys.executable, "-c", MINIMAL], pane.environment, seconds, print_nothing))
        tell("ours, 1,000 final tasks", measure(OURS, pane.environment, seconds, print_nothing))
    active = tasks(25, Phase.RUNNING, age=30.0)
    with led(active) as pane:
        tell("ours, 25 active tasks", measure(OURS, pane.environment, seconds, lambda: pane.tell(*active)))
    with on_simulator() as environment:
        tell("ours, 25 tasks of a simulator, each 5 s", measure(OURS, environment, seconds, print_nothing))
    with on_simulator() as environment:
        watch = ["watch", "-t", "-n", "5", WATCHED]
        tell_other("watch -n 5 'curl … | jq …', the same 25 from the start", watch, environment, seconds)
    with tempfile.TemporaryDirectory() as folder:
        tell_other("htop at 2 s", ["htop", "-d", "20"], home_in(folder), seconds)
        tell_other("btop at 2 s", ["btop"], home_in(folder), seconds)


def tell_other(name: str, command: list[str], environment: dict[str, str], seconds: float) -> None:
    """Measure a program that is not ours, if it is installed with all that it calls."""
    called = (command[0], *(("curl", "jq") if "curl" in command[-1] else ()))
    missing = [word for word in called if not shutil.which(word)]
    if missing:
        print(f"{name}: left out, because {', '.join(missing)} is not installed")
    else:
        tell(name, measure(command, environment, seconds, print_nothing))


def print_nothing() -> None:
    """Let nothing happen meanwhile."""


if __name__ == "__main__":
    main()
