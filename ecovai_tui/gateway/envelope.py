"""From a reply's bytes to what it carries, or to the error that it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ecovai_tui.gateway.charsets import NO_TEXT, text_of
from ecovai_tui.gateway.dates import retry_after
from ecovai_tui.gateway.documents import first_document, unquoted
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.nesting import has_clip_marks, has_text, is_task
from ecovai_tui.gateway.scalars import as_line
from ecovai_tui.gateway.speakers import voice_of
from ecovai_tui.gateway.verdicts import Verdict, is_good, speaks_of_unknown_id, verdict_of
from ecovai_tui.gateway.words import Words, masked, shortened, words_in, words_of
from ecovai_tui.tasks.text import clean_line

SUCCESS_CODES = frozenset({"success", "ok", "0", "1", "200", "true"})
"""What stands under ``code`` in a good reply; only "success" is new-api's, the numbers are resellers'."""

_BLANKS = "\ufeff \t\r\n\0"

_DATA_NAMES = ("data", "result", "tasks")


def open_reply(body: bytes, status: int, headers: Mapping[str, str], now: float | None = None) -> object:
    """Return what a reply carries: its ``data``, or the whole of it where there is no envelope.

    None where the gateway says that it knows nothing of what was asked. ``now`` (Unix seconds) serves to read a
    Retry-After date. Raises GatewayError for everything that is no answer.
    """
    headers = {name.lower(): value for name, value in headers.items()}
    text = text_of(body, headers.get("content-type", ""))
    document = _document(text)
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


def _document(text: str) -> object:
    try:
        return unquoted(first_document(text))
    except ValueError:
        return None


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
    """Tell whether an object is a task, a clip or lyrics without an envelope."""
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
        return shortened(headers.get("location", "")) or "it does not say where"
    if verdict.problem is Problem.PROXY:
        return "the environment"
    return f"{verdict.by}, HTTP {status}" if verdict.by else f"HTTP {status}"
