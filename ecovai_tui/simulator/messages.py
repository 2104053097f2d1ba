"""A request and a reply as plain data, between the HTTP server and everything that decides about an answer."""

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
