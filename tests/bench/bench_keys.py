"""Measure how long a key waits for its paint while one row in a hundred changes every second.

    python tests/bench/bench_keys.py [--rows 100000] [--seconds 20]

``lag`` is how late a timer of 10 ms comes: the longest one is how long the loop was ever blocked.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1] / "tui"))

from bench_table import SIZE, Ours, changed_tasks, paint_without_terminal
from table_app import tasks_of_all_phases
from textual import events

from ecovai_tui.tasks.model import WatchedTask
from ecovai_tui.tui.task_list import spare_what_there_is

News: TypeAlias = Sequence[Mapping[str, WatchedTask]]

BETWEEN_KEYS = 0.07
STEP = 0.01


async def key_times(
    ours: Ours, news: Sequence[Mapping[str, WatchedTask]], seconds: float
) -> tuple[list[float], list[float]]:
    """Return how long each key waited for its paint, and how late the loop was, in seconds."""
    paints: list[float] = []
    display = ours.app._display

    def display_and_note(*frame: object) -> None:
        display(*frame)  # type: ignore[arg-type]  # whatever Textual passes
        paints.append(time.perf_counter())

    ours.app._display = display_and_note  # type: ignore[method-assign]
    changing, lags = asyncio.create_task(change_every_second(ours, news)), [0.0]
    watching = asyncio.create_task(note_lag(lags))
    chance, waits, ends = Random(1), [], time.perf_counter() + seconds
    while (pressed := time.perf_counter()) < ends:
        key = chance.choice(("down", "up", "down", "pagedown"))
        ours.app.post_message(events.Key(key, None))
        while not paints or paints[-1] < pressed:
            await asyncio.sleep(0)
        waits.append(paints[-1] - pressed)
        await asyncio.sleep(BETWEEN_KEYS * chance.random() * 2)
    for task in (changing, watching):
        task.cancel()
    return waits, lags


async def change_every_second(ours: Ours, news: News) -> None:
    """Let one row in a hundred change, other facts each time."""
    for changed in cycle(news):
        ours.change(changed)
        await asyncio.sleep(1.0)


async def note_lag(lags: list[float]) -> None:
    """Note how much later than asked for the loop comes back."""
    while True:
        slept = time.perf_counter()
        await asyncio.sleep(STEP)
        lags.append(time.perf_counter() - slept - STEP)


async def run(rows: int, seconds: float) -> tuple[list[float], list[float]]:
    """Open the table and measure."""
    tasks = tasks_of_all_phases(rows)
    news = [changed_tasks(tasks, 100, round_) for round_ in (0, 1)]
    spare_what_there_is()  # as the program does with a long list
    ours = Ours(dict(tasks))
    paint_without_terminal(ours.app)
    async with ours.app.run_test(size=SIZE) as pilot:
        ours.load()
        await pilot.pause()
        return await key_times(ours, news, seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="measure how long a key waits for its paint while rows change")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args()
    waits, lags = asyncio.run(run(chosen.rows, chosen.seconds))
    waits.sort()
    middle, late = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.95))
    print(f"{chosen.rows:,} rows, {len(waits)} keys: median {middle:.1f} ms, p95 {late:.1f} ms, ", end="")
    print(f"longest {waits[-1] * 1000:.0f} ms; longest lag {max(lags) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
