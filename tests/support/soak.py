"""Hours with an unreliable gateway in minutes: real engine, real HTTP client, simulator, one fake clock."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from support.theatre import FakeClock

from ecovai_tui.gateway.client import Endpoint, Gateway
from ecovai_tui.monitor.asker import Asker
from ecovai_tui.monitor.connection import Connection
from ecovai_tui.monitor.leader import Leadership
from ecovai_tui.monitor.monitor import Monitor
from ecovai_tui.monitor.observer import Observer
from ecovai_tui.monitor.patience import Patience
from ecovai_tui.monitor.plan import Plan
from ecovai_tui.simulator import Fault, Options, Simulator
from ecovai_tui.simulator.repertoire import SCRIPTS
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile

MINUTE = 60.0
FAULTS = (
    "429", "429-retry-after", "500", "502-html", "503", "504", "reset", "cut", "slow", "html200", "empty200", "garbage",
    "double", "text-plain", "401", "401-exhausted", "403-model", "413", "redirect", "big-batch-500",
)  # fmt: skip
"""Every fault but one: a gateway that hangs would take real time."""

STEP = 2 * MINUTE
"""New tasks come so often, in simulated seconds."""


@dataclass(frozen=True, slots=True)
class Soak:
    """What hours of polling came to."""

    hours: float
    requests: int
    failed_requests: int
    most_in_a_minute: int
    most_in_flight: int
    most_ids: int
    wrong: dict[str, tuple[str, str]]
    """Ids that did not end as the simulator knows: what the replica has, and the truth."""
    tasks: int
    grown: float
    """Memory at the end over memory when the last task came; 1 where it was not measured."""


async def soak(
    folder: Path, *, hours: float, tasks: int, failing: float, dialect: str, seed: int = 1, measure: bool = False
) -> Soak:
    """Watch so many tasks for so many simulated hours while a share of the requests fails.

    ``measure`` traces memory too, which makes everything slower.
    """
    if measure:
        tracemalloc.start()
    clock = FakeClock()
    faults = tuple(Fault(name, failing / len(FAULTS)) for name in FAULTS)
    options = Options(
        seed=seed, dialect=dialect, faults=faults, arrivals=False, population=0, slow_seconds=0.01, log_size=1_000_000
    )
    with Simulator(options, clock=clock.now) as simulator:
        engine, replica, watch_list = _engine(folder, simulator, clock, seed)
        running = asyncio.create_task(engine.run())
        await clock.idle()
        memory = await _pass_time(simulator, watch_list, clock, _portions(tasks, hours), Random(seed))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        result = _result(simulator, replica, hours, memory)
        replica.close()
    return result


def _engine(folder: Path, simulator: Simulator, clock: FakeClock, seed: int) -> tuple[Monitor, Replica, WatchListFile]:
    endpoint = Endpoint(simulator.base_url, simulator.key, None)
    replica = Replica(folder / "replica.sqlite3", simulator.base_url)
    watch_list = WatchListFile(folder / "watchlist.toml")
    asker = Asker(
        Connection(lambda: Gateway(endpoint, clock=clock.now)), replica, clock, Patience(Random(seed)), Plan()
    )
    monitor = Monitor(
        asker=asker, observer=Observer(watch_list, replica, clock), leadership=Leadership(None), clock=clock
    )
    return monitor, replica, watch_list


def _portions(tasks: int, hours: float) -> Iterator[int]:
    """Yield how many tasks come at each step: all in the first half, none in the second."""
    steps = int(hours * 60 * MINUTE / STEP)
    busy = max(1, steps // 2)
    for step in range(steps):
        yield tasks * (step + 1) // busy - tasks * step // busy if step < busy else 0


async def _pass_time(
    simulator: Simulator, watch_list: WatchListFile, clock: FakeClock, portions: Iterator[int], random: Random
) -> list[int]:
    scripts, memory = sorted(SCRIPTS), []
    for portion in portions:
        if portion:
            watch_list.add([simulator.submit(script=random.choice(scripts)) for _ in range(portion)], now=clock.now())
        await clock.advance(STEP)
        memory.append(_memory() if tracemalloc.is_tracing() else 0)
    return memory


def _memory() -> int:
    """Return the bytes in use, but for what the simulator keeps to tell the truth with."""
    gc.collect()
    traces = tracemalloc.take_snapshot().filter_traces(
        [tracemalloc.Filter(inclusive=False, filename_pattern="*/simulator/*")]
    )
    return sum(trace.size for trace in traces.traces)


def _result(simulator: Simulator, replica: Replica, hours: float, memory: list[int]) -> Soak:
    records = simulator.requests
    phases = {watched.id: watched.summary.phase.value for watched in replica.watched()}
    times = [record.at for record in records]
    return Soak(
        hours=hours,
        requests=len(records),
        failed_requests=sum(record.status != 200 for record in records),
        most_in_a_minute=max(sum(first <= at < first + MINUTE for at in times) for first in times),
        most_in_flight=max(record.concurrent for record in records),
        most_ids=max(len(record.ids) for record in records),
        wrong={
            task_id: (phases.get(task_id, "not watched"), simulator.truth(task_id))
            for task_id in simulator.ids
            if phases.get(task_id) != simulator.truth(task_id)
        },
        tasks=len(simulator.ids),
        grown=memory[-1] / memory[len(memory) // 2] if memory[-1] else 1.0,
    )
