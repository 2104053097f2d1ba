"""The one connection of an instance to its gateway, made when the first request is about to go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ecovai_tui.monitor.schedule import BATCH_MOST
from ecovai_tui.monitor.threads import in_thread
from ecovai_tui.tasks.model import Task


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
