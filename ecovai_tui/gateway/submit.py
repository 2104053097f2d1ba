"""Sending one submission, once: nothing that may have been taken is ever sent again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

import httpx
from socksio import SOCKSError

from ecovai_tui.gateway.connection import NETWORK_ERRORS, Connection, Endpoint, connect, error_of, read_body
from ecovai_tui.gateway.errors import GatewayError, Problem, Redaction
from ecovai_tui.gateway.submission import Submission
from ecovai_tui.gateway.submit_replies import Outcome, outcome_of_failure, read_outcome

LARGEST_REPLY = 4 * 1024 * 1024
"""Bytes after decompression; a reply has about a hundred."""

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, SOCKSError)
"""What is raised before the first byte of a request goes out: of names, connections, TLS and proxies."""


class Patience(NamedTuple):
    """How long to wait, in seconds.

    To hang up early is dangerous: newer gateways give up the song with the connection, after it may have been paid.
    """

    connect: float = 10.0
    read: float = 180.0
    """For each pause in the reply; some gateways answer only when the lyrics are written."""
    whole: float = 240.0


PATIENCE = Patience()


async def submit(
    endpoint: Endpoint,
    submission: Submission,
    *,
    version: str = "",
    patience: Patience = PATIENCE,
    clock: Callable[[], float] = time.time,
) -> Outcome:
    """Send a submission over a connection of its own, and return what became of it.

    A second attempt is made only where no connection came about. ``version`` is the installed one unless given.
    Where this is cancelled, the request may have been taken.
    """
    errand = _Errand(endpoint, submission, version, patience, clock)
    attempt = await _attempt(errand)
    if isinstance(attempt, _NotSent) and attempt.again:
        attempt = await _attempt(errand)
    return outcome_of_failure(attempt.error, sent=False) if isinstance(attempt, _NotSent) else attempt


class _Errand(NamedTuple):
    endpoint: Endpoint
    submission: Submission
    version: str
    patience: Patience
    clock: Callable[[], float]


class _NotSent(NamedTuple):
    error: GatewayError
    again: bool = False
    """A second attempt may do better."""


async def _attempt(errand: _Errand) -> Outcome | _NotSent:
    try:
        connection = await asyncio.to_thread(connect, errand.endpoint, errand.version)
    except GatewayError as error:
        return _NotSent(error)
    async with connection.client as client:
        try:
            async with asyncio.timeout(errand.patience.whole):
                return await _exchange(client, errand)
        except _NEVER_SENT as failure:
            return _NotSent(_told(failure, errand.endpoint, connection), again=True)
        except TimeoutError:
            return outcome_of_failure(GatewayError(Problem.DEADLINE), sent=True)
        except GatewayError as error:
            return outcome_of_failure(error, sent=True)
        except NETWORK_ERRORS as failure:
            return outcome_of_failure(_told(failure, errand.endpoint, connection), sent=True)


async def _exchange(client: httpx.AsyncClient, errand: _Errand) -> Outcome:
    submission, redaction = errand.submission, Redaction(errand.endpoint.api_key)
    url, content = errand.endpoint.root + submission.path, submission.body.encode()
    timeout = httpx.Timeout(errand.patience.read, connect=errand.patience.connect)
    headers = {"Content-Type": "application/json"}  # old gateways fail at any other
    async with client.stream("POST", url, content=content, headers=headers, timeout=timeout) as response:
        body = redaction.of_body(await read_body(response, LARGEST_REPLY))
        told = redaction.of_headers(response.headers)
        return read_outcome(body, response.status_code, told, submission.kind, errand.clock())


def _told(failure: Exception, endpoint: Endpoint, connection: Connection) -> GatewayError:
    error = error_of(failure, endpoint.address, connection.proxy_setting)
    error.detail = Redaction(endpoint.api_key).of_text(error.detail)
    return error
