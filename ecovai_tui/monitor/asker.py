"""The asking side of the engine: one request at a time, as the plan, the cap and the back-off allow."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ecovai_tui.gateway.errors import BATCH_PROBLEMS, KEY_PROBLEMS, GatewayError, Problem
from ecovai_tui.monitor import schedule
from ecovai_tui.monitor.clock import Clock
from ecovai_tui.monitor.connection import Connection
from ecovai_tui.monitor.patience import Patience
from ecovai_tui.monitor.plan import Plan
from ecovai_tui.monitor.update import Trouble
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.replica import Recorded, Replica, ReplicaBusy
from ecovai_tui.tasks.model import Task

MOST_PER_MINUTE = 30

UNATTENDED_INTERVAL = 30.0
"""Seconds between two requests at least while nobody looks at what they bring."""

LOG = logging.getLogger(__name__)

BREAKS_ITS_BATCH = "the gateway fails whenever it is asked for this id"


@dataclass(slots=True)
class Width:
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
class Asker:
    """Asks the gateway for what is due, and records what it tells."""

    connection: Connection
    replica: Replica
    clock: Clock
    patience: Patience
    plan: Plan = field(default_factory=Plan)
    most_per_minute: int = MOST_PER_MINUTE
    skew: float = 0.0
    last_reply: float | None = None
    attended: bool = True
    """Somebody looks at what the requests bring."""
    _asked_at: float = float("-inf")
    _lost: deque[str] = field(default_factory=deque)
    """Ids that batches left out, each to be asked for alone."""
    _width: Width = field(default_factory=Width)
    _requests: list[float] = field(default_factory=list)

    def next_look(self) -> float | None:
        """Return when the next request goes out, or None when nothing is ever due."""
        now = self.clock.now()
        due = now if self._lost else self.plan.next_due()
        if due is None:
            return None
        allowed = schedule.next_allowed(self._recent_requests(now), now, self.most_per_minute)
        rested = now if self.attended else self._asked_at + UNATTENDED_INTERVAL
        return max(due, allowed, rested, self.patience.wait_until)

    def hurry(self, ids: Iterable[str] = ()) -> None:
        """Make these due at once, and everything that is still open too; the gateway's own wishes are kept."""
        now = self.clock.now()
        self._asked_at = float("-inf")
        self.plan.hurry_all(now)
        self.patience.hurry()
        for watched in self.replica.watched_tasks(ids).values():
            self.plan.hurry(watched, now)

    def start_over(self) -> None:
        """Plan as if nothing had been asked yet: the clock was put back, and moments of before mean nothing now."""
        now = self.clock.now()
        self._asked_at = float("-inf")
        self.plan.hurry_all(now)
        self.patience.shorten(now)

    async def ask(self) -> Recorded:
        """Send the one request that is due most, unless others were quicker to use up the cap; record what it brought.

        A failure is not raised but kept in ``patience``, and then nothing is recorded.
        """
        most = min(self._width.most, self.connection.most_ids)
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
            self.patience.failed(Trouble(str(error), key_refused=True, kind="no key"), self.clock.now(), None)
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
        guilty = self._width.answered()
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
        self.patience.answered()
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
            self._width.too_much(ids)
            self.plan.postpone(self._width.suspect, now)
        self.patience.failed(_trouble(error), now, error.retry_after)
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
