"""Asking a gateway for any number of tasks once, within the limit that all panes share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecovai_tui.commands.shared.output import say
from ecovai_tui.commands.shared.progress import LiveLine
from ecovai_tui.engine.clock import Clock, SystemClock
from ecovai_tui.engine.poller import TakenOver, gateway_trouble, keep_alive
from ecovai_tui.engine.schedule import back_off, due_at
from ecovai_tui.engine.worker import ReplicaWorker
from ecovai_tui.gateway.errors import KEY_PROBLEMS, SIZE_PROBLEMS, GatewayError, Problem
from ecovai_tui.language import sentences, tr
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import BATCH_MOST, MINUTE, Batch, Lease
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Task, TaskSummary
from ecovai_tui.tasks.times import coarse_duration

if TYPE_CHECKING:
    from ecovai_tui.gateway.client import Gateway

SPLIT = SIZE_PROBLEMS | {Problem.SERVER_ERROR}
"""Told at once, and one of the ids can be the cause; to try again after a timeout would take minutes."""


class Batches:
    """The ids that are left, and those that the gateway refuses while it returns others."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._left = list(ids)
        self._most = self._limit = BATCH_MOST
        self._answered = False
        self.refused: dict[str, GatewayError] = {}
        """Ids that fail also when they are asked for alone, each with what the gateway says."""

    @property
    def left(self) -> int:
        """How many ids are still to be asked for."""
        return len(self._left)

    @property
    def next(self) -> Sequence[str]:
        """The ids of the next request."""
        return self._left[: self._most]

    def answered(self) -> None:
        """Go on behind the batch that was answered, with a larger one."""
        del self._left[: self._most]
        self._most = min(self._limit, 2 * self._most)
        self._answered = True

    def narrow(self, most: int) -> bool:
        """Name no more ids in a request from now on; return whether these are fewer than before."""
        narrower = most < self._limit
        self._most, self._limit = min(self._most, most), min(self._limit, most)
        return narrower

    def failed(self, error: GatewayError) -> None:
        """Take half of the batch, or leave its only id out; raise the error where the ids are not its cause."""
        batch = self.next
        if error.problem not in SPLIT:
            raise error
        if len(batch) == 1:
            self._leave_out(batch[0], error)
            return
        self._most = max(1, len(batch) // 2)
        if error.problem is Problem.REQUEST_TOO_LARGE:
            self._limit = self._most

    def _leave_out(self, task_id: str, error: GatewayError) -> None:
        """Go on without an id; raise the error where it seems to be the gateway's: two fail, and none was answered."""
        del self._left[:1]
        if not self._answered and (self.refused or not self._left):
            raise error
        self.refused[task_id] = error


PATIENCE = 10.0
"""Seconds that another program may keep the replica locked."""

LAST_WAIT = 0.5
"""Seconds that the replica has at the end for what it is at."""

WORTH_A_WORD = 10.0
"""Seconds from which on it is said beforehand how long it will take."""


class Answers(NamedTuple):
    """What became of all that was asked."""

    tasks: tuple[Task, ...] = ()
    refused: Mapping[str, GatewayError] = {}
    """Ids that the gateway fails to return, each with its error."""


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Asking:
    """What one run of ``fetch`` asks with; its requests keep to the lease that all panes share."""

    gateway: Gateway
    lease: Lease
    worker: ReplicaWorker
    clock: Clock
    interval: float

    async def ask(self, ids: Sequence[str]) -> Sequence[Task]:
        """Ask for ids once nobody else does, and record what was told; raises GatewayError."""
        batch = await self._claim(ids)
        try:
            tasks = (await keep_alive(self.gateway.fetch(ids), batch, self.lease, self.worker, self.clock)).tasks
        except TakenOver:
            return await self.ask(ids)
        except GatewayError as error:
            await self._fail(batch, error)
            raise
        try:
            await self._run(lambda _: self.lease.record(batch, tasks, self._plan))
        except StoreError as error:
            say(sentences(tr("The answer is shown, but was not remembered."), str(error)))
        return tasks

    async def _claim(self, ids: Sequence[str]) -> Batch:
        while True:
            claimed = await self._run(lambda _: self.lease.claim_for(ids))
            if isinstance(claimed, Batch):
                return claimed
            pause = claimed - self.clock.now()
            if pause >= WORTH_A_WORD:
                say(
                    tr(
                        "ecovai-tui: The gateway is left alone until the next request may go, in {pause}.",
                        pause=coarse_duration(pause),
                    )
                )
            await asyncio.sleep(pause)

    async def _fail(self, batch: Batch, error: GatewayError) -> None:
        """Tell the panes of a failure that is theirs too; neither a refused key is, nor ids that are too many."""
        if error.problem in SPLIT | KEY_PROBLEMS:
            await self._run(lambda _: self.lease.give_back(batch))
            return
        trouble, floor = gateway_trouble(error, self.clock.now()).text, error.retry_after or 0.0
        await self._run(lambda _: self.lease.fail(batch, trouble, self._pause, floor=floor))

    async def _run(self, work: Callable[[Replica], Result]) -> Result:
        """Return what the replica's thread makes of some work; raises StoreError if another program never lets go."""
        try:
            return await asyncio.wait_for(self.worker.run(work), PATIENCE)
        except TimeoutError:
            raise StoreError(tr("Another program keeps the replica locked. Try again in a moment.")) from None

    @staticmethod
    def _pause(failures: int) -> float:
        return back_off(failures, random())  # noqa: S311 jitter is no secret

    def _plan(self, summary: TaskSummary, now: float, restarted_at: float | None) -> float | None:
        return due_at(summary, now, self.interval, restarted_at)


async def fetch_all(settings: Settings, key: Secret, replica: Replica, ids: Sequence[str]) -> Answers:
    """Return the tasks of these ids; raises GatewayError if the gateway returns none.

    What was told is recorded in the replica; that an id was left out is not, since it may be too young.
    """
    from ecovai_tui.gateway.client import Endpoint, Gateway  # noqa: PLC0415 - slow to import

    gateway, clock = Gateway(Endpoint(settings.base_url, key.reveal(), settings.ca_file)), SystemClock()
    lease = replica.lease(clock, settings.max_requests_per_minute)
    asking = Asking(gateway, lease, ReplicaWorker(replica), clock, settings.interval)
    batches, live, tasks = Batches(ids), LiveLine(), list[Task]()
    announce(len(ids), settings.max_requests_per_minute)
    try:
        while batches.left:
            try:
                told = await asking.ask(batches.next)
            except GatewayError as error:
                if not batches.narrow(gateway.most_ids):
                    batches.failed(error)
            else:
                tasks.extend(told)
                batches.answered()
            live.show(tr("{asked} of {count} ids asked for", asked=len(ids) - batches.left, count=len(ids)))
    finally:
        live.clear()
        asking.worker.stop(LAST_WAIT)
        await gateway.aclose()
    return Answers(tuple(tasks), batches.refused)


def announce(ids: int, most: int) -> None:
    """Say how long it will take, where that is longer than people expect."""
    requests = ceil(ids / BATCH_MOST)
    seconds = (requests - 1) * MINUTE / most
    if seconds >= WORTH_A_WORD:
        say(
            tr(
                "ecovai-tui: {ids} ids take {requests} requests, of which at most {most} go out in a minute: "
                "about {duration}.",
                ids=ids,
                requests=requests,
                most=most,
                duration=coarse_duration(seconds),
            )
        )


def mirror(replica: Replica, watch_list: WatchListFile) -> None:
    """Bring the replica up to the watch list, so that commands without settings find the gateway that was asked."""
    try:
        replica.mirror(watch_list.read(), time.time())
    except StoreError as error:
        say(str(error))
