"""From a reply's status, headers and bytes to what it carries, or to the error that it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from ecovai_tui.gateway.errors import GatewayError, Problem, Words, masked, shortened, words_in, words_of
from ecovai_tui.gateway.fields import NO_TEXT, as_line, document_in, retry_after, text_of, unquoted
from ecovai_tui.gateway.speakers import Speaker, Voice, voice_of
from ecovai_tui.gateway.unwrapping import has_clip_marks, has_text, is_task
from ecovai_tui.language import tr
from ecovai_tui.tasks.reasons import MAY_NOT_QUERY, Reason, ReasonClass, explain_refusal
from ecovai_tui.tasks.text import clean_line

PROBLEMS: dict[int, Problem] = {
    **dict.fromkeys((401, 402), Problem.KEY_REFUSED),
    **dict.fromkeys((403, 451), Problem.FORBIDDEN),
    **dict.fromkeys((404, 405, 410), Problem.WRONG_PATH),
    **dict.fromkeys((408, 504, 522, 524), Problem.GATEWAY_TIMEOUT),
    **dict.fromkeys((413, 414), Problem.REQUEST_TOO_LARGE),
    **dict.fromkeys((503, 529), Problem.OVERLOADED),
    407: Problem.PROXY,
    429: Problem.TOO_MANY_REQUESTS,
}
"""What each HTTP status means where the gateway itself says it; the rest goes by its hundred.

522 and 524 are Cloudflare's, 529 is "overloaded".
"""

_REFUSALS = frozenset({400, 401, 402, 403})
"""Statuses under which a gateway speaks of the key."""

_UPSTREAMS = frozenset({401, 402, 403})
"""Statuses that a gateway's task layer takes over from its upstream."""

_OF_MONEY = re.compile(r"quota_not_enough|insufficient_\w*quota|pre_consume_token_quota_failed", re.IGNORECASE)
"""Codes under which the task layer speaks of the user's own money."""

_ANSWERED = frozenset({200, 201, 202, 404})
"""Statuses under which an object may be an answer by itself: some say with 404 that they forgot a task."""

_NOBODYS = frozenset({401, 402, 403, 405, 451})
"""Statuses that refuse a request, and say nothing where the gateway itself did not say them."""

_UNREACHED = frozenset({502, 520, 521, 523, 525, 526, 527, 530})
"""Statuses with which a proxy says that it had no answer from what stands behind it; from 520 on Cloudflare's."""

_OF_THE_KEY = {
    ReasonClass.KEY: Problem.KEY_REFUSED,
    ReasonClass.QUOTA: Problem.QUOTA,
    ReasonClass.PERMISSION: Problem.FORBIDDEN,
    ReasonClass.OPERATOR: Problem.OPERATOR,
    ReasonClass.GATEWAY: Problem.DATABASE,
    ReasonClass.RATE: Problem.TOO_MANY_REQUESTS,
}
"""What a refusal is by the class of its words, where these are known; otherwise its status tells."""

_UNKNOWN_ID = re.compile(
    r"(?:task|generation)[_ ](?:is[_ ])?(?:not?|does[_ ]not)[_ ](?:exist|found)|任务不存在|任務不存在", re.IGNORECASE
)


def is_good(status: int) -> bool:
    """Return whether an HTTP status speaks of success."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


class Verdict(NamedTuple):
    """What kind of trouble a reply is."""

    problem: Problem
    sentence: str = ""
    """Tells it more exactly than the problem's own sentence; "" where nothing more is known."""
    by: str = ""
    """What answered in place of the gateway, where that can be told."""


def verdict_of(status: int, words: Words, voice: Voice, document: object) -> Verdict:
    """Return what kind of trouble a reply with a bad status is, by whose word it is, its shape, words and status."""
    if voice.speaker is not Speaker.GATEWAY:
        return Verdict(_problem_in_front(status, voice), by=voice.name)
    if _is_of_task_layer(document) and status in _UPSTREAMS and not _OF_MONEY.search(words.code):
        return Verdict(Problem.OPERATOR)
    reason = explain_refusal(words.told, of_key=status in _UPSTREAMS)
    if reason is None:
        return Verdict(problem_of(status))
    if status not in _REFUSALS:
        return Verdict(problem_of(status), reason.sentence)
    return Verdict(_problem_of_refusal(status, words, reason, document), reason.sentence)


def problem_of(status: int) -> Problem:
    """Return what kind of trouble a status is, where the gateway itself says it."""
    if status in PROBLEMS:
        return PROBLEMS[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem.SERVER_ERROR
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Problem.REDIRECT
    return Problem.REJECTED


def _problem_in_front(status: int, voice: Voice) -> Problem:
    """Return what kind of trouble it is where the gateway did not say it, as far as anybody can tell."""
    in_front = voice.speaker is Speaker.IN_FRONT
    if in_front and status in _UNREACHED:
        return Problem.NO_GATEWAY
    if voice.guards and status != HTTPStatus.TOO_MANY_REQUESTS:
        return Problem.PROTECTION
    problem = Problem.NOT_ITS_WORD if status in _NOBODYS else problem_of(status)
    return Problem.PROTECTION if in_front and problem in {Problem.NOT_ITS_WORD, Problem.REJECTED} else problem


def _problem_of_refusal(status: int, words: Words, reason: Reason, document: object) -> Problem:
    if reason.sentence == tr(MAY_NOT_QUERY):
        return Problem.MODEL_RESTRICTED
    of_key = status in _UPSTREAMS or _OF_MONEY.search(words.code) or not _is_of_task_layer(document)
    return _OF_THE_KEY.get(reason.kind, problem_of(status)) if of_key else problem_of(status)


def _is_of_task_layer(document: object) -> bool:
    """Return whether a reply is of the shape ``code``, ``message``, ``data``, in which tasks are returned.

    What stands there under 401, 402 and 403 is the upstream's word on the operator's account. Only ``error`` objects
    speak of the user's key, and resellers under a ``code`` that is a number.
    """
    if not isinstance(document, Mapping) or isinstance(unquoted(document.get("error")), Mapping):
        return False
    code = document.get("code")
    worded = isinstance(code, str) and not code.strip().isdigit()
    return worded or (code is not None and {"message", "data"} <= document.keys())


def speaks_of_unknown_id(status: int, words: Words) -> bool:
    """Return whether the reply says that there is no such task: 400 at new-api, 404 without any message at one-hub."""
    if not is_good(status) and status not in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        return False
    return bool(_UNKNOWN_ID.search(words.code) or _UNKNOWN_ID.search(words.message))


SUCCESS_CODES = frozenset({"success", "ok", "0", "1", "200", "true"})
"""What stands under ``code`` in a good reply; only "success" is new-api's, the numbers are resellers'."""

_BLANKS = "\ufeff \t\r\n\0"

_DATA_NAMES = ("data", "result", "tasks")


def open_reply(
    body: bytes,
    status: int,
    headers: Mapping[str, str],
    now: float | None = None,
    is_answer: Callable[[Mapping[str, object]], bool] | None = None,
) -> object:
    """Return what a reply carries: its ``data``, or the whole of it where there is no envelope.

    None where the gateway says that it knows nothing of what was asked. ``now`` (Unix seconds) serves to read a
    Retry-After date; ``is_answer`` knows the objects that are an answer by themselves, whatever else they say. Raises
    GatewayError for everything that is no answer.
    """
    headers = {name.lower(): value for name, value in headers.items()}
    text = text_of(body, headers.get("content-type", ""))
    document = document_in(text)
    if is_answer and isinstance(document, Mapping) and status in _ANSWERED and is_answer(document):
        return document
    words = words_of(document) if isinstance(document, Mapping) else _words_beside_json(text)
    if is_good(status):
        status = _status_within(document) or status
    if speaks_of_unknown_id(status, words) and isinstance(document, Mapping):
        return None
    verdict = _verdict(status, headers, text, document, words)
    if verdict is None:
        return _carried(document)
    raise _error(verdict, words, status, headers, now)


def _verdict(status: int, headers: Mapping[str, str], text: str, document: object, words: Words) -> Verdict | None:
    """Return what is wrong with a reply; None if nothing is."""
    if not is_good(status):
        return verdict_of(status, words, voice_of(status, headers, text, document), document)
    problem = _problem_within(document, text)
    if problem in {Problem.WEB_PAGE, Problem.EMPTY, Problem.UNREADABLE}:
        voice = voice_of(status, headers, text, document)
        return Verdict(Problem.PROTECTION, by=voice.name) if voice.guards else Verdict(problem)
    return Verdict(problem) if problem else None


def _words_beside_json(text: str) -> Words:
    """Return the words of a text or web page; cut JSON, and bytes that are no text, say nothing to people."""
    speechless = NO_TEXT in text or text.lstrip(_BLANKS).startswith(("{", "["))
    return Words() if speechless else words_in(text)


def _problem_within(document: object, text: str) -> Problem | None:
    """Return what is wrong with a reply whose HTTP status is good; None if nothing is."""
    if isinstance(document, list):
        return None
    if isinstance(document, Mapping):
        return None if _says_success(document) else _problem_of_object(document)
    if not text.strip(_BLANKS):
        return Problem.EMPTY
    return Problem.WEB_PAGE if text.lstrip(_BLANKS).startswith("<") else Problem.UNREADABLE


def _problem_of_object(document: Mapping[str, object]) -> Problem:
    told = words_of(document).told or _code(document)
    return Problem.REJECTED if told else Problem.UNREADABLE


def _says_success(document: Mapping[str, object]) -> bool:
    code = _code(document)
    if code:
        return code in SUCCESS_CODES and not document.get("error")
    if document.get("error") or document.get("success") is False:
        return False
    if "data" in document:
        return document["data"] is not None or not words_of(document).message
    return _is_bare(document)


def _code(document: Mapping[str, object]) -> str:
    code = document.get("code")
    if isinstance(code, bool):
        return str(code).lower()
    return as_line(code).lower()


def _is_bare(document: Mapping[str, object]) -> bool:
    """Return whether an object is a task, a clip or lyrics without an envelope."""
    return is_task(document) or has_clip_marks(document) or has_text(document) or {"id", "status"} <= document.keys()


def _carried(document: object) -> object:
    if not isinstance(document, Mapping) or "task_id" in document or "taskId" in document:
        return document
    name = next((name for name in _DATA_NAMES if name in document), None)
    if name is not None:
        return unquoted(document[name])
    return document if _is_bare(document) else None


def _status_within(document: object) -> int | None:
    """Return the HTTP status that stands as a ``code`` in the body of a reply with status 200."""
    code = _code(document) if isinstance(document, Mapping) else ""
    return int(code) if re.fullmatch(r"[45]\d\d", code) else None


def _error(verdict: Verdict, words: Words, status: int, headers: Mapping[str, str], now: float | None) -> GatewayError:
    return GatewayError(
        verdict.problem,
        about=_about(verdict, status, headers),
        message=verdict.sentence,
        detail=words.told,
        request_id=words.request_id or masked(clean_line(headers.get("x-oneapi-request-id", ""), 100)),
        retry_after=retry_after(headers, now),
        status=status,
    )


def _about(verdict: Verdict, status: int, headers: Mapping[str, str]) -> str:
    if verdict.problem is Problem.REDIRECT:
        return shortened(headers.get("location", "")) or tr("it does not say where")
    if verdict.problem is Problem.PROXY:
        return tr("the environment")
    return f"{tr(verdict.by)}, HTTP {status}" if verdict.by else f"HTTP {status}"
