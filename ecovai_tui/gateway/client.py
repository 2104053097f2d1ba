"""One gateway over HTTP: ids out, Tasks or one GatewayError back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import httpx

from ecovai_tui.gateway.connection import Connection, Endpoint, connect
from ecovai_tui.gateway.dates import clock_skew
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.network import NETWORK_ERRORS, error_of
from ecovai_tui.gateway.redaction import Redaction
from ecovai_tui.gateway.replies import read_batch, read_single
from ecovai_tui.gateway.transport import REPEATABLE
from ecovai_tui.tasks.model import Task

__all__ = ["Endpoint", "Gateway", "Reply"]

MOST_IDS = 50
"""Ids of one request: one-hub silently answers no more than 100."""

DEADLINE = 60.0
"""Seconds for one whole exchange."""

LARGEST_REPLY = 32 * 1024 * 1024
"""Bytes after decompression; fifty tasks with all their lyrics have about 0.5 MB."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a gateway said to a batched query."""

    tasks: tuple[Task, ...]
    """The tasks that it knows; ids that it does not know are left out."""
    skew: float | None = None
    """The gateway's clock minus ours in seconds; None if it could not be told."""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """A reply as it came over the wire, with our own times around it."""

    status: int
    headers: Mapping[str, str]
    """Their names in lower case."""
    body: bytes
    sent: float
    received: float


class Gateway:
    """One gateway, asked over one connection that is made when it is first needed.

    The key goes only into the ``Authorization`` header to the endpoint's own origin: redirects are not followed, and no
    exception, text or task that leaves this class holds it. ``version`` is the installed one unless given.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        version: str = "",
        clock: Callable[[], float] = time.time,
        deadline: float = DEADLINE,
    ) -> None:
        self._endpoint = endpoint
        self._version = version
        self._redaction = Redaction(endpoint.api_key)
        self._clock = clock
        self._deadline = deadline
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()
        self._knows_batches = False

    async def fetch(self, ids: Iterable[str]) -> Reply:
        """Ask for at most 50 tasks with one request. Raises GatewayError; ValueError for more ids or none."""
        asked = list(dict.fromkeys(ids))
        if not 0 < len(asked) <= MOST_IDS:
            raise ValueError(f"{len(asked)} ids in one request; it takes 1 to {MOST_IDS}")
        exchange = await self._exchange("POST", "/suno/fetch", {"ids": asked, "action": ""})
        tasks = read_batch(exchange.body, exchange.status, exchange.headers, asked, now=exchange.received)
        self._knows_batches = True
        skew = clock_skew(exchange.headers.get("date", ""), exchange.sent, exchange.received)
        return Reply(tasks, skew)

    async def fetch_one(self, task_id: str) -> Task | None:
        """Ask for one task alone; None if the gateway does not know it. Raises GatewayError.

        At a gateway that answers batches but has no such path, the word of the batch, which left the id out, stands.
        """
        exchange = await self._exchange("GET", f"/suno/fetch/{quote(task_id, safe='')}")
        try:
            return read_single(exchange.body, exchange.status, exchange.headers, task_id, now=exchange.received)
        except GatewayError as error:
            if self._knows_batches and error.problem in {Problem.WRONG_PATH, Problem.WEB_PAGE}:
                return None
            raise

    async def aclose(self) -> None:
        """Close the connection; the next question would open a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.client.aclose()

    async def _exchange(self, method: Literal["GET", "POST"], path: str, json: object = None) -> _Exchange:
        connection = await self._connected()
        try:
            async with asyncio.timeout(self._deadline):
                return await self._streamed(connection.client, method, path, json)
        except TimeoutError:
            error = GatewayError(Problem.DEADLINE)
        except GatewayError as failure:
            error = failure.with_traceback(None)
        except NETWORK_ERRORS as failure:
            error = error_of(failure, self._endpoint.address, connection.proxy_setting)
        error.detail = self._redaction.of_text(error.detail)
        raise error  # out here no traceback leads back to the request, which holds the key

    async def _streamed(self, client: httpx.AsyncClient, method: str, path: str, json: object) -> _Exchange:
        sent = self._clock()
        url = self._endpoint.root + path
        async with client.stream(method, url, json=json, extensions={REPEATABLE: True}) as response:
            received = self._clock()
            body = self._redaction.of_body(await _read(response))
            return _Exchange(response.status_code, self._redaction.of_headers(response.headers), body, sent, received)

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._connection is None:
                self._connection = await asyncio.to_thread(connect, self._endpoint, self._version)
            return self._connection


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST_REPLY:
            raise GatewayError(Problem.REPLY_TOO_BIG, about=f"{LARGEST_REPLY >> 20} MiB", status=response.status_code)
    return bytes(body)
