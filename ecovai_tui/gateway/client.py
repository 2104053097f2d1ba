"""One gateway over HTTP: ids out, Tasks or one GatewayError back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import httpx

from ecovai_tui.gateway.billing import (
    CHARGES,
    PRICES,
    SUBSCRIPTION,
    USAGE,
    Charge,
    Price,
    Quota,
    quota_of,
    read_charges,
    read_granted,
    read_price,
    read_used,
)
from ecovai_tui.gateway.connection import NETWORK_ERRORS, REPEATABLE, Connection, Endpoint, connect, error_of, read_body
from ecovai_tui.gateway.envelope import is_good
from ecovai_tui.gateway.errors import GatewayError, Problem, Redaction
from ecovai_tui.gateway.families.protocol import (
    NOT_THERE,
    OF_THE_FAMILY,
    SINGLE,
    Dialect,
    Routes,
    artifacts_path,
    dialect_of,
    single_path,
    with_artifacts,
)
from ecovai_tui.gateway.families.suno import read_batch, read_single
from ecovai_tui.gateway.fields import clock_skew
from ecovai_tui.tasks.families import DEFAULT_FAMILY, family_of
from ecovai_tui.tasks.model import Phase, Task

__all__ = ["Endpoint", "Gateway", "Reply"]

MOST_IDS = 50
"""Ids of one request: one-hub silently answers no more than 100."""

_SPEECHLESS = frozenset({Problem.EMPTY, Problem.UNREADABLE})
"""What a proxy of Midjourney answers that does not know a task."""

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

    The key goes only into the ``Authorization`` header, and for Midjourney into the one that one-hub wants, to the
    endpoint's own origin: redirects are not followed, and no exception, text or task that leaves this class holds it.
    ``version`` is the installed one unless given.
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
        self._singly = 0
        """Which path of ``SINGLE`` each task is asked for by, since the key may ask for no batches; 0 if it may."""
        self._singly_works = False
        self._routes = Routes()
        self._fileless: dict[str, Task] = {}
        """The tasks of whose files their path tells nothing: another one is asked next."""

    @property
    def most_ids(self) -> int:
        """Ids that the next request may name: 1 once a key turned out to be limited to models."""
        return 1 if self._singly else MOST_IDS

    def most_ids_of(self, family: str) -> int:
        """Return how many ids of a family the next request may name."""
        if family == DEFAULT_FAMILY:
            return self.most_ids
        return self._routes.most_ids(family)

    async def fetch(self, ids: Iterable[str]) -> Reply:
        """Ask for tasks of one family, at most ``most_ids_of`` it, with one request, and return them under these ids.

        Raises GatewayError; ValueError for more ids, none, or those of several families. A key that is limited to
        models may ask for no batches: that is raised once, and from then on each task is asked for alone, where newer
        gateways take such a key. If this one does not, the same is raised again. Of another family than the default
        one it is raised as NEXT_ROUTE that the gateway has not this route, and as WRONG_ROUTE that it has none.
        """
        asked = list(dict.fromkeys(ids))
        if any(map(_is_of_another_family, asked)):
            return await self._fetch_of({family_of(each) for each in asked}, asked)
        _check_count(asked, self.most_ids)
        if self._singly:
            return await self._fetch_singly(asked[0])
        exchange = await self._exchange("POST", "/suno/fetch", {"ids": asked, "action": ""})
        try:
            tasks = read_batch(exchange.body, exchange.status, exchange.headers, asked, now=exchange.received)
        except GatewayError as error:
            self._singly = int(error.problem is Problem.MODEL_RESTRICTED)
            raise
        self._knows_batches = True
        return Reply(tasks, _skew(exchange))

    async def fetch_one(self, task_id: str) -> Task | None:
        """Ask for one task alone; None if the gateway does not know it. Raises GatewayError.

        At a gateway that answers batches but has no such path, the word of the batch, which left the id out, stands.
        A family that can be asked for in several ways is asked in another one than before. NEXT_ROUTE is raised where
        the task was not found, and is to be looked for once more in another way.
        """
        if _is_of_another_family(task_id):
            return await self._fetch_otherwise(family_of(task_id), task_id)
        if self._singly:
            return next(iter((await self._fetch_singly(task_id)).tasks), None)
        try:
            (task, _), absent = await self._alone(self._routes.single(task_id), task_id), False
        except GatewayError as error:
            fallback = self._routes.way("", task_id) > 0
            if error.problem not in (OF_THE_FAMILY if fallback else NOT_THERE) or not (fallback or self._knows_batches):
                raise
            task, absent = None, True
        if task is None and self._routes.tries_next(task_id, absent=absent):
            raise GatewayError(Problem.NEXT_ROUTE, about=DEFAULT_FAMILY)
        return task

    async def _alone(self, path: str, task_id: str) -> tuple[Task | None, _Exchange]:
        """Ask for one task by a path; where that told that it is done and of no file, ask for its files."""
        files = artifacts_path(path)
        done = self._fileless.pop(task_id, None) if files else None
        exchange = await self._exchange("GET", files if done else path)
        if done and (is_good(exchange.status) or b'"artifact_' in exchange.body):
            return with_artifacts(done, exchange.body, self._endpoint.root), exchange
        task = read_single(exchange.body, exchange.status, exchange.headers, task_id, now=exchange.received)
        if files and task and task.phase is Phase.DONE and task.awaits_file:
            self._fileless[task_id] = task
        return task, exchange

    async def quota(self) -> Quota | None:
        """Ask what is left to the key: two requests; None where the gateway does not tell. Raises GatewayError."""
        granted = await self.granted()
        return None if granted is None else quota_of(granted, await self.used())

    async def granted(self) -> float | None:
        """Ask what the key was granted in all; None where the gateway does not tell. Raises GatewayError."""
        exchange = await self._exchange("GET", SUBSCRIPTION)
        return read_granted(exchange.body) if is_good(exchange.status) else None

    async def used(self) -> float | None:
        """Ask what the key has used; None where the gateway does not tell. Raises GatewayError."""
        exchange = await self._exchange("GET", USAGE)
        return read_used(exchange.body) if is_good(exchange.status) else None

    async def price(self, model: str) -> Price | None:
        """Ask what one call of a model costs, which takes no key; None where the gateway has no such list.

        Raises GatewayError.
        """
        exchange = await self._exchange("GET", PRICES)
        return read_price(exchange.body, model) if is_good(exchange.status) else None

    async def charges(self) -> tuple[Charge, ...] | None:
        """Ask for what the key was charged of late, newest first; None where the gateway does not tell.

        Raises GatewayError.
        """
        exchange = await self._exchange("GET", CHARGES)
        return read_charges(exchange.body) if is_good(exchange.status) else None

    async def _fetch_singly(self, task_id: str) -> Reply:
        """Ask for one task where a key that is limited to models may do so (measured on new-api 2026-07)."""
        try:
            task, exchange = await self._alone(single_path(self._singly, task_id), task_id)
        except GatewayError as error:
            if error.problem is Problem.MODEL_RESTRICTED or (error.problem in OF_THE_FAMILY and not self._singly_works):
                raise self._without_singles(error) from None
            raise
        self._singly_works = True
        return Reply((task,) if task else (), _skew(exchange))

    def _without_singles(self, error: GatewayError) -> GatewayError:
        """Go on to the next path for single tasks, and return what is to be said where there is none."""
        self._singly = (self._singly + 1) % len(SINGLE)
        self._singly_works = False
        if self._singly:
            return GatewayError(Problem.NEXT_ROUTE, about=DEFAULT_FAMILY)
        return GatewayError(
            Problem.MODEL_RESTRICTED, detail=error.detail, request_id=error.request_id, status=error.status
        )

    async def _fetch_of(self, families: AbstractSet[str], asked: Sequence[str]) -> Reply:
        """Ask for tasks of another family by the way that is taken for it now."""
        family = min(families)
        _check_count(asked, self.most_ids_of(family), len(families))
        dialect = dialect_of(family)
        alone = len(asked) == 1
        way = self._routes.way(family, asked[0]) if alone else dialect.several
        try:
            reply = await self._ask(dialect, way, asked)
        except GatewayError as error:
            raise self._routes.judged(dialect, way, error, alone=alone) from None
        self._routes.works(family, way)
        return reply

    async def _fetch_otherwise(self, family: str, task_id: str) -> Task | None:
        """Ask for one task by the way after the one by which it was not found."""
        dialect = dialect_of(family)
        way = self._routes.otherwise(dialect, task_id)
        try:
            reply = await self._ask(dialect, way, [task_id])
        except GatewayError as error:
            if error.problem in OF_THE_FAMILY | _SPEECHLESS:
                return None
            raise
        if not reply.tasks:
            return None
        self._routes.found(task_id, way)
        return reply.tasks[0]

    async def _ask(self, dialect: Dialect, way: int, asked: Sequence[str]) -> Reply:
        request = dialect.ways[way](asked)
        exchange = await self._exchange(request.method, request.path, request.body, request.key_header)
        tasks = dialect.read(exchange.body, exchange.status, exchange.headers, asked, exchange.received)
        return Reply(tuple(map(self._rooted, tasks)), _skew(exchange))

    def _rooted(self, task: Task) -> Task:
        """Return a task in which what the gateway itself holds has a whole address."""
        root = self._endpoint.root
        clips = (
            clip._replace(video_url=root + clip.video_url) if clip.video_url.startswith("/") else clip
            for clip in task.clips
        )
        return task._replace(clips=tuple(clips))

    async def aclose(self) -> None:
        """Close the connection; the next question would open a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.client.aclose()

    async def _exchange(
        self, method: Literal["GET", "POST"], path: str, json: object = None, key_header: str = ""
    ) -> _Exchange:
        connection = await self._connected()
        try:
            async with asyncio.timeout(self._deadline):
                return await self._streamed(connection.client, method, path, json, key_header)
        except TimeoutError:
            error = GatewayError(Problem.DEADLINE)
        except GatewayError as failure:
            error = failure.with_traceback(None)
        except NETWORK_ERRORS as failure:
            error = error_of(failure, self._endpoint.address, connection.proxy_setting)
        error.detail = self._redaction.of_text(error.detail)
        raise error  # out here no traceback leads back to the request, which holds the key

    async def _streamed(
        self, client: httpx.AsyncClient, method: str, path: str, json: object, key_header: str
    ) -> _Exchange:
        sent = self._clock()
        url = self._endpoint.root + path
        headers = {key_header: self._endpoint.api_key} if key_header and self._endpoint.api_key else None
        async with client.stream(method, url, json=json, headers=headers, extensions={REPEATABLE: True}) as response:
            received = self._clock()
            body = self._redaction.of_body(await read_body(response, LARGEST_REPLY))
            return _Exchange(response.status_code, self._redaction.of_headers(response.headers), body, sent, received)

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._connection is None:
                self._connection = await asyncio.to_thread(connect, self._endpoint, self._version)
            return self._connection


def _is_of_another_family(task_id: str) -> bool:
    return ":" in task_id and family_of(task_id) != DEFAULT_FAMILY


def _check_count(asked: Sequence[str], most: int, families: int = 1) -> None:
    if not 0 < len(asked) <= most or families > 1:
        raise ValueError(f"{len(asked)} ids in one request; it takes 1 to {most} of one family")


def _skew(exchange: _Exchange) -> float | None:
    return clock_skew(exchange.headers.get("date", ""), exchange.sent, exchange.received)
