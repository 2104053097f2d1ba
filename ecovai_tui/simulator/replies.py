"""The replies of the simulator, and which of them go wrong and how: faults by name, and what a client gets then."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from http import HTTPStatus
from random import Random

from ecovai_tui.simulator.dialect import Answer, Dialect
from ecovai_tui.simulator.scripts import Json

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
    VERY_SLOW = auto()
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
    secret: str = ""
    """What stands in the header ``mj-api-secret``."""


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


WEB_APP = (
    b'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>New API</title></head><body>'
    b'<div id="root"></div><script type="module" src="/assets/index.js"></script></body></html>\n'
)
"""What new-api answers, with status 200, for every path that it does not know."""


CLOUDFLARE_CHALLENGE = (
    b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="refresh" content="360">'
    b'</head><body><div class="main-wrapper" role="main"></div><script>(function(){window._cf_chl_opt={cvId: "3"};}());'
    b"</script></body></html>"
)
"""With what Cloudflare stops a program until a browser has proved itself."""

CLOUDFLARE_ERROR = (
    b'<!DOCTYPE html>\n<html class="no-js" lang="en-US"><head><title>gateway.example | 521: Web server is down</title>'
    b'</head><body><div id="cf-wrapper"><div id="cf-error-details">Cloudflare Ray ID: <strong>8f0</strong></div></div>'
    b"</body></html>"
)
"""What Cloudflare says where the gateway behind it accepts no connection."""

ALIBABA_WAF = (
    '<!doctypehtml><html lang="zh-cn"><meta charset="utf-8"><meta http-equiv="X-UA-Compatible"content="IE=edge">'
    '<meta name="data-spm"content="a3c0e"><title>405</title><style>.header .message{background:'
    "url(https://errors.aliyun.com/images/TB1.png)}</style><body><div>很抱歉，由于您访问的URL有可能对网站造成安全威胁，"
    "您的访问被阻断。</div><script>function f(){}</script></body></html>"
).encode()
"""With what the firewall of Alibaba Cloud blocks a request, under status 405."""


def nginx_page(status: int) -> bytes:
    """Return the page with which nginx reports this status."""
    title = f"{status} {HTTPStatus(status).phrase}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()


BIG_BATCH = 10
"""The most ids in a batch that the fault ``big-batch-500`` lets through."""

RESTRICTED = "restricted"
"""The fault of a key with a list of models: refused everywhere but at the route for single videos."""

REFUSALS = (
    "429", "429-retry-after", "500", "502-html", "503", "504", "html200", "empty200", "garbage",
    "401", "401-exhausted", "401-expired", "401-disabled", "401-database", "401-upstream", "402-money",
    "403-model", RESTRICTED, "403-banned", "403-ip", "403-group", "403-empty", "413", "redirect",
    "cloudflare", "cloudflare-1010", "cloudflare-521", "waf405", "nginx401", "nginx403", "nginx405", "aws403",
    "big-batch-500", "poison",
)  # fmt: skip
"""Faults that answer in place of the gateway: it does nothing of what was asked."""

DAMAGES = ("reset", "cut", "slow", "hang", "double", "text-plain")
"""Faults that happen to the gateway's own answer on its way: what was asked has been done."""

SUBMIT_FAULTS = (
    "lost-reply", "refused-after", "double-document", "slow-60", "html", "saturated-429", "moderation-later",
)  # fmt: skip
"""Faults that strike submissions alone: refused-after, html and saturated-429 take nothing, the others charge."""

FILE_FAULTS = (
    "file-html200", "file-empty", "file-cut", "file-slow", "file-forbidden", "file-none-mp3", "file-encrypted",
    "file-no-range", "file-wrong-length", "file-redirect-private", "file-500",
)  # fmt: skip
"""Faults that strike the files of clips alone; which of them is counted by requests for files."""

FAMILY_FAULTS = ("numeric-ids", "mj-rand", "kling-empty", "runway-swapped")
"""Faults in what is said of pictures and videos."""

FAULT_NAMES = (*REFUSALS, *DAMAGES, *SUBMIT_FAULTS, *FILE_FAULTS, *FAMILY_FAULTS)
"""Every fault that ``parse_faults`` understands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the share of requests, from 0 to 1, that it strikes; raises ValueError if there is no such fault.

    Of all requests, counted from 1, it strikes none before ``first`` and none after ``last`` (None: for ever).
    """

    name: str
    rate: float = 1.0
    first: int = 1
    last: int | None = None

    def __post_init__(self) -> None:
        if self.name not in FAULT_NAMES:
            raise ValueError(f"no fault is called {self.name!r}; known: {', '.join(FAULT_NAMES)}")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"the rate of the fault {self.name} must be from 0 to 1, not {self.rate:g}")

    def may_strike(self, number: int) -> bool:
        """Return whether the request of this number is one of those that it can strike at all."""
        return self.first <= number and (self.last is None or number <= self.last)


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Read faults as ``html200,cut=0.2,401=3-6``; raises ValueError whose text names the known ones.

    ``3-6`` are the third to the sixth request.
    """
    return tuple(_parse_fault(part.strip()) for part in text.split(",") if part.strip())


def _parse_fault(text: str) -> Fault:
    name, separator, rate = (part.strip() for part in text.partition("="))
    if not separator:
        return Fault(name)
    if span := re.fullmatch(r"(\d+)-(\d+)", rate):
        return Fault(name, first=int(span[1]), last=int(span[2]))
    try:
        share = float(rate)
    except ValueError:
        raise ValueError(
            f"the rate of the fault {name} is not a number: {rate!r}; write for example {name}=0.2"
            f" (known faults: {', '.join(FAULT_NAMES)})"
        ) from None
    return Fault(name, share)


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """The faults of one simulator: the same seed and the same request always meet the same fault."""

    seed: int
    faults: tuple[Fault, ...]

    def strike(self, number: int, ids: Sequence[str], poison_id: str) -> str:
        """Return the fault that strikes the request of this number ("" for none); the first one named wins.

        ``ids`` are those of a batch; empty for any other request. ``poison_id`` is the one that ``poison`` hates.
        """
        return next((fault.name for fault in self.faults if self._strikes(fault, number, ids, poison_id)), "")

    def all_striking(self, number: int) -> frozenset[str]:
        """Return every fault that strikes the request of this number."""
        return frozenset(fault.name for fault in self.faults if self._strikes(fault, number, (), ""))

    def _strikes(self, fault: Fault, number: int, ids: Sequence[str], poison_id: str) -> bool:
        if not fault.may_strike(number):
            return False
        if fault.name == "big-batch-500" and len(ids) <= BIG_BATCH:
            return False
        if fault.name == "poison" and poison_id not in ids:
            return False
        return Random(f"{self.seed}:{number}:{fault.name}").random() < fault.rate


RETRY_AFTER = 3
"""Seconds that the fault ``429-retry-after`` asks for."""

GARBAGE_SIZE = 400
OVERLOADED = "system cpu overloaded (current: 93.1%, threshold: 90%)"
RATE_LIMITED = "您的速率达到上限，请稍后再试。"
EXHAUSTED = "该令牌额度已用尽 TokenStatusExhausted[sk-abc***xyz]"
REFUSED = "无效的令牌"
NO_MODEL = "该令牌无权访问模型 "
SATURATED = "当前分组上游负载已饱和，请稍后再试"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault may know of the request that it strikes."""

    dialect: Dialect
    request_id: str
    chance: Random

    def reply(self, answer: Answer) -> Reply:
        """Return an answer as a reply that carries the request id."""
        return Reply(answer.status, encode(answer.document), headers=((REQUEST_ID_HEADER, self.request_id),))

    def refusal(self, status: int, message: str, code: str = "") -> Reply:
        """Return the reply with which the gateway refuses a request before its task layer sees it."""
        return self.reply(self.dialect.refusal(status, message, self.request_id, code))

    def database_error(self, message: str) -> Reply:
        """Return the reply of a gateway whose query for tasks failed."""
        return self.reply(self.dialect.task_error("get_tasks_failed", message, 500))


def _page(status: int, *headers: tuple[str, str]) -> Callable[[Scene], Reply]:
    return lambda _scene: Reply(status, nginx_page(status), "text/html", headers)


def _refused(status: int, message: str) -> Callable[[Scene], Reply]:
    return lambda scene: scene.refusal(status, message)


def _of_task_layer(status: int, code: str, message: str) -> Callable[[Scene], Reply]:
    return lambda scene: scene.reply(scene.dialect.task_error(code, message, status))


def _garbage(scene: Scene) -> Reply:
    return Reply(200, scene.chance.randbytes(GARBAGE_SIZE))


INSTEAD: dict[str, Callable[[Scene], Reply]] = {
    "429": lambda scene: scene.refusal(429, RATE_LIMITED),
    "429-retry-after": lambda _scene: Reply(429, headers=(("Retry-After", str(RETRY_AFTER)),)),
    "500": lambda scene: scene.database_error("database is locked"),
    "502-html": _page(502),
    "503": lambda scene: scene.refusal(503, OVERLOADED, "system_cpu_overloaded"),
    "504": _page(504),
    "html200": lambda _scene: Reply(200, WEB_APP, HTML_TYPE),
    "empty200": lambda _scene: Reply(200),
    "garbage": _garbage,
    "401": _refused(401, REFUSED),
    "401-exhausted": _refused(401, EXHAUSTED),
    "401-expired": _refused(401, "该令牌已过期"),
    "401-disabled": _refused(401, "该令牌状态不可用"),
    "401-database": _refused(401, "无效的令牌，数据库查询出错，请联系管理员"),
    "401-upstream": _of_task_layer(401, "fail_to_fetch_task", "401 Unauthorized"),
    "402-money": _of_task_layer(402, "insufficient_user_quota", "用户额度不足"),
    "403-model": _refused(403, NO_MODEL),
    RESTRICTED: _refused(403, NO_MODEL),
    "403-banned": _refused(403, "用户已被封禁"),
    "403-ip": _refused(403, "您的 IP 不在令牌允许访问的列表中"),
    "403-group": _refused(403, "令牌分组 vip 已被禁用"),
    "403-empty": lambda _scene: Reply(403, b"", TEXT_TYPE),
    "cloudflare": lambda _scene: Reply(403, CLOUDFLARE_CHALLENGE, HTML_TYPE, (("cf-mitigated", "challenge"),)),
    "cloudflare-1010": lambda _scene: Reply(403, b"error code: 1010", TEXT_TYPE),
    "cloudflare-521": lambda _scene: Reply(521, CLOUDFLARE_ERROR, HTML_TYPE),
    "waf405": lambda _scene: Reply(405, ALIBABA_WAF, HTML_TYPE),
    "nginx401": _page(401, ("WWW-Authenticate", 'Basic realm="gateway"')),
    "nginx403": _page(403),
    "nginx405": _page(405),
    "aws403": lambda _scene: Reply(403, b'{"message":"Forbidden"}', headers=(("x-amzn-ErrorType", "Forbidden"),)),
    "413": _page(413),
    "redirect": lambda _scene: Reply(302, nginx_page(302), "text/html", (("Location", "/login"),)),
    "big-batch-500": lambda scene: scene.database_error("too many SQL variables"),
    "poison": lambda scene: scene.database_error("invalid character '\\x00' in string literal"),
    "refused-after": _of_task_layer(500, "internal_error", "task failed"),
    "html": lambda _scene: Reply(200, WEB_APP, HTML_TYPE),
    "saturated-429": _of_task_layer(429, "fail_to_fetch_task", SATURATED),
}
"""For each fault that answers in place of the gateway: its reply."""


def _double(reply: Reply) -> Reply:
    second = {"code": "insert_task_failed", "message": "database is locked", "data": None}
    return replace(reply, body=reply.body + encode(second))


AFTERWARDS: dict[str, Callable[[Reply], Reply]] = {
    "reset": lambda reply: replace(reply, manner=Manner.RESET),
    "cut": lambda reply: replace(reply, manner=Manner.CUT),
    "slow": lambda reply: replace(reply, manner=Manner.SLOW),
    "hang": lambda reply: replace(reply, manner=Manner.HANG),
    "double": _double,
    "text-plain": lambda reply: replace(reply, content_type=TEXT_TYPE),
    "lost-reply": lambda reply: replace(reply, manner=Manner.RESET),
    "double-document": _double,
    "slow-60": lambda reply: replace(reply, manner=Manner.VERY_SLOW),
    "moderation-later": lambda reply: reply,
}
"""For each fault that happens on the way: what it makes of the gateway's reply."""
