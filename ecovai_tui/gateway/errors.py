"""What can go wrong between us and a gateway, one sentence for people each, and the server's own words about it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ecovai_tui.gateway.fields import as_line, unquoted
from ecovai_tui.language import later, said
from ecovai_tui.tasks.families import DEFAULT_FAMILY, family_of
from ecovai_tui.tasks.reasons import MAY_NOT_QUERY
from ecovai_tui.tasks.text import ELLIPSIS, clean_line


class Problem(StrEnum):
    """The kinds of trouble with a gateway."""

    KEY_REFUSED = later("key refused")
    QUOTA = later("quota used up")
    MODEL_RESTRICTED = later("key restricted to models")
    FORBIDDEN = later("forbidden")
    OPERATOR = later("operator's account")
    DATABASE = later("database trouble")
    PROTECTION = later("protection page")
    NOT_ITS_WORD = later("not the gateway")
    NO_GATEWAY = later("no gateway")
    TOO_MANY_REQUESTS = later("too many requests")
    WEB_PAGE = later("web page")
    WRONG_PATH = later("wrong path")
    NEXT_ROUTE = later("next route")
    WRONG_ROUTE = later("wrong route")
    REDIRECT = later("redirect")
    EMPTY = later("empty reply")
    UNREADABLE = later("unreadable reply")
    REPLY_TOO_BIG = later("reply too big")
    REJECTED = later("request rejected")
    REQUEST_TOO_LARGE = later("request too large")
    SERVER_ERROR = later("server error")
    OVERLOADED = later("overloaded")
    GATEWAY_TIMEOUT = later("gateway timeout")
    NAME_NOT_FOUND = later("name not found")
    CONNECTION_REFUSED = later("connection refused")
    UNREACHABLE = later("unreachable")
    TLS = later("no trusted connection")
    CA_FILE = later("CA file")
    PROXY = later("proxy")
    CONNECT_TIMEOUT = later("connect timeout")
    READ_TIMEOUT = later("read timeout")
    DEADLINE = later("deadline")
    CONNECTION_LOST = later("connection lost")
    BAD_ADDRESS = later("bad address")


KEY_PROBLEMS = frozenset({Problem.KEY_REFUSED, Problem.QUOTA, Problem.MODEL_RESTRICTED, Problem.FORBIDDEN})
"""The gateway's own word on the key: asking again soon is of no use, it or what it may do must be changed first."""

SIZE_PROBLEMS = frozenset({Problem.REQUEST_TOO_LARGE, Problem.REPLY_TOO_BIG})
"""The batch was too large, and nothing else is wrong."""

BATCH_PROBLEMS = SIZE_PROBLEMS | {
    Problem.SERVER_ERROR,
    Problem.NO_GATEWAY,
    Problem.GATEWAY_TIMEOUT,
    Problem.READ_TIMEOUT,
    Problem.DEADLINE,
}
"""A smaller batch may do better: one of its tasks can be the cause (413, 5xx, timeouts)."""

MAKER_PROBLEMS = frozenset(
    {
        Problem.SERVER_ERROR,
        Problem.NO_GATEWAY,
        Problem.OVERLOADED,
        Problem.GATEWAY_TIMEOUT,
        Problem.READ_TIMEOUT,
        Problem.DEADLINE,
    }
)
"""A gateway fails so, too, where only the maker behind it does whose tasks were asked for (5xx, timeouts)."""

SENTENCES: dict[Problem, str] = {
    Problem.KEY_REFUSED: (
        later(
            "Key refused, or its quota is used up: a gateway of this kind answers the same for both, so check "
            "both on its website."
        )
    ),
    Problem.QUOTA: later("The quota of the key or the account is used up: raise it on the gateway's website."),
    Problem.MODEL_RESTRICTED: MAY_NOT_QUERY,
    Problem.FORBIDDEN: later(
        "The gateway forbids this to the account, this computer or the key's group: see its own words."
    ),
    Problem.OPERATOR: (
        later(
            "The gateway's operator is refused by a server behind it ({about}), which has nothing to do with "
            "your key: ask the operator, but check the key where this address is Suno-API itself."
        )
    ),
    Problem.DATABASE: later("The gateway's database fails, and the key is fine: try again later."),
    Problem.PROTECTION: (
        later(
            "A page of a protection in front of the gateway came in place of its answer ({about}), and says "
            "nothing of your key: try again later, and if it stays so, ask the operator to let this computer "
            "through."
        )
    ),
    Problem.NOT_ITS_WORD: (
        later(
            "The request was refused ({about}) without a word of the gateway itself, as by a protection in front "
            "of it, so the key may be fine: try again later, and check base_url if it stays so."
        )
    ),
    Problem.NO_GATEWAY: (
        later(
            "What stands in front of the gateway got no answer from it ({about}): try again later, or ask its operator."
        )
    ),
    Problem.TOO_MANY_REQUESTS: later(
        "The gateway says that these are too many requests: wait a little, or ask less often."
    ),
    Problem.WEB_PAGE: later("This address answers with a web page, not the API: check base_url."),
    Problem.WRONG_PATH: later("This address has no task API: check base_url."),
    Problem.NEXT_ROUTE: later("The gateway has no such way to ask for {about} tasks: another one is tried."),
    Problem.WRONG_ROUTE: later(
        "No {about} here: the gateway cannot be asked for {about} tasks, at least not with this key: ask its operator, "
        "or remove them."
    ),
    Problem.REDIRECT: later("This address sends us elsewhere ({about}): put the right address into base_url."),
    Problem.EMPTY: later("The gateway answered with nothing at all: try again, and check base_url if it stays so."),
    Problem.UNREADABLE: (
        later(
            "The reply is damaged, cut short or not of this API, and none of it was used: try again, and check "
            "base_url if it stays so."
        )
    ),
    Problem.REPLY_TOO_BIG: later(
        "The reply is larger than {about} and was not read: the monitor tries smaller ones itself."
    ),
    Problem.REJECTED: later("The gateway rejected the request: see its own words."),
    Problem.REQUEST_TOO_LARGE: later(
        "The request is too large for this gateway: the monitor tries smaller ones itself."
    ),
    Problem.SERVER_ERROR: later("The gateway has an error of its own ({about}): try again later, or ask its operator."),
    Problem.OVERLOADED: later("The gateway is overloaded or down for the moment: try again later."),
    Problem.GATEWAY_TIMEOUT: later("The gateway waited in vain for a server behind it ({about}): try again later."),
    Problem.NAME_NOT_FOUND: later("No computer of the name {about} was found: check base_url and your network."),
    Problem.CONNECTION_REFUSED: later(
        "Nothing accepts connections at {about}: check base_url, or whether the gateway runs."
    ),
    Problem.UNREACHABLE: later("{about} cannot be reached: check your network."),
    Problem.TLS: (
        later(
            "No secure connection to {about}, since its certificate was not accepted or it speaks no TLS: check "
            "base_url and this computer's clock, or set ca_file."
        )
    ),
    Problem.CA_FILE: later("The certificates in {about} cannot be read: correct ca_file or SSL_CERT_FILE."),
    Problem.PROXY: later(
        "The proxy set in {about} does not work: correct the setting, or add the gateway to NO_PROXY."
    ),
    Problem.CONNECT_TIMEOUT: later("No connection to {about} within 10 seconds: check your network."),
    Problem.READ_TIMEOUT: later("The gateway took the request but was silent for 30 seconds: try again later."),
    Problem.DEADLINE: later("The reply was not complete after 60 seconds: try again later, or check your network."),
    Problem.CONNECTION_LOST: later(
        "The connection broke before the reply was complete: try again, or check your network."
    ),
    Problem.BAD_ADDRESS: later(
        "base_url is not an address that can be asked: it must look like https://api.example.com."
    ),
}
"""What happened and what to do, one sentence a kind; ``{about}`` is the host, variable, file, size or status."""


class GatewayError(Exception):
    """No answer that can be used; ``str()`` of it is a sentence for people that never holds the key."""

    def __init__(
        self,
        problem: Problem,
        *,
        about: str = "",
        message: str = "",
        detail: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        """``message`` is a sentence that tells it more exactly than the problem's own."""
        self.problem = problem
        self.message = message or said(SENTENCES[problem], about=about or said("unknown"))
        self.detail = detail
        """The server's own words, cleaned and capped; "" if there are none."""
        self.request_id = request_id
        self.retry_after = retry_after
        """Seconds that the gateway asks us to wait, at most 600."""
        self.status = status
        """The HTTP status; None where no reply came."""
        super().__init__(self.message)

    @property
    def is_about_key(self) -> bool:
        """Whether the gateway refuses the key or what it may do, so that asking again soon is of no use."""
        return self.problem in KEY_PROBLEMS

    def is_of_maker(self, asked: str) -> bool:
        """Whether it is trouble of the maker behind the family of an id; for Suno the gateway itself answers."""
        return self.problem in MAKER_PROBLEMS and family_of(asked) != DEFAULT_FAMILY


LONGEST = 300
"""Characters of the server's own words that are kept."""

_NOT_TEXT = "\ufffd"
"""What stands for each byte that could not be decoded."""

_TEXT_AT_LEAST = 10
"""Characters of text for each one that could not be decoded; with fewer these are no words."""

_LOOKED_AT = 8_000
"""Characters of a web page that are searched for its title."""

_MESSAGE_NAMES = ("message", "msg", "description", "detail", "error_description", "reason")
_SILENT_CODES = frozenset({"", "success", "ok", "true", "false", "none", "null"})
_REQUEST_ID = re.compile(r"[(\uff08]\s*request id:\s*([^)\uff09]*)[)\uff09]", re.IGNORECASE)
_KEY = re.compile(r"(?<![A-Za-z0-9])sk-[\w*.-]{3,}", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.{0,1000}?)</title>", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"<(script|style|head)\b.*?(?:</\1>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>?")
_WEB_PAGE = re.compile(
    r"\s*(?><\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+<(?:!doctype|(?:html|head|title|body|center|meta|link|script|style|"
    r"noscript|iframe|img|div|span|main|section|table|form|h[1-6]|p|br|hr|pre|a|b)\b)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_BEGINS = re.compile(r"<(?:!doctype|(?:html|head|title|body|script|style|meta)\b)", re.IGNORECASE)
"""Where a page begins that stands inside of other words, as in ``error 405: <!doctypehtml>…``."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a server says about a failure; all of it clean, without keys."""

    code: str = ""
    message: str = ""
    request_id: str = ""

    @property
    def told(self) -> str:
        """Code and message together, each once."""
        if self.code.lower() in _SILENT_CODES or self.code.isdigit() or self.code.lower() in self.message.lower():
            return self.message
        return f"{self.code}: {self.message}" if self.message else self.code


def words_of(document: Mapping[str, object]) -> Words:
    """Return the words of an error object: OpenAI's shape, new-api's three keys, or any message at the top."""
    error = unquoted(document.get("error"))
    inner = error if isinstance(error, Mapping) else {}
    message = _first_message(inner) or (_plain(error) if not inner else "") or _first_message(document)
    code = as_line(inner.get("code")) or as_line(document.get("code"))
    return words_in(message, code=code)


def words_in(text: str, code: str = "") -> Words:
    """Return the words of a text that may be a web page, or JSON that an upstream sent."""
    document = unquoted(text)
    if isinstance(document, Mapping):
        found = words_of({name: value for name, value in document.items() if value is not text})
        return Words(masked(code) or found.code, found.message, found.request_id)
    match = _REQUEST_ID.search(text[:_LOOKED_AT])
    request_id = clean_line(match[1], 100) if match else ""
    return Words(masked(code), shortened(_REQUEST_ID.sub("", text[:_LOOKED_AT])), masked(request_id))


def is_web_page(text: str) -> bool:
    """Return whether a text is HTML rather than words."""
    return bool(_WEB_PAGE.match(text[:_LOOKED_AT]))


def shortened(text: str) -> str:
    """Return untrusted words as one clean line without keys; a web page is reduced to its title or text.

    Bytes that are no text, as of a reply that is still compressed, are nobody's words.
    """
    line = masked(clean_line(_without_page(text), _LOOKED_AT))
    if line.count(_NOT_TEXT) * _TEXT_AT_LEAST > len(line):
        return ""
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + ELLIPSIS


def as_reason(value: object) -> str:
    """Return why something failed, as told by a task: some gateways put a whole web page of their upstream there."""
    told = value if isinstance(value, str) else as_line(value)
    holds_page = is_web_page(told) or _PAGE_BEGINS.search(told[:_LOOKED_AT])
    return shortened(told) if holds_page else masked(as_line(told))


def masked(text: str) -> str:
    """Return the text with everything that looks like a key made unreadable."""
    return _KEY.sub("sk-***", text)


def _without_page(text: str) -> str:
    """Return a text with the web page that it is, or ends with, reduced to the page's title or text."""
    if is_web_page(text):
        return _seen_of(text[:_LOOKED_AT])
    begins = _PAGE_BEGINS.search(text[:_LOOKED_AT])
    return text[: begins.start()] + _seen_of(text[begins.start() : _LOOKED_AT]) if begins else text


def _seen_of(page: str) -> str:
    title = _TITLE.search(page)
    if title and title[1].strip():
        return html.unescape(_TAG.sub(" ", title[1]))
    return html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", page)))


def _first_message(document: Mapping[str, object]) -> str:
    return next(filter(None, (_plain(document.get(name)) for name in _MESSAGE_NAMES)), "")


def _plain(value: object) -> str:
    """Return the text of a message; an object in its place counts by its own message."""
    if isinstance(value, Mapping):
        return next((item for name in _MESSAGE_NAMES if isinstance(item := value.get(name), str)), "")
    return value if isinstance(value, str) else ""


STANDS_FOR_KEY = "***"
_SHORTEST = 8
"""Characters; anything shorter would hit words that are no secret."""

_NARROW = ("utf-8",)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
"""The charsets that write each letter of a key with NULs beside it."""


class Redaction:
    """Removes one key, with and without its ``sk-``, from replies; it never shows it itself."""

    __slots__ = ("_secrets",)

    def __init__(self, key: str) -> None:
        self._secrets = [secret for secret in (key, key.removeprefix("sk-")) if len(secret) >= _SHORTEST]

    def of_body(self, body: bytes) -> bytes:
        """Return a body without the key, in whatever charset the body is."""
        charsets = (*_NARROW, *_WIDE) if b"\0" in body else _NARROW
        for secret in self._secrets:
            for charset in charsets:
                body = body.replace(secret.encode(charset), STANDS_FOR_KEY.encode(charset))
        return body

    def of_text(self, text: str) -> str:
        """Return a text without the key."""
        for secret in self._secrets:
            text = text.replace(secret, STANDS_FOR_KEY)
        return text

    def of_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers without the key, their names in lower case."""
        return {name.lower(): self.of_text(value) for name, value in headers.items()}
