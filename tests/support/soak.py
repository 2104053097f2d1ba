"""Hours with an unreliable gateway in minutes: real engine, real HTTP client, simulator, one fake clock."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from support.theatre import FakeClock

from ecovai_tui.engine.disk_watcher import DiskWatcher
from ecovai_tui.engine.engine import Engine
from ecovai_tui.engine.poller import Connection, Poller
from ecovai_tui.engine.worker import ReplicaWorker
from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.connection import Endpoint
from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.scripts import SCRIPTS
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options, RequestRecord
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile

MINUTE = 60.0
FAULTS = (
    "429", "429-retry-after", "500", "502-html", "503", "504", "reset", "cut", "slow", "html200", "empty200", "garbage",
    "double", "text-plain", "401", "401-exhausted", "403-model", "413", "redirect", "big-batch-500",
)  # fmt: skip
"""Every fault but one: a gateway that hangs would take real time."""

LOG_SIZE = 200
"""Requests that the simulator remembers: more than a step can hold."""

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


@dataclass(slots=True)
class Log:
    """What is kept of each request, and of the memory after each step."""

    times: list[float] = field(default_factory=list)
    failed: int = 0
    most_in_flight: int = 0
    most_ids: int = 0
    memory: list[int] = field(default_factory=list)

    def take(self, records: Iterable[RequestRecord]) -> None:
        """Take in the requests that are new."""
        last = self.times[-1] if self.times else 0.0
        for record in records:
            if record.at > last:
                self.times.append(record.at)
                self.failed += record.status != 200
                self.most_in_flight = max(self.most_in_flight, record.concurrent)
                self.most_ids = max(self.most_ids, len(record.ids))


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
        seed=seed, dialect=dialect, faults=faults, arrivals=False, population=0, slow_seconds=0.01, log_size=LOG_SIZE
    )
    with Simulator(options, clock=clock.now) as simulator:
        engine, replica, watch_list = _engine(folder, simulator, clock, seed)
        running = asyncio.create_task(engine.run())
        await clock.idle()
        log = Log()
        await _pass_time(simulator, watch_list, clock, _portions(tasks, hours), log, Random(seed))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        result = _result(simulator, replica, hours, log)
        replica.close()
    return result


def _engine(folder: Path, simulator: Simulator, clock: FakeClock, seed: int) -> tuple[Engine, Replica, WatchListFile]:
    endpoint = Endpoint(simulator.base_url, simulator.key, None)
    replica = Replica(folder / "replica.sqlite3", simulator.base_url)
    watch_list = WatchListFile(folder / "watchlist.toml")
    worker = ReplicaWorker(replica)
    poller = Poller(
        Connection(lambda: Gateway(endpoint, clock=clock.now)), worker, replica.lease(clock), clock, Random(seed)
    )
    engine = Engine(poller=poller, disk_watcher=DiskWatcher(watch_list, clock), worker=worker, clock=clock)
    return engine, replica, watch_list


def _portions(tasks: int, hours: float) -> Iterator[int]:
    """Yield how many tasks come at each step: all in the first half, none in the second."""
    steps = int(hours * 60 * MINUTE / STEP)
    busy = max(1, steps // 2)
    for step in range(steps):
        yield tasks * (step + 1) // busy - tasks * step // busy if step < busy else 0


async def _pass_time(
    simulator: Simulator,
    watch_list: WatchListFile,
    clock: FakeClock,
    portions: Iterator[int],
    log: Log,
    random: Random,
) -> None:
    scripts = sorted(SCRIPTS)
    for portion in portions:
        if portion:
            watch_list.add([simulator.submit(script=random.choice(scripts)) for _ in range(portion)], now=clock.now())
        await clock.advance(STEP)
        log.take(simulator.requests)
        log.memory.append(_memory() if tracemalloc.is_tracing() else 1)


def _memory() -> int:
    """Return the bytes in use, but for what the simulator keeps to tell the truth with."""
    gc.collect()
    traces = tracemalloc.take_snapshot().filter_traces(
        [tracemalloc.Filter(inclusive=False, filename_pattern="*/simulator/*")]
    )
    return sum(trace.size for trace in traces.traces)


def _result(simulator: Simulator, replica: Replica, hours: float, log: Log) -> Soak:
    phases = {watched.id: watched.summary.phase.value for watched in replica.watched()}
    truths = {task_id: (phases.get(task_id, "not watched"), simulator.truth(task_id)) for task_id in simulator.ids}
    return Soak(
        hours=hours,
        requests=len(log.times),
        failed_requests=log.failed,
        most_in_a_minute=max(sum(first <= at < first + MINUTE for at in log.times) for first in log.times),
        most_in_flight=log.most_in_flight,
        most_ids=log.most_ids,
        wrong={task_id: (found, truth) for task_id, (found, truth) in truths.items() if found != truth},
        tasks=len(truths),
        grown=log.memory[-1] / log.memory[len(log.memory) // 2],
    )
