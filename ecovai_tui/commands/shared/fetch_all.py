"""Asking a gateway for any number of tasks once, within the limit that all panes share."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil
from random import random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecovai_tui.commands.shared.output import say
from ecovai_tui.commands.shared.watching import LiveLine
from ecovai_tui.engine.poller import TakenOver, claim_for, gateway_trouble, keep_alive
from ecovai_tui.engine.schedule import back_off, due_at
from ecovai_tui.engine.worker import Clock, ReplicaWorker, SystemClock
from ecovai_tui.gateway.errors import KEY_PROBLEMS, SIZE_PROBLEMS, GatewayError, Problem
from ecovai_tui.language import sentences, tr
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import BATCH_MOST, MINUTE, Lease
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.turns import Batch, Limit, limit_of
from ecovai_tui.tasks.families import family_of
from ecovai_tui.tasks.model import Task, TaskSummary
from ecovai_tui.tasks.times import duration_in_words

if TYPE_CHECKING:
    from ecovai_tui.gateway.client import Gateway

SPLIT = SIZE_PROBLEMS | {Problem.SERVER_ERROR}
"""Told at once, and one of the ids can be the cause; to try again after a timeout would take minutes."""


class Batches:
    """The ids that are left, and those that the gateway refuses while it returns others."""

    def __init__(self, ids: Sequence[str], limit_of: Limit = limit_of) -> None:
        """``limit_of`` tells how many ids of a family the gateway takes in one request now."""
        order = list(dict.fromkeys(map(family_of, ids)))
        self._left = sorted(ids, key=lambda name: order.index(family_of(name)))
        self._most = self._limit = BATCH_MOST
        self._limit_of = limit_of
        self._answered = False
        self.refused: dict[str, GatewayError] = {}
        """Ids that fail also when they are asked for alone, each with what the gateway says."""
        self.next: Sequence[str] = self._of_one_family()
        """The ids of the next request, which are of one family."""

    @property
    def left(self) -> int:
        """How many ids are still to be asked for."""
        return len(self._left)

    def answered(self) -> None:
        """Go on behind the batch that was answered, with a larger one."""
        del self._left[: len(self.next)]
        self._most = min(self._limit, 2 * self._most)
        self._answered = True
        self.next = self._of_one_family()

    def try_otherwise(self, error: GatewayError) -> bool:
        """Return whether the same ids are to be asked for in another way, or fewer of them, after a failure."""
        before, self.next = self.next, self._of_one_family()
        return error.problem is Problem.NEXT_ROUTE or len(self.next) < len(before)

    def _of_one_family(self) -> Sequence[str]:
        if not self._left:
            return ()
        family = family_of(self._left[0])
        most = min(self._most, self._limit_of(family))
        return tuple(takewhile(lambda name: family_of(name) == family, self._left[:most]))

    def failed(self, error: GatewayError) -> None:
        """Take half of the batch, or leave its only id out; raise the error where the ids are not its cause."""
        batch = self.next
        if error.problem is Problem.WRONG_ROUTE:
            family = family_of(batch[0])
            self._leave_out([name for name in self._left if family_of(name) == family], error)
        elif error.problem not in SPLIT:
            raise error
        elif len(batch) == 1:
            self._leave_out(batch, error)
        else:
            self._most = max(1, len(batch) // 2)
            if error.problem is Problem.REQUEST_TOO_LARGE:
                self._limit = self._most
        self.next = self._of_one_family()

    def _leave_out(self, ids: Sequence[str], error: GatewayError) -> None:
        """Go on without ids; raise the error where it seems to be the gateway's: two fail, and none was answered."""
        del self._left[: len(ids)]
        of_its_family = error.problem is Problem.WRONG_ROUTE and self._left
        if not self._answered and not of_its_family and (self.refused or not self._left):
            raise error
        self.refused |= dict.fromkeys(ids, error)


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
        batch = await claim_for(ids, self.lease, self._run, self.clock, _tell_pause)
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

    async def _fail(self, batch: Batch, error: GatewayError) -> None:
        """Tell the panes of a failure that is theirs too: no refused key, no maker of a family, no large batch is."""
        of_these_alone = SPLIT | KEY_PROBLEMS | {Problem.NEXT_ROUTE, Problem.WRONG_ROUTE}
        if error.problem in of_these_alone or error.is_of_maker(batch.ids[0]):
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
    batches, live, tasks = Batches(ids, gateway.most_ids_of), LiveLine(), list[Task]()
    announce(ids, settings.max_requests_per_minute)
    try:
        while batches.left:
            try:
                told = await asking.ask(batches.next)
            except GatewayError as error:
                if not batches.try_otherwise(error):
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


def _tell_pause(seconds: float) -> None:
    if seconds >= WORTH_A_WORD:
        say(
            tr(
                "ecovai-tui: The gateway is left alone until the next request may go, in {pause}.",
                pause=duration_in_words(seconds),
            )
        )


def announce(ids: Sequence[str], most: int) -> None:
    """Say how long it will take, where that is longer than people expect."""
    requests = sum(ceil(count / limit_of(family)) for family, count in Counter(map(family_of, ids)).items())
    seconds = (requests - 1) * MINUTE / most
    if seconds >= WORTH_A_WORD:
        say(
            tr(
                "ecovai-tui: {ids} ids take {requests} requests, of which at most {most} go out in a minute: "
                "about {duration}.",
                ids=len(ids),
                requests=requests,
                most=most,
                duration=duration_in_words(seconds),
            )
        )
