"""The server's own words about a failure, found in any of its shapes, fit to be shown and without our key."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ecovai_tui.gateway.fields import as_line, unquoted
from ecovai_tui.tasks.text import ELLIPSIS, clean_line

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
