"""A request and a reply as plain data, and bodies read the way Go's decoder does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"

REQUEST_ID_HEADER = "X-Oneapi-Request-Id"


class Manner(Enum):
    """How a reply is put on the wire."""

    WHOLE = auto()
    CUT = auto()
    RESET = auto()
    SLOW = auto()
    HANG = auto()


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked: ``number`` counts the requests of this simulator from 1."""

    number: int
    method: str
    path: str
    body: bytes = b""
    authorization: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = field(default=())
    manner: Manner = Manner.WHOLE


def encode(document: Json) -> bytes:
    """Return a JSON document as the gateways send it: UTF-8 and without blanks."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


GO_NAMES = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
GO_TYPES = {"text": "string", "number": "float64", "flag": "bool", "list": "[]interface {}"}
PYTHON_TYPES: dict[str, tuple[type, ...]] = {"text": (str,), "number": (int, float), "flag": (bool,), "list": (list,)}


class BadBodyError(Exception):
    """The body cannot be decoded; its text is what the gateway's decoder says."""


@dataclass(frozen=True, slots=True)
class BatchQuery:
    """The ids that a batch query asks for, as they came."""

    ids: tuple[str, ...]


def read_batch_query(body: bytes, *, reads_action: bool) -> BatchQuery:
    """Read ``{"ids": [...], "action": ""}``; raises BadBodyError. Ids may be numbers, as in Go's ``[]any``."""
    fields = {"ids": "list", "action": "text"} if reads_action else {"ids": "list"}
    ids = read_object(body, fields).get("ids")
    known = (
        item
        for item in (ids if isinstance(ids, list) else [])
        if isinstance(item, str | int) and not isinstance(item, bool)
    )
    return BatchQuery(tuple(str(item) for item in known))


def read_object(body: bytes, fields: Mapping[str, str]) -> dict[str, Json]:
    """Read an object whose known fields have the given kinds or are null; raises BadBodyError."""
    document = _decode(body)
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise BadBodyError(f"json: cannot unmarshal {_go_name(document)} into Go value of type struct")
    for name, kind in fields.items():
        _check(name, document.get(name), kind)
    return document


def _decode(body: bytes) -> Json:
    text = body.decode("utf-8", "replace")
    if not text.strip():
        raise BadBodyError("EOF")
    try:
        return json.loads(text)  # type: ignore[no-any-return]  # the door where JSON comes in
    except json.JSONDecodeError as error:
        rest = text[error.pos :].lstrip()
        raise BadBodyError(_go_complaint(rest)) from None
    except RecursionError:
        raise BadBodyError("json: exceeded max depth") from None


def _go_complaint(rest: str) -> str:
    return f"invalid character {rest[0]!r} looking for beginning of value" if rest else "unexpected EOF"


def _check(name: str, value: Json, kind: str) -> None:
    if value is None or (isinstance(value, PYTHON_TYPES[kind]) and isinstance(value, bool) == (kind == "flag")):
        return
    raise BadBodyError(
        f"json: cannot unmarshal {_go_name(value)} into Go struct field .{name} of type {GO_TYPES[kind]}"
    )


def _go_name(value: object) -> str:
    return GO_NAMES.get(type(value), "value")
