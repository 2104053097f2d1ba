"""The polling side of the engine: one request at a time, as the schedule, the cap and the back-off allow."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from ecovai_tui.engine import schedule
from ecovai_tui.engine.clock import Clock, in_thread
from ecovai_tui.engine.plan import Plan
from ecovai_tui.engine.schedule import BATCH_MOST
from ecovai_tui.engine.updates import Trouble
from ecovai_tui.gateway.errors import BATCH_PROBLEMS, KEY_PROBLEMS, GatewayError, Problem
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.ledger import Recorded
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import Task

HAS_WORKED = "This key has worked before, so it is tried for two minutes before it counts as refused."
"""Gateways also refuse a key while their database stumbles (measured on new-api 2025-04)."""


@dataclass(slots=True)
class Backoff:
    """The back-off: grows with each failure, and ends with one good reply."""

    random: Random
    failures: int = 0
    trouble: Trouble | None = None
    wait_until: float = 0.0
    """Before this no request goes out by itself."""
    floor_until: float = 0.0
    """Before this no request goes out at all: the gateway named a time (``Retry-After``)."""
    _key_has_worked: bool = False
    _refusals: int = 0
    """How often the key was refused since it last worked."""
    _refused_since: float = 0.0

    @property
    def key_refused(self) -> bool:
        """Return whether the last request failed because of the key."""
        return self.trouble is not None and self.trouble.key_refused

    def failed(self, trouble: Trouble, now: float, retry_after: float | None) -> None:
        """Take in a failure; ``retry_after`` (seconds) is the gateway's own wish.

        A key that has worked is not given up by the first refusals.
        """
        self.failures += 1
        if trouble.key_refused and self._doubts_refusal(now):
            trouble = trouble._replace(message=f"{trouble.message} {HAS_WORKED}", key_refused=False)
        since = self.trouble.since if self.trouble else now
        self.trouble = trouble._replace(since=since)
        self.floor_until = now + (retry_after or 0.0)
        if trouble.key_refused:
            self.wait_until = now + schedule.KEY_REFUSED_PAUSE
        else:
            self.wait_until = max(self.floor_until, now + schedule.back_off(self.failures, self.random.random()))

    def answered(self) -> None:
        """Forget all failures: a good reply came."""
        self.failures, self.trouble, self.wait_until, self.floor_until = 0, None, 0.0, 0.0
        self._key_has_worked, self._refusals = True, 0

    def shorten(self, now: float) -> None:
        """Wait no longer than after a common failure: the clock was put back, so what remains is not known."""
        most = now + schedule.BACK_OFF_MOST
        self.wait_until, self.floor_until = min(self.wait_until, most), min(self.floor_until, most)
        self._refused_since = min(self._refused_since, now)

    def hurry(self) -> None:
        """Let the next request go as early as the gateway allows: the user asked for it."""
        self.wait_until = self.floor_until

    def _doubts_refusal(self, now: float) -> bool:
        """Return whether a refusal of the key, which is counted, may still pass."""
        self._refused_since = self._refused_since if self._refusals else now
        self._refusals += 1
        long_enough = now - self._refused_since >= schedule.KEY_DOUBTED_FOR
        return self._key_has_worked and not (long_enough and self._refusals >= schedule.KEY_DOUBTED_LEAST)


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

    @property
    def most_ids(self) -> int:
        """Ids that the next request may name: 1 where the key has a list of models."""

    async def fetch(self, ids: Sequence[str]) -> Reply:
        """Ask for up to ``most_ids`` tasks in one request; raises GatewayError."""

    async def fetch_one(self, task_id: str) -> Task | None:
        """Ask for one task, None when the gateway does not know it; raises GatewayError."""

    async def aclose(self) -> None:
        """Let go of the connections."""


class Connection:
    """Opens the gateway off the event loop when it is first needed, and once more after a refused key."""

    def __init__(self, open_gateway: Callable[[], Gateway]) -> None:
        """``open_gateway`` may take its time: it imports the HTTP client and may run the user's key command."""
        self._open_gateway = open_gateway
        self._gateway: Gateway | None = None
        self._renewed = False

    @property
    def most_ids(self) -> int:
        """Ids that the next request may name."""
        return self._gateway.most_ids if self._gateway is not None else BATCH_MOST

    async def fetch(self, ids: Sequence[str]) -> Reply:
        """Ask for up to ``most_ids`` tasks in one request; raises GatewayError, or SettingsError if there is no key."""
        reply = await (await self._opened()).fetch(ids)
        self._renewed = False
        return reply

    async def fetch_one(self, task_id: str) -> Task | None:
        """Ask for one task, None when the gateway does not know it; raises as ``fetch`` does."""
        return await (await self._opened()).fetch_one(task_id)

    async def renew(self) -> bool:
        """Get the key anew for the next request; False if that was done already and did not help."""
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


MOST_PER_MINUTE = 30

UNATTENDED_INTERVAL = 30.0
"""Seconds between two requests at least while nobody looks at what they bring."""

LOG = logging.getLogger(__name__)

BREAKS_ITS_BATCH = "the gateway fails whenever it is asked for this id"


@dataclass(slots=True)
class BatchSize:
    """How many ids go into one request: halved when a batch may have been too much, doubled when all is well."""

    most: int = schedule.BATCH_MOST
    suspect: str = ""
    """The id that failed alone; if the next request is answered, it was the id and not the gateway."""

    def too_much(self, ids: Sequence[str]) -> None:
        """Halve after this batch failed; an id that fails alone becomes the suspect, if there is no other yet."""
        self.most = schedule.fewer(len(ids))
        self.suspect = ids[0] if len(ids) == 1 and not self.suspect else ""

    def answered(self) -> str:
        """Double after a batch was answered, and return the id that is now known to break its batch."""
        self.most = schedule.more(self.most)
        guilty, self.suspect = self.suspect, ""
        return guilty


@dataclass(slots=True)
class Poller:
    """Asks the gateway for what is due, and records what it tells."""

    connection: Connection
    replica: Replica
    clock: Clock
    backoff: Backoff
    plan: Plan = field(default_factory=Plan)
    most_per_minute: int = MOST_PER_MINUTE
    skew: float = 0.0
    last_reply: float | None = None
    attended: bool = True
    """Somebody looks at what the requests bring."""
    _asked_at: float = float("-inf")
    _lost: deque[str] = field(default_factory=deque)
    """Ids that batches left out, each to be asked for alone."""
    _batch_size: BatchSize = field(default_factory=BatchSize)
    _requests: list[float] = field(default_factory=list)

    def next_poll(self) -> float | None:
        """Return when the next request goes out, or None when nothing is ever due."""
        now = self.clock.now()
        due = now if self._lost else self.plan.next_due()
        if due is None:
            return None
        allowed = schedule.next_allowed(self._recent_requests(now), now, self.most_per_minute)
        rested = now if self.attended else self._asked_at + UNATTENDED_INTERVAL
        return max(due, allowed, rested, self.backoff.wait_until)

    def hurry(self, ids: Iterable[str] = ()) -> None:
        """Make these due at once, and everything that is still open too; the gateway's own wishes are kept."""
        now = self.clock.now()
        self._asked_at = float("-inf")
        self.plan.hurry_all(now)
        self.backoff.hurry()
        for watched in self.replica.watched_tasks(ids).values():
            self.plan.hurry(watched, now)

    def start_over(self) -> None:
        """Plan as if nothing had been asked yet: the clock was put back, and moments of before mean nothing now."""
        now = self.clock.now()
        self._asked_at = float("-inf")
        self.plan.hurry_all(now)
        self.backoff.shorten(now)

    async def ask(self) -> Recorded:
        """Send the one request that is due most, unless others were quicker to use up the cap; record what it brought.

        A failure is not raised but kept in ``backoff``, and then nothing is recorded.
        """
        most = min(self._batch_size.most, self.connection.most_ids)
        ids = (self._lost[0],) if self._lost else self.plan.batch(self.clock.now(), most)
        asked_at = self.replica.claim_request(self.clock.now, schedule.may_go(self.most_per_minute)) if ids else None
        if asked_at is None:
            return Recorded()
        self._asked_at = asked_at
        try:
            return await (self._ask_for_one(ids[0]) if self._lost else self._ask_for_batch(ids))
        except GatewayError as error:
            return await self._failed(error, ids)
        except SettingsError as error:
            self.backoff.failed(Trouble(str(error), key_refused=True, kind="no key"), self.clock.now(), None)
            return Recorded()

    def _recent_requests(self, now: float) -> list[float]:
        """Return when any pane asked of late; where the replica is busy, what it said before."""
        with suppress(ReplicaBusy):
            self._requests = self.replica.requests_since(now - schedule.WINDOW)
        return self._requests

    async def _ask_for_batch(self, ids: Sequence[str]) -> Recorded:
        reply = await self.connection.fetch(ids)
        now = self.clock.now()
        if reply.skew is not None:
            self.skew = reply.skew
        recorded = self._take(reply.tasks, ids, now)
        self._lost.extend(self.plan.lost([task_id for task_id in ids if task_id not in recorded.seen], now))
        guilty = self._batch_size.answered()
        return recorded.joined(self._set_apart(guilty, now)) if guilty and guilty not in ids else recorded

    async def _ask_for_one(self, task_id: str) -> Recorded:
        self._lost.popleft()
        task = await self.connection.fetch_one(task_id)
        now = self.clock.now()
        if task is not None:
            return self._take((task,), (task_id,), now)
        self._answered(now)
        recorded = self.replica.record_missing((task_id,), now)
        self._plan_anew((task_id,), now)
        return recorded

    def _take(self, tasks: Sequence[Task], ids: Sequence[str], now: float) -> Recorded:
        self._answered(now)
        recorded = self.replica.record(tasks, now)
        self.plan.asked(ids, now)
        self._plan_anew(recorded.seen, now)
        return recorded

    def _plan_anew(self, ids: Iterable[str], now: float) -> None:
        for watched in self.replica.watched_tasks(ids).values():
            self.plan.answered(watched, now)

    def _answered(self, now: float) -> None:
        self.backoff.answered()
        self.last_reply = now

    async def _failed(self, error: GatewayError, ids: Sequence[str]) -> Recorded:
        LOG.warning("asked for %d ids: %s", len(ids), error)
        if error.problem in KEY_PROBLEMS and (self._may_ask_singly(error) or await self.connection.renew()):
            return Recorded()
        now = self.clock.now()
        if error.problem in BATCH_PROBLEMS and self.plan.is_apart(ids[0]):
            self.plan.set_apart(ids[0], now)
            return Recorded()
        if error.problem in BATCH_PROBLEMS:
            self._batch_size.too_much(ids)
            self.plan.postpone(self._batch_size.suspect, now)
        self.backoff.failed(_trouble(error), now, error.retry_after)
        return Recorded()

    def _may_ask_singly(self, error: GatewayError) -> bool:
        """Return whether a key that may not ask for many tasks has not been tried with one yet."""
        return error.problem is Problem.MODEL_RESTRICTED and self.connection.most_ids == 1

    def _set_apart(self, task_id: str, now: float) -> Recorded:
        self.plan.set_apart(task_id, now)
        return self.replica.note((task_id,), BREAKS_ITS_BATCH, now)


def _trouble(error: GatewayError) -> Trouble:
    request = f"request id {error.request_id}" if error.request_id else ""
    detail = ", ".join(filter(None, (error.detail, request)))
    return Trouble(error.message, detail, key_refused=error.problem in KEY_PROBLEMS, kind=error.problem.value)
