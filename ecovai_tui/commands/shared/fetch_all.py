"""Asking a gateway for any number of tasks once, within the limit that all panes share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from ecovai_tui.commands.shared.output import say
from ecovai_tui.commands.shared.progress import LiveLine
from ecovai_tui.engine import schedule
from ecovai_tui.engine.schedule import BATCH_MOST, fewer, more
from ecovai_tui.gateway.errors import SIZE_PROBLEMS, GatewayError, Problem
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Task
from ecovai_tui.tasks.times import coarse_duration

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
        self._most = min(self._limit, more(self._most))
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
        self._most = fewer(len(batch))
        if error.problem is Problem.REQUEST_TOO_LARGE:
            self._limit = self._most

    def _leave_out(self, task_id: str, error: GatewayError) -> None:
        """Go on without an id; raise the error where it seems to be the gateway's: two fail, and none was answered."""
        del self._left[:1]
        if not self._answered and (self.refused or not self._left):
            raise error
        self.refused[task_id] = error


ATTEMPTS = 10
BUSY_PAUSE = 0.25
"""Seconds between two attempts where another program is writing to the replica."""

WORTH_A_WORD = 10.0
"""Seconds from which on it is said beforehand how long it will take."""


class Answers(NamedTuple):
    """What became of all that was asked."""

    tasks: tuple[Task, ...] = ()
    refused: Mapping[str, GatewayError] = {}
    """Ids that the gateway fails to return, each with its error."""


async def fetch_all(settings: Settings, key: Secret, replica: Replica, ids: Sequence[str]) -> Answers:
    """Return the tasks of these ids; raises GatewayError if the gateway returns none.

    What was told is recorded in the replica; that an id was left out is not, since it may be too young.
    """
    from ecovai_tui.gateway.client import Endpoint, Gateway  # noqa: PLC0415 - slow to import

    gateway = Gateway(Endpoint(settings.base_url, key.reveal(), settings.ca_file))
    batches, live = Batches(ids), LiveLine()
    tasks: list[Task] = []
    announce(len(ids), settings.max_requests_per_minute)
    try:
        while batches.left:
            await _take_turn(replica, settings.max_requests_per_minute)
            try:
                told = (await gateway.fetch(batches.next)).tasks
            except GatewayError as error:
                if not batches.narrow(gateway.most_ids):
                    batches.failed(error)
            else:
                _record(replica, told)
                tasks.extend(told)
                batches.answered()
            live.show(f"{len(ids) - batches.left} of {len(ids)} ids asked for")
    finally:
        live.clear()
        await gateway.aclose()
    return Answers(tuple(tasks), batches.refused)


def announce(ids: int, most: int) -> None:
    """Say how long it will take, where that is longer than people expect."""
    requests = ceil(ids / schedule.BATCH_MOST)
    seconds = (requests - 1) * schedule.WINDOW / most
    if seconds >= WORTH_A_WORD:
        say(
            f"ecovai-tui: {ids} ids take {requests} requests, of which at most {most} go out in a minute: "
            f"about {coarse_duration(seconds)}."
        )


async def _take_turn(replica: Replica, most: int) -> None:
    """Wait until the requests of all panes leave room for one more, and claim it; raises ReplicaBusy after a while."""
    attempts = 0
    while True:
        try:
            if replica.claim_request(time.time, schedule.may_go(most)) is not None:
                return
            now = time.time()
            pause = schedule.next_allowed(replica.requests_since(now - schedule.WINDOW), now, most) - now
        except ReplicaBusy:
            attempts += 1
            if attempts >= ATTEMPTS:
                raise
            pause = BUSY_PAUSE
        await asyncio.sleep(pause)


def mirror(replica: Replica, watch_list: WatchListFile) -> None:
    """Bring the replica up to the watch list, so that commands without settings find the gateway that was asked."""
    try:
        replica.mirror(watch_list.read(), time.time())
    except StoreError as error:
        say(str(error))


def _record(replica: Replica, tasks: Sequence[Task]) -> None:
    try:
        replica.record(tasks, time.time())
    except ReplicaBusy as error:
        say(f"The answer is shown, but was not remembered. {error}")
