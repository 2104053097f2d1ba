"""Asking a gateway for any number of tasks once, within the limit that all panes share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecovai_tui.commands.output import say
from ecovai_tui.monitor import schedule
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import ReplicaBusy

if TYPE_CHECKING:
    from ecovai_tui.gateway.client import Gateway
    from ecovai_tui.store.key import Secret
    from ecovai_tui.store.replica import Replica
    from ecovai_tui.store.settings import Settings
    from ecovai_tui.store.watchlist import WatchListFile
    from ecovai_tui.tasks.model import Task


ATTEMPTS = 10
BUSY_PAUSE = 0.25
"""Seconds between two attempts where another program is writing to the replica."""


async def ask_all(settings: Settings, key: Secret, replica: Replica, ids: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks that the gateway knows of these ids; raises GatewayError.

    What was told is recorded in the replica; that an id was left out is not, since it may be too young.
    """
    from ecovai_tui.gateway.client import Endpoint, Gateway  # noqa: PLC0415 - slow to import

    gateway = Gateway(Endpoint(settings.base_url, key.reveal(), settings.ca_file))
    tasks: list[Task] = []
    left, most = list(ids), schedule.BATCH_MOST
    try:
        while left:
            batch = left[:most]
            await _take_turn(replica, settings.max_requests_per_minute)
            told = await _told_of(gateway, batch)
            if told is None:
                most = len(batch) // 2
                continue
            _record(replica, told)
            tasks.extend(told)
            left = left[len(batch) :]
    finally:
        await gateway.aclose()
    return tuple(tasks)


async def _told_of(gateway: Gateway, batch: Sequence[str]) -> tuple[Task, ...] | None:
    """Return what the gateway tells of some ids; None where they were too many for it. Raises GatewayError."""
    from ecovai_tui.gateway.errors import SIZE_PROBLEMS, GatewayError  # noqa: PLC0415 - comes with the client

    try:
        return (await gateway.fetch(batch)).tasks
    except GatewayError as error:
        if error.problem in SIZE_PROBLEMS and len(batch) > 1:
            return None
        raise


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
