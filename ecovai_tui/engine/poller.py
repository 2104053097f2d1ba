"""The polling side of the engine: one request for what was claimed, and what came of it into the replica."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Protocol, TypeVar

from ecovai_tui.engine import schedule
from ecovai_tui.engine.updates import Trouble
from ecovai_tui.engine.worker import Clock, ReplicaWorker, in_thread
from ecovai_tui.gateway.billing import quota_of
from ecovai_tui.gateway.errors import BATCH_PROBLEMS, KEY_PROBLEMS, GatewayError, Problem
from ecovai_tui.language import clauses, later, said, sentences, tr
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import BEAT, Lease
from ecovai_tui.store.turns import Alone, Batch
from ecovai_tui.tasks.families import DEFAULT_FAMILY, FAMILIES, family_of
from ecovai_tui.tasks.model import Task, TaskSummary
from ecovai_tui.tasks.text import packed

HAS_WORKED = later("This key has worked before, so it is tried for two minutes before it counts as refused.")
"""Gateways also refuse a key while their database stumbles (measured on new-api 2025-04)."""

LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class KeyRest:
    """How long this process keeps still because its own key was refused; moments are monotonic, in seconds.

    A key that has worked is not given up by the first refusals.
    """

    random: Random
    trouble: Trouble | None = None
    until: float = 0.0
    refused_at: float = 0.0
    """When it was refused last, in Unix seconds."""
    _has_worked: bool = False
    _refusals: int = 0
    """How often the key was refused since it last worked."""
    _refused_since: float = 0.0

    def refuse(self, trouble: Trouble, now: float) -> None:
        """Take in that the key was refused."""
        self.refused_at = trouble.since
        self._refused_since = self._refused_since if self._refusals else now
        self._refusals += 1
        long_enough = now - self._refused_since >= schedule.KEY_DOUBTED_FOR
        if self._has_worked and not (long_enough and self._refusals >= schedule.KEY_DOUBTED_LEAST):
            trouble = trouble._replace(message=sentences(trouble.message, said(HAS_WORKED)), key_refused=False)
            self.until = now + schedule.back_off(self._refusals, self.random.random())
        else:
            self.until = now + schedule.KEY_REFUSED_PAUSE
        self.trouble = trouble._replace(since=self.trouble.since if self.trouble else trouble.since)

    def work(self) -> None:
        """Take in that the key works."""
        self.trouble, self.until, self._has_worked, self._refusals = None, 0.0, True, 0

    def hurry(self) -> None:
        """Let the next request go at once: the user asked for it."""
        self.until = 0.0


class Reply(Protocol):
    """What a batched query brought."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that the gateway told of."""

    @property
    def skew(self) -> float | None:
        """The gateway's clock minus ours in seconds, where the reply told it."""


class Gateway(Protocol):
    """What the engine needs of a gateway; the real one is imported late, for it is slow to import."""

    def most_ids_of(self, family: str) -> int:
        """Return how many ids of a family the next request may name: 1 where the key has a list of models."""

    async def fetch(self, ids: Sequence[str]) -> Reply:
        """Ask for tasks of one family in one request; raises GatewayError."""

    async def fetch_one(self, task_id: str) -> Task | None:
        """Ask for one task, None when the gateway does not know it; raises GatewayError."""

    async def granted(self) -> float | None:
        """Ask what the key was granted in all, None where the gateway does not tell; raises GatewayError."""

    async def used(self) -> float | None:
        """Ask what the key has used, None where the gateway does not tell; raises GatewayError."""

    async def aclose(self) -> None:
        """Let go of the connections."""


class Connection:
    """Opens the gateway off the event loop when it is first needed, and once more after a refused key."""

    def __init__(self, open_gateway: Callable[[], Gateway]) -> None:
        """``open_gateway`` may take its time: it imports the HTTP client and may run the user's key command."""
        self._open_gateway = open_gateway
        self._gateway: Gateway | None = None
        self._renewed = False

    def most_ids_of(self, family: str) -> int:
        """Return how many ids of a family the next request may name."""
        return self._gateway.most_ids_of(family) if self._gateway is not None else FAMILIES[family].most_ids

    async def fetch(self, ids: Sequence[str]) -> Reply:
        """Ask for tasks of one family in one request; raises GatewayError, or SettingsError if there is no key."""
        reply = await (await self._opened()).fetch(ids)
        self._renewed = False
        return reply

    async def fetch_one(self, task_id: str) -> Task | None:
        """Ask for one task, None when the gateway does not know it; raises as ``fetch`` does."""
        return await (await self._opened()).fetch_one(task_id)

    async def granted(self) -> float | None:
        """Ask what the key was granted in all; raises as ``fetch`` does."""
        return await (await self._opened()).granted()

    async def used(self) -> float | None:
        """Ask what the key has used; raises as ``fetch`` does."""
        return await (await self._opened()).used()

    async def renew(self) -> bool:
        """Get the key again for the next request; False if that was done already and did not help."""
        if self._renewed:
            return False
        await self.close()
        self._renewed = True
        return True

    async def close(self) -> None:
        """Let go of the connections."""
        if self._gateway is not None:
            gateway, self._gateway = self._gateway, None
            await gateway.aclose()

    async def _opened(self) -> Gateway:
        if self._gateway is None:
            self._gateway = await in_thread(self._open_gateway)
        return self._gateway


class TakenOver(Exception):  # noqa: N818 - nothing went wrong here
    """Another instance took this one for dead while it asked."""


Result = TypeVar("Result")


async def keep_alive(
    request: Coroutine[None, None, Result], batch: Batch, lease: Lease, worker: ReplicaWorker, clock: Clock
) -> Result:
    """Return what a request returns, and tell the other instances meanwhile that it is under way.

    Raises what the request raises, or TakenOver.
    """
    running, over = asyncio.ensure_future(request), asyncio.Event()
    running.add_done_callback(lambda _: over.set())
    try:
        while not running.done():
            await clock.wait(over, BEAT)
            if not running.done() and not await worker.run(lambda _: lease.beat(batch)):
                raise TakenOver
        return running.result()
    finally:
        running.cancel()


async def claim_for(
    ids: Sequence[str],
    lease: Lease,
    run: Callable[[Callable[[Replica], Batch | float]], Awaitable[Batch | float]],
    clock: Clock,
    tell: Callable[[float], None] = lambda _seconds: None,
) -> Batch:
    """Claim the next request that may go for ids, due or not, once it may; ``tell`` hears how long each wait is."""
    while not isinstance(claimed := await run(lambda _: lease.claim_for(ids)), Batch):
        tell(pause := claimed - clock.now())
        await clock.wait(asyncio.Event(), pause)
    return claimed


@dataclass(slots=True)
class Poller:
    """Asks the gateway for what was claimed, and records what it tells."""

    connection: Connection
    worker: ReplicaWorker
    lease: Lease
    clock: Clock
    random: Random
    interval: float = schedule.DEFAULT_INTERVAL
    """Seconds between two looks at a young task."""
    key: KeyRest = field(init=False)
    notice: str = ""
    """What is to be said once: that the gateway does not tell of a family."""
    _without_route: set[str] = field(default_factory=set)
    _failures: Counter[str] = field(default_factory=Counter)
    """How often each family but the default one failed in a row."""

    def __post_init__(self) -> None:
        self.key = KeyRest(self.random)

    def claim(self, *, attended: bool) -> Batch | float | None:
        """Claim what is due; runs in the worker's thread. Returns what ``Lease.claim`` does."""
        resting = self.clock.now() + self.key.until - self.clock.monotonic() if self.key.until else 0.0
        return self.lease.claim(
            limit_of=self.connection.most_ids_of, reach=self.interval / 2, attended=attended, resting=resting
        )

    async def claim_for(self, ids: Sequence[str] = ()) -> Batch:
        """Claim the next request that may go for these ids, whether they are due or not, once it may."""
        return await claim_for(ids, self.lease, self.worker.run, self.clock)

    async def ask(self, batch: Batch, failing_since: float | None) -> frozenset[str]:
        """Send the one request, and return the ids of which it brought something.

        A failure is not raised, but told to all instances, or kept in ``key`` if it concerns this one alone.
        """
        try:
            tasks, skew = await keep_alive(self._fetch(batch), batch, self.lease, self.worker, self.clock)
        except GatewayError as error:
            return await self._fail(batch, error, failing_since)
        except SettingsError as error:
            await self._refuse(
                batch, Trouble(str(error), since=self.clock.now(), key_refused=True, kind=later("no key"))
            )
        except TakenOver:
            LOG.warning("another instance took over a request for %d ids", len(batch.ids))
        else:
            self.key.work()
            self._without_route.discard(family := family_of(batch.ids[0]))
            del self._failures[family]
            recorded = await self.worker.run(lambda _: self.lease.record(batch, tasks, self._plan, skew=skew))
            return recorded.seen if recorded else frozenset()
        return frozenset()

    async def _fetch(self, batch: Batch) -> tuple[Sequence[Task], float | None]:
        if batch.alone is Alone.LEFT_OUT:
            task = await self.connection.fetch_one(batch.ids[0])
            return () if task is None else (task,), None
        reply = await self.connection.fetch(batch.ids)
        return reply.tasks, reply.skew

    def _plan(self, summary: TaskSummary, now: float, restarted_at: float | None) -> float | None:
        return schedule.due_at(summary, now, self.interval, restarted_at)

    async def _fail(self, batch: Batch, error: GatewayError, failing_since: float | None) -> frozenset[str]:
        """Take in a failure, and return the ids of which it says something."""
        LOG.warning("asked for %d ids: %s", len(batch.ids), error)
        if error.problem is Problem.WRONG_ROUTE:
            self._say_once(family_of(batch.ids[0]), error.message)
            note, pause = packed(error.message), schedule.WITHOUT_ROUTE_FOR
            return frozenset(await self.worker.run(lambda _: self.lease.rest(batch, note, pause, passing=False)))
        if error.is_of_maker(batch.ids[0]):
            return await self._fail_family(batch, error)
        if error.problem is Problem.NEXT_ROUTE:
            await self.worker.run(lambda _: self.lease.give_back(batch))
        else:
            await self._tell(batch, error, failing_since)
        return frozenset()

    async def _fail_family(self, batch: Batch, error: GatewayError) -> frozenset[str]:
        """Let the family alone rest whose maker seems to fail, and return the ids of which that is said."""
        family = family_of(batch.ids[0])
        self._failures[family] += 1
        seconds = max(error.retry_after or 0.0, self._pause(self._failures[family]))
        if self._failures[family] > 1 and batch.alone is Alone.NO:
            batch = batch._replace(alone=Alone.APART)  # one of its ids may be the cause
        return frozenset(
            await self.worker.run(lambda _: self.lease.rest(batch, packed(error.message), seconds, passing=True))
        )

    def _say_once(self, family: str, words: str) -> None:
        if family not in self._without_route:
            self._without_route.add(family)
            self.notice = words

    async def _tell(self, batch: Batch, error: GatewayError, failing_since: float | None) -> None:
        """Tell all instances of a failure, or let this one rest if its own key was refused."""
        refused, now = error.problem in KEY_PROBLEMS, self.clock.now()
        trouble = gateway_trouble(error, now if refused else failing_since or now)
        if not refused:
            suspects = self.interval if error.problem in BATCH_PROBLEMS else 0.0
            await self.worker.run(
                lambda _: self.lease.fail(
                    batch, trouble.text, self._pause, floor=error.retry_after or 0.0, suspects=suspects
                )
            )
        elif self._may_ask_singly(error) or await self.connection.renew():
            await self.worker.run(lambda _: self.lease.give_back(batch))
        else:
            await self._refuse(batch, trouble)

    async def _refuse(self, batch: Batch, trouble: Trouble) -> None:
        self.key.refuse(trouble, self.clock.monotonic())
        await self.worker.run(lambda _: self.lease.give_back(batch))

    def _pause(self, failures: int) -> float:
        return schedule.back_off(failures, self.random.random())

    def _may_ask_singly(self, error: GatewayError) -> bool:
        """Return whether a key that may not ask for many tasks has not been tried with one yet."""
        return error.problem is Problem.MODEL_RESTRICTED and self.connection.most_ids_of(DEFAULT_FAMILY) == 1


def gateway_trouble(error: GatewayError, since: float) -> Trouble:
    """Return what people read of a failure; the first of its row came at ``since``."""
    request = tr("request id {request_id}", request_id=error.request_id) if error.request_id else ""
    detail = clauses(error.detail, request)
    refused = error.problem in KEY_PROBLEMS
    return Trouble(error.message, detail, since, key_refused=refused, kind=error.problem.value)


EVERY = 600.0
"""Seconds between two readings."""


class QuotaReader:
    """Reads the quota when it is wanted and old enough; a gateway that does not tell it is asked no sooner again."""

    def __init__(self, poller: Poller) -> None:
        """Send by the connection of a poller, whose lease says when."""
        self._poller = poller
        self._wanted = asyncio.Event()
        self.left: float | None = None
        """What was left when a pane last read it, in units of the site; None for no limit and not told."""
        self._read_at = 0.0

    def want(self) -> None:
        """Have it read soon, unless the last reading is young enough."""
        if self._poller.clock.now() - self._read_at >= EVERY:
            self._wanted.set()

    def look(self, replica: Replica) -> None:
        """Take in what any pane read; runs in the replica's thread."""
        self.left, self._read_at = replica.quota()

    async def run(self) -> None:
        """Read it whenever it is wanted, until cancelled."""
        poller = self._poller
        while True:
            await poller.clock.wait(self._wanted, None)
            self._wanted.clear()
            now = poller.clock.now()
            if await poller.worker.run(partial(Replica.begin_quota, now=now, every=EVERY)):
                await self._read()

    async def _read(self) -> None:
        """Ask the two questions; the tasks are what tells of trouble with the gateway, so the log has to do here."""
        connection = self._poller.connection
        try:
            granted = await self._ask(connection.granted)
            quota = None if granted is None else quota_of(granted, await self._ask(connection.used))
        except (GatewayError, SettingsError, TakenOver) as error:
            LOG.warning("asked for the quota: %s", error)
            return
        left = None if quota is None else quota.left
        await self._poller.worker.run(partial(Replica.record_quota, left=left))

    async def _ask(self, question: Callable[[], Coroutine[None, None, float | None]]) -> float | None:
        """Send one request as soon as the lease permits."""
        poller, lease = self._poller, self._poller.lease
        batch = await poller.claim_for()
        try:
            return await keep_alive(question(), batch, lease, poller.worker, poller.clock)
        finally:
            await poller.worker.run(lambda _: lease.give_back(batch))
