"""Sending a submission once, and what became of it: accepted, refused, or unknown."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple

import httpx
from socksio import SOCKSError

from ecovai_tui.gateway.connection import NETWORK_ERRORS, Connection, Endpoint, connect, error_of, read_body
from ecovai_tui.gateway.envelope import SUCCESS_CODES, is_good, open_reply
from ecovai_tui.gateway.errors import GatewayError, Problem, Redaction, words_of
from ecovai_tui.gateway.fields import as_line, document_in, text_of, unquoted
from ecovai_tui.gateway.speakers import is_of_gateway
from ecovai_tui.gateway.submission import Kind, Submission
from ecovai_tui.language import later, said, sentences, tr
from ecovai_tui.tasks.model import is_id
from ecovai_tui.tasks.reasons import ReasonClass, explain


class Verdict(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Nothing was charged."""
    UNKNOWN = "unknown"
    """It may have been taken and charged."""


class Outcome(NamedTuple):
    """What became of a submission, in a sentence or two."""

    verdict: Verdict
    told: str = ""
    task_id: str = ""
    clips: tuple[str, ...] = ()
    """The ids of clips, which some gateways return in place of a task's."""
    detail: str = ""
    """The server's own words."""
    request_id: str = ""
    status: int | None = None
    of_key: bool = False
    """It was refused because of the key or its money."""

    @property
    def in_full(self) -> str:
        """What became of it, and where nobody knows that, what not to do before it is known."""
        return sentences(self.told, tr(LOOK_FIRST)) if self.verdict is Verdict.UNKNOWN else self.told

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids to keep: the task's, or else those of the clips."""
        return (self.task_id,) if self.task_id else self.clips


LOOK_FIRST = later(
    "The request may have been taken and charged, so do not send it again before you know: "
    "ecovai-tui receipts --unknown tells how to find out."
)
NOT_CHARGED = later("Nothing was charged.")

_MAY_EXIST_THERE = later("A song may exist there that nobody can fetch; to send it again costs once.")
_NOT_KEPT = later(
    "The gateway took it and named its id, but failed to keep it: it is charged, and may never be found. "
    "If it is still missing in some minutes, ask the operator, and name the id."
)
_CLIPS_ONLY = later("The gateway named clips and no task, so that it may not be possible to watch them here.")

_LOST_BEHIND = frozenset({
    "do_request_failed", "read_response_body_failed", "unmarshal_response_body_failed", "http_request_failed",
})  # fmt: skip
"""The gateway lost its connection to the server behind it, and gives the money back (new-api, one-hub)."""

_TOO_LATE = frozenset({"insert_task_failed", "copy_response_body_failed", "request_timeout"})
"""The gateway failed after the song may have been taken."""

_UNTAKEN_BEHIND = "fail_to_fetch_task"

_UNKNOWN_TASK = later("The task that is to be continued is not known to this key: check task_id.")

_OWN_FAULTS = (
    (r"prompt_empty", later("The text is empty: write one.")),
    (
        r"task[ _]id is empty",
        later("This gateway extends a clip only if task_id names the task that made it: add the field."),
    ),
    (r"task_(?:origin_)?not_exist", _UNKNOWN_TASK),
    (r"invalid_action", later("This gateway does not offer that.")),
    (r"model_price_error", later("The gateway's operator has set no price for this: ask the operator.")),
    (r"insufficient_\w*quota|quota_not_enough", later("The quota of the account is too small for it: raise it.")),
    (r"pre_consume_token_quota_failed", later("The quota of the key is too small for it: raise the key's own limit.")),
    (
        r"无可用(?:渠道|管道)|model_not_found",
        later("No channel of the gateway serves this now: try later, or ask the operator."),
    ),
)
"""What the task layer's words mean of a submission."""


def read_outcome(
    body: bytes, status: int, headers: Mapping[str, str], kind: Kind = Kind.MUSIC, now: float | None = None
) -> Outcome:
    """Return what a reply says; the names of ``headers`` are in lower case, ``now`` is in Unix seconds."""
    document = document_in(text_of(body, headers.get("content-type", "")))
    accepted = _accepted(document, status)
    if accepted is not None:
        return accepted._replace(told=said(_NOT_KEPT)) if _says_more(body, status) else accepted
    words = words_of(document) if isinstance(document, Mapping) else None
    try:
        open_reply(body, status, headers, now)
    except GatewayError as error:
        return _judged(error, document, words.code if words else "", kind)
    detail = words.told if words else ""
    if is_good(status) and not _OWN_TASK.search(detail):
        return _unknown(said("The gateway says that it took it, but names no id."), status=status)
    return Outcome(
        Verdict.REFUSED,
        sentences(_sentence(detail) or said(_UNKNOWN_TASK), said(NOT_CHARGED)),
        detail=detail,
        status=status,
    )


_OWN_TASK = re.compile("not_exist|not found", re.IGNORECASE)


def outcome_of_failure(error: GatewayError, *, sent: bool) -> Outcome:
    """Return what a failure of the connection means; ``sent`` is whether the request may have reached anybody."""
    if not sent:
        return Outcome(Verdict.REFUSED, sentences(said("Nothing was sent."), error.message), detail=error.detail)
    what = _SILENT.get(error.problem, later("The connection broke before the reply was complete."))
    return _unknown(said(what), detail=error.detail, status=error.status)


_SILENT = {
    Problem.READ_TIMEOUT: later("The request was sent, and the gateway has not answered within the time for it."),
    Problem.DEADLINE: later("The request was sent, and the gateway has not answered within the time for it."),
    Problem.REPLY_TOO_BIG: later("The request was sent, and the reply is too large to be one."),
}


def _unknown(what: str, *, detail: str = "", request_id: str = "", status: int | None = None) -> Outcome:
    return Outcome(Verdict.UNKNOWN, what, detail=detail, request_id=request_id, status=status)


def _accepted(document: object, status: int) -> Outcome | None:
    """Return the ids of a reply that says success, whatever its status; None for any other."""
    if isinstance(document, list):
        document = {"clips": document}
    if not isinstance(document, Mapping) or document.get("error"):
        return None
    code = as_line(document.get("code")).lower()
    if code in SUCCESS_CODES:
        return _with_ids(next((document[name] for name in _CARRIERS if name in document), None), status)
    raw = not code and is_good(status) and ("clips" in document or "data" in document)
    return _with_ids(document if "clips" in document else document.get("data"), status) if raw else None


_CARRIERS = ("data", "result", "task_id", "id")


def _with_ids(value: object, status: int) -> Outcome | None:
    """Return the ids in what a reply carries: an id, a number, or an object with a task's or clips' ids."""
    value = unquoted(value)
    if isinstance(value, list):
        value = {"clips": value} if value and isinstance(value[0], Mapping) else next(iter(value), None)
    if not isinstance(value, Mapping):
        task_id = as_line(value)
        return Outcome(Verdict.ACCEPTED, task_id=task_id, status=status) if is_id(task_id) else None
    listed = value.get("clips")
    named = (
        (as_line(each.get("id")) for each in listed if isinstance(each, Mapping)) if isinstance(listed, list) else ()
    )
    clips = tuple(filter(is_id, named))
    task_id = next(filter(is_id, (as_line(value.get(name)) for name in ("task_id", "taskId", "id"))), "")
    if not task_id and not clips:
        return None
    return Outcome(Verdict.ACCEPTED, "" if task_id else said(_CLIPS_ONLY), task_id, clips, status=status)


def _says_more(body: bytes, status: int) -> bool:
    """Return whether behind the good reply a second one says that the task was not kept (new-api of 2025)."""
    return not is_good(status) or b"insert_task_failed" in body


def _judged(error: GatewayError, document: object, code: str, kind: Kind) -> Outcome:
    told = _refusal(error, document, code, kind)
    if told is None:
        return _unknown(_broken_off(error), detail=error.detail, request_id=error.request_id, status=error.status)
    return Outcome(
        Verdict.REFUSED,
        told if tr(NOT_CHARGED) in told else sentences(told, said(NOT_CHARGED)),
        detail=error.detail,
        request_id=error.request_id,
        status=error.status,
        of_key=error.is_about_key,
    )


def _refusal(error: GatewayError, document: object, code: str, kind: Kind) -> str | None:
    """Return why it was refused; None where it may have been taken all the same."""
    status = error.status or 0
    if code in _TOO_LATE or "panic" in error.detail.lower() or _is_panic(document):
        return None
    if code in _LOST_BEHIND:
        lost = said("The gateway lost the answer of the server behind it.")
        return sentences(lost, said(NOT_CHARGED), said(_MAY_EXIST_THERE))
    if code == _UNTAKEN_BEHIND:
        return _untaken_behind(error, status)
    if is_good(status):
        return _refusal_in_good_reply(error, kind)
    if status in _NOBODY_KNOWS or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and not is_of_gateway(document)):
        return None
    return _sentence(error.detail) or _sentence_of(error, status)


_NOBODY_KNOWS = frozenset({408, 502, 504, 520, 521, 522, 523, 524})
"""Statuses that say nothing of what became of a request, no matter who answers with them."""


def _untaken_behind(error: GatewayError, status: int) -> str:
    if error.problem is Problem.OPERATOR:
        return error.message
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        busy = said("The server behind the gateway is busy.")
        return sentences(busy, said(NOT_CHARGED), said("Send it again later."))
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _explained(error.detail) or said(
            "The server behind the gateway refused it: see its words, and change it."
        )
    failed = said("The server behind the gateway failed.")
    return sentences(failed, said(NOT_CHARGED), said(_MAY_EXIST_THERE))


def _refusal_in_good_reply(error: GatewayError, kind: Kind) -> str | None:
    if error.problem in {Problem.EMPTY, Problem.UNREADABLE}:
        return None
    if error.problem is Problem.WEB_PAGE and kind in {Kind.UPLOAD, Kind.CONCAT}:
        return said("This gateway does not offer that: it answered with its web page.")
    return _sentence(error.detail) or error.message


def _sentence_of(error: GatewayError, status: int) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return said("The gateway, or the server behind it, is busy: send it again later.")
    if error.problem not in {Problem.REJECTED, Problem.SERVER_ERROR}:
        return error.message
    return _explained(error.detail) or said("The gateway, or the server behind it, refused it: see its words.")


def _explained(detail: str) -> str:
    """Return what the words mean, where they speak of what was asked and not of how a task went."""
    reason = explain(detail)
    return "" if reason is None or reason.kind in _OF_TASKS else reason.sentence


_OF_TASKS = frozenset({ReasonClass.UPSTREAM, ReasonClass.TIME, ReasonClass.UNKNOWN})


def _sentence(detail: str) -> str:
    return next((said(told) for pattern, told in _OWN_FAULTS if re.search(pattern, detail, re.IGNORECASE)), "")


def _is_panic(document: object) -> bool:
    inner = document.get("error") if isinstance(document, Mapping) else None
    return isinstance(inner, Mapping) and "panic" in as_line(inner.get("type")).lower()


def _broken_off(error: GatewayError) -> str:
    if error.problem is Problem.EMPTY:
        return said("The gateway answered with nothing at all.")
    if error.problem is Problem.UNREADABLE:
        return said("The reply is damaged or cut short.")
    if error.status is not None and error.problem is not Problem.SERVER_ERROR:
        return said(
            "In place of the gateway's answer came an error of the way to it (HTTP {status}).", status=error.status
        )
    return said("The gateway failed while it was at work on it.")


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
