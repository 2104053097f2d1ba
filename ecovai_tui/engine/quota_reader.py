"""What is left to the key, read at most every ten minutes by all panes together and within the cap of requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial

from ecovai_tui.engine.poller import Poller, TakenOver, keep_alive
from ecovai_tui.gateway.errors import GatewayError
from ecovai_tui.gateway.quota import quota_of
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.replica import Replica

EVERY = 600.0
"""Seconds between two readings."""

LOG = logging.getLogger("ecovai_tui")


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
