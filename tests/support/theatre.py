"""A clock that is turned by hand, and a gateway that answers what the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ecovai_tui.engine.disk_watcher import DiskWatcher
from ecovai_tui.engine.engine import Engine
from ecovai_tui.engine.poller import Connection, Poller, QuotaReader
from ecovai_tui.engine.updates import Update
from ecovai_tui.engine.worker import ReplicaWorker
from ecovai_tui.gateway.errors import GatewayError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.families import FAMILIES
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

START = 1_716_191_800.0
STEADY = 10
"""Turns of the event loop without any stir after which nothing more comes."""

LOOPS = 2
"""Coroutines of one monitor that wait on the clock when it is idle."""


class FakeClock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self._now, self._jumped = START, 0.0
        self._waiting: dict[asyncio.Future[None], float] = {}

    def now(self) -> float:
        return self._now + self._jumped

    def monotonic(self) -> float:
        return self._now - START

    def jump(self, seconds: float) -> None:
        """Set the clock; whoever waits on it goes on waiting as long as before, as on the clock of the machine."""
        self._jumped += seconds

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        alarm = asyncio.get_running_loop().create_future()
        self._waiting[alarm] = float("inf") if seconds is None else self._now + seconds
        rung = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({alarm, rung}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting.pop(alarm, None)
            rung.cancel()

    async def idle(self, loops: int = LOOPS) -> None:
        """Wait, in real time, until all loops of the engine wait on this clock."""
        steady = 0
        while steady < STEADY:
            await asyncio.sleep(0 if steady else 0.0005)
            steady = steady + 1 if len(self._waiting) == loops else 0

    async def advance(self, seconds: float, loops: int = LOOPS) -> None:
        """Let time pass, stopping at each moment for which something waits."""
        end = self._now + seconds
        await self.idle(loops)
        while (moment := min(self._waiting.values(), default=float("inf"))) <= end:
            self._now = max(self._now, moment)
            for alarm, due in tuple(self._waiting.items()):
                if due <= self._now and not alarm.done():
                    alarm.set_result(None)
                    self._waiting.pop(alarm)
            await self.idle(loops)
        self._now = end


async def until(condition: Callable[[], object]) -> None:
    """Wait, in real time, until a condition holds."""
    while not condition():
        await asyncio.sleep(0.001)


@dataclass(frozen=True, slots=True)
class FakeReply:
    tasks: tuple[Task, ...]
    skew: float | None = None


@dataclass
class FakeGateway:
    """Knows some tasks; keeps a log of what it was asked; fails where the test wants it to."""

    clock: FakeClock
    tasks: dict[str, Task] = field(default_factory=dict)
    failing: Callable[[Sequence[str]], GatewayError | None] = lambda ids: None
    asked: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    single: list[str] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    most_ids: int = 50
    skew: float | None = None
    limit: float | None = 20.0
    """What the key was granted; None where the gateway does not tell."""
    quota_asked: list[float] = field(default_factory=list)
    hold: asyncio.Event | None = None
    """When set, no request is answered before this event."""

    def most_ids_of(self, family: str) -> int:
        return min(self.most_ids, FAMILIES[family].most_ids)

    def open(self) -> FakeGateway:
        self.opened += 1
        return self

    async def fetch(self, ids: Sequence[str]) -> FakeReply:
        self.asked.append((self.clock.now(), tuple(ids)))
        if self.hold:
            await self.hold.wait()
        if error := self.failing(ids):
            raise error
        return FakeReply(tuple(self.tasks[task_id] for task_id in ids if task_id in self.tasks), self.skew)

    async def fetch_one(self, task_id: str) -> Task | None:
        self.single.append(task_id)
        if error := self.failing([task_id]):
            raise error
        return self.tasks.get(task_id)

    async def granted(self) -> float | None:
        self.quota_asked.append(self.clock.now())
        if error := self.failing([]):
            raise error
        return self.limit

    async def used(self) -> float | None:
        self.quota_asked.append(self.clock.now())
        return 7.6

    async def aclose(self) -> None:
        self.closed += 1

    def knows(self, task_id: str, phase: Phase = Phase.RUNNING, **more: object) -> None:
        self.tasks[task_id] = a_task(task_id, phase, **more)


def a_task(task_id: str, phase: Phase = Phase.RUNNING, **more: object) -> Task:
    values = {"kind": Kind.MUSIC, "submitted_at": START - 30, **more}
    if phase is Phase.DONE:
        values.setdefault("clips", (Clip("c1", Phase.DONE, audio_url="https://cdn1.suno.ai/c1.mp3"),))
    return Task(task_id, phase=phase, **values)  # type: ignore[arg-type]


@dataclass
class Stage:
    """One instance of the engine with all that stands around it."""

    clock: FakeClock
    gateway: FakeGateway
    watch_list: WatchListFile
    replica: Replica
    """The test's own connection to the file."""
    engine: Engine
    worker: ReplicaWorker
    loops: int = LOOPS
    """Coroutines of its engine."""
    updates: list[Update] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine.subscribe(self.updates.append)

    def close(self) -> None:
        if self.worker.stop(1.0):
            self.worker._replica.close()
        self.replica.close()

    def phase(self, task_id: str) -> Phase:
        return self.replica.summaries([task_id])[task_id].phase


class Theatre:
    """Makes any number of instances on one profile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.gateway = FakeGateway(self.clock)
        self.watch_list = WatchListFile(folder / "watchlist.toml")
        self._loops = 0
        """Coroutines of all that run."""
        self._stages: list[Stage] = []

    def stage(
        self,
        *,
        may_ask: bool = True,
        interval: float = 5.0,
        most_per_minute: int = 30,
        ids: tuple[str, ...] = (),
        gateway: FakeGateway | None = None,
        reads_quota: bool = False,
    ) -> Stage:
        """``ids`` are those that a command was given in place of the watch list; ``gateway`` is as its key sees it."""
        replica = Replica(self.folder / "replica.sqlite3", "https://gateway.example")
        worker = ReplicaWorker(Replica(self.folder / "replica.sqlite3", "https://gateway.example"))
        lease = worker._replica.lease(self.clock, most_per_minute, ids)
        poller = Poller(Connection((gateway or self.gateway).open), worker, lease, self.clock, Random(1), interval)
        engine = Engine(
            poller=poller,
            disk_watcher=DiskWatcher(
                None if ids else self.watch_list, self.clock, ids=frozenset(ids), known_row=replica.last_change()
            ),
            worker=worker,
            clock=self.clock,
            may_ask=may_ask,
            quota=QuotaReader(poller) if reads_quota else None,
        )
        loops = LOOPS + reads_quota
        gateway = gateway or self.gateway
        self._stages.append(Stage(self.clock, gateway, self.watch_list, replica, engine, worker, loops))
        return self._stages[-1]

    def close(self) -> None:
        """Let go of all files, also of those of instances that never ran."""
        for stage in self._stages:
            stage.close()

    @asynccontextmanager
    async def running(self, *stages: Stage) -> AsyncIterator[list[asyncio.Task[None]]]:
        engines: list[asyncio.Task[None]] = []
        for stage in stages:
            engines.append(asyncio.create_task(stage.engine.run()))
            self._loops += stage.loops
            await self.clock.idle(self._loops)
        try:
            yield engines
        finally:
            self._loops -= sum(stage.loops for stage in stages)
            for engine in engines:
                engine.cancel()
            await asyncio.gather(*engines, return_exceptions=True)
            for stage in stages:
                stage.close()

    def watch(self, *ids: str) -> None:
        self.watch_list.add(ids, now=self.clock.now())
