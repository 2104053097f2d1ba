"""What a client gets when a fault strikes: the reply in place of the gateway's, or the gateway's reply damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from ecovai_tui.simulator.dialects.base import Answer, Dialect
from ecovai_tui.simulator.faults import RESTRICTED
from ecovai_tui.simulator.messages import HTML_TYPE, REQUEST_ID_HEADER, TEXT_TYPE, Manner, Reply, encode
from ecovai_tui.simulator.pages import ALIBABA_WAF, CLOUDFLARE_CHALLENGE, CLOUDFLARE_ERROR, WEB_APP, nginx_page

RETRY_AFTER = 3
"""Seconds that the fault ``429-retry-after`` asks for."""

GARBAGE_SIZE = 400
OVERLOADED = "system cpu overloaded (current: 93.1%, threshold: 90%)"
RATE_LIMITED = "您的速率达到上限，请稍后再试。"
EXHAUSTED = "该令牌额度已用尽 TokenStatusExhausted[sk-abc***xyz]"
REFUSED = "无效的令牌"
NO_MODEL = "该令牌无权访问模型 "


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
}
"""For each fault that happens on the way: what it makes of the gateway's reply."""
