"""Compare the table with Textual's DataTable: CPU time from an event to the bytes for the terminal, and their number.

    python tests/bench/bench_table.py [--rows 10 1000 10000 100000] [--turns 5]

The tables take turns, so that a machine that slows down does so for both. What Textual itself spends on an event
without effect is taken off. DataTable gets its cells ready made and never measures them again (``update_width`` stays
off, which is its fast way). 100,000 rows get one turn: DataTable needs a minute for it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import NamedTuple, Protocol, TypeAlias

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import DataTable

sys.path.insert(0, str(Path(__file__).parents[1] / "tui"))

from table_app import NOW, TableApp, one_task, tasks_of_all_phases

from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tui.task_list import TaskList
from ecovai_tui.view.columns import COLUMNS
from ecovai_tui.view.rows import RowContext, build_row

EVENTS = ("load", "one row", "1 % of rows", "all rows", "sort", "filter", "key press")
SIZE = (120, 40)
PRESSES = 10
MANY = 100_000
LONG_ENOUGH = 3.0
"""Seconds of a turn at least: a busy moment of the machine is but a part of them."""
SHORTEST = 0.0001
"""Seconds; what is shorter is noise."""
CONTEXT = RowContext(NOW, lambda _summary, _now: 5.0, step=10)
CHANGED = (ColumnKey.PHASE, ColumnKey.CLIPS)
HALF_OF_THE_PHASES = frozenset(list(Phase)[::2])
"""The tasks go through all phases in turn, so these are every other row."""


class Contestant(Protocol):
    """A table in an app, with everything that is measured."""

    app: App[int]

    def load(self) -> None:
        """Show all rows."""

    def change(self, tasks: Mapping[str, WatchedTask]) -> None:
        """Take new facts about some tasks."""

    def sort(self) -> None:
        """Sort by title."""

    def filter(self) -> None:
        """Show every other row."""


class Ours:
    """The table of this program, with the board that orders and filters its tasks."""

    def __init__(self, tasks: dict[str, WatchedTask]) -> None:
        self.tasks = tasks
        self.task_list = TaskList()
        self.app: App[int] = (app := TableApp({}))
        self.table = app.table

    def load(self) -> None:
        self.task_list = TaskList()
        self.task_list.put(self.tasks.values())
        self._show()
        self.table.move(-len(self.tasks))

    def change(self, tasks: Mapping[str, WatchedTask]) -> None:
        if self.task_list.put(tasks.values()):
            self.task_list.rearrange()
            self._show()
        else:
            self.table.update_tasks(tasks)

    def sort(self) -> None:
        self.task_list.sort(Order(SortKey.TITLE))
        self._show()

    def filter(self) -> None:
        self.task_list.toggle_phases(HALF_OF_THE_PHASES)
        self._show()

    def _show(self) -> None:
        self.task_list.arrange()
        self.table.show(self.task_list.shown, self.task_list.find, sorted_by=self.task_list.order)


class TheirsApp(App[int]):
    """DataTable alone."""

    CSS = "DataTable { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.table: DataTable[str] = DataTable(cursor_type="row")

    def compose(self) -> list[DataTable[str]]:  # type: ignore[override] # a list is as good as a generator
        return [self.table]


class Theirs:
    """Textual's DataTable."""

    def __init__(self, tasks: dict[str, WatchedTask]) -> None:
        self.rows = {id_: cells_of(task) for id_, task in tasks.items()}
        self.app: App[int] = (app := TheirsApp())
        self.table = app.table

    def load(self) -> None:
        if not self.table.columns:
            for column in COLUMNS:
                self.table.add_column(column.header, key=column.key)
        self._fill(list(self.rows))

    def change(self, tasks: Mapping[str, WatchedTask]) -> None:
        for id_, task in tasks.items():
            cells = dict(zip(ColumnKey, cells_of(task), strict=True))
            for key in CHANGED:
                self.table.update_cell(id_, key, cells[key])

    def sort(self) -> None:
        self.table.sort(ColumnKey.TITLE)

    def filter(self) -> None:
        self._fill(list(self.rows)[::2])

    def _fill(self, ids: list[str]) -> None:
        self.table.clear()
        for id_ in ids:
            self.table.add_row(*self.rows[id_], key=id_)


def cells_of(task: WatchedTask) -> list[str]:
    """Return the cells of a row as plain texts."""
    return [cell.text for cell in build_row(task, CONTEXT).cells]


class Spent(NamedTuple):
    """What an event costs: CPU seconds, its paint included, and bytes for the terminal."""

    seconds: float
    sent: float


class Stopwatch:
    """Measures what an event costs."""

    def __init__(self, app: App[int], pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot
        self.sent = 0
        write = app._driver.write
        app._driver.write = lambda data: (self._count(data), write(data))

    async def measure(self, event: Callable[[], Awaitable[object] | None]) -> Spent:
        """Return what is spent from the event until the app is idle again."""
        await self.pilot.pause()
        started, self.sent = time.process_time(), 0
        if (pending := event()) is not None:
            await pending
        await self.pilot.pause()
        return Spent(time.process_time() - started, self.sent)

    def _count(self, data: str) -> None:
        self.sent += len(data.encode())


def changed_tasks(tasks: Mapping[str, WatchedTask], share: int, turn: int) -> dict[str, WatchedTask]:
    """Return new facts about the first of so many shares of the tasks: each in another phase than in other turns."""
    phases = list(Phase)
    some = enumerate(list(tasks)[: max(1, len(tasks) // share)], 1 + turn)
    return {id_: one_task(place - 1 - turn, phase=phases[place % len(phases)]) for place, id_ in some}


Costs: TypeAlias = dict[str, list[Spent]]
"""What each event costs, in each of many rounds."""


async def one_turn(contestant: Contestant, tasks: dict[str, WatchedTask], costs: Costs) -> None:
    """Measure a table over at least ``LONG_ENOUGH``."""
    async with AsyncExitStack() as stack:
        paint_without_terminal(contestant.app)
        pilot = await stack.enter_async_context(contestant.app.run_test(size=SIZE))
        watch, started = Stopwatch(contestant.app, pilot), time.monotonic()
        while True:
            new = [changed_tasks(tasks, share, turn) for turn, share in enumerate((len(tasks), 100, 1))]
            for name, spent in (await one_round(contestant, new, watch)).items():
                costs[name].append(spent)
            if time.monotonic() - started >= LONG_ENOUGH:
                break


async def one_round(
    contestant: Contestant, new: Sequence[Mapping[str, WatchedTask]], watch: Stopwatch
) -> dict[str, Spent]:
    """Return the cost of each event, less the seconds that Textual spends where there is none."""
    idle = await watch.measure(lambda: None)
    unbound = await watch.measure(lambda: watch.pilot.press(*["f20"] * PRESSES))
    events = (
        contestant.load,
        *(lambda facts=facts: contestant.change(facts) for facts in new),
        contestant.sort,
        contestant.filter,
        lambda: watch.pilot.press(*["down"] * PRESSES),
    )
    costs = [(await watch.measure(event), idle, 1) for event in events[:-1]]
    costs.append((await watch.measure(events[-1]), unbound, PRESSES))
    net = [Spent(max(cost.seconds - base.seconds, SHORTEST) / times, cost.sent / times) for cost, base, times in costs]
    return dict(zip(EVENTS, net, strict=True))


def paint_without_terminal(app: App[int]) -> None:
    """Make a test app render its frames to bytes as in earnest, although no terminal is there to take them."""
    app.__class__ = type(app.__class__.__name__, (app.__class__,), {"is_headless": False})


def main() -> None:
    """Print the table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=[10, 1_000, 10_000, 100_000])
    parser.add_argument("--turns", type=int, default=5)
    chosen = parser.parse_args()
    heads = (f"{'ours, ' + unit:>9} {'DataTable, ' + unit:>14} {'ratio':>8}" for unit in ("ms", "bytes"))
    print(f"{'rows':>7}  {'event':<12}", *heads)
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as fresh:
        for rows in chosen.rows:
            ours, theirs = fresh.submit(measured, rows, chosen.turns if rows < MANY else 1).result()
            for event in EVENTS:
                print(f"{rows:>7,}  {event:<12}", *compared(ours[event], theirs[event]), flush=True)


def measured(rows: int, turns: int) -> tuple[dict[str, Spent], ...]:
    """Return the median cost of each event, for our table and for DataTable; each number of rows in its own process."""
    tasks = tasks_of_all_phases(rows)
    costs: tuple[Costs, ...] = (defaultdict(list), defaultdict(list))
    for _ in range(turns):
        for contestant, rounds in zip((Ours, Theirs), costs, strict=True):
            asyncio.run(one_turn(contestant(dict(tasks)), tasks, rounds))
    return tuple(
        {name: Spent(*map(median, zip(*spent, strict=True))) for name, spent in each.items()} for each in costs
    )


def compared(ours: Spent, theirs: Spent) -> Iterator[str]:
    """Yield the columns of the seconds and of the bytes."""
    times, sent = f"1/{theirs.seconds / ours.seconds:.1f}", f"1/{theirs.sent / max(ours.sent, 1):.1f}"
    yield f"{ours.seconds * 1000:>9.1f} {theirs.seconds * 1000:>14.1f} {times:>8}"
    yield f"{ours.sent:>11.0f} {theirs.sent:>16.0f} {sent:>8}"


if __name__ == "__main__":
    main()
