"""A reply as values: bytes in any charset → JSON → clean text, numbers and times; nothing here raises on bad ones."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import takewhile

from ecovai_tui.language import tr
from ecovai_tui.tasks.text import TEXT_LIMIT, TITLE_LIMIT, clean_line, clean_text

NO_TEXT = "\ufffd"
"""Stands where bytes could not be decoded."""

_BLANKS = "\ufeff \t\r\n\0"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""The bytes at the start that name a charset; those of UTF-32 begin like those of UTF-16."""

_LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
}
"""The charset that holds all of another and more: what is called by the small name is often the large one."""

_PAIRS = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"})
_ONE_BYTE = re.compile(r"(cp\d{3,4}|iso8859-\d+|koi8-\w|mac-\w+|tis-620)")
_ASCII = re.compile(r"[\0-\x7f]+")
_SHORT = re.compile(r"[\0-\u07ff]+")
"""What UTF-8 writes with less than three bytes."""

_NEVER_IN_GB18030 = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\xff]")


def text_of(body: bytes, content_type: str = "") -> str:
    """Return the text of a body; NO_TEXT stands for what no charset explains.

    A mark at its start counts for more than what is told, since it is written by who wrote the text; and so does UTF-8,
    since other text is hardly ever valid UTF-8 by chance.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    text = body.decode("utf-8", "replace")
    told = _charset_told(content_type)
    if "\0" in text.strip(_BLANKS):
        return _wide(body, told) or text
    if _is_utf8(text, told):
        return _unless_told(body, text, told)
    return min(_readings(body, text, told), key=lambda reading: reading.count(NO_TEXT))


def _charset_told(content_type: str) -> str:
    """Return the name that Python has for the charset of a header, "" for none and for what is no charset of text."""
    match = _CHARSET.search(content_type)
    try:
        name = codecs.lookup(match[1]).name if match else ""
    except LookupError:
        return ""
    name = _LARGER.get(name, name)
    return name if name in _PAIRS or name.startswith(("utf-16", "utf-32")) or _ONE_BYTE.fullmatch(name) else ""


def _wide(body: bytes, told: str) -> str:
    """Return the text of UTF-16 or UTF-32 without a mark, "" if it is neither; a NUL stands in each letter of ASCII."""
    for charset in (json.detect_encoding(body), told):
        if charset.startswith(("utf-16", "utf-32")):
            text = body.decode(charset, "replace")
            if "\0" not in text.strip(_BLANKS):
                return text
    return ""


def _is_utf8(text: str, told: str) -> bool:
    """Return whether a text read as UTF-8 is that, perhaps cut in the middle of a letter.

    Letters of three bytes, or many of two, hardly come about by chance: in one of 4,000 random words of GBK, and in
    none where the header names a charset like that, so that more of them are asked for.
    """
    damage = text.count(NO_TEXT)
    letters, of_three = len(_ASCII.sub("", text)) - damage, len(_SHORT.sub("", text)) - damage
    if told in _PAIRS:
        return not damage or of_three > 4 * damage
    return not damage or of_three > damage or letters > 4 * damage


def _is_valid(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeError:
        return False
    return True


def _unless_told(body: bytes, text: str, told: str) -> str:
    """Return the text as it is read by the charset told where UTF-8 is no more than chance.

    A few letters in pairs of bytes can look like UTF-8 with two bytes a letter; with three bytes they do not.
    """
    by_chance = not text.isascii() and max(text) < "\u0800" and told in _PAIRS
    return body.decode(told) if by_chance and _is_valid(body, told) else text


def _readings(body: bytes, text: str, told: str) -> Iterator[str]:
    """Yield the readings of what is not UTF-8, the likelier ones first."""
    if told and not told.startswith("utf"):
        yield body.decode(told, "replace")
    yield text
    if not _NEVER_IN_GB18030.search(body):
        yield body.decode("gb18030", "replace")


_LONGEST_INTEGER = 40
"""Digits; no id, time or count is longer, and Python refuses to print integers of thousands."""


def first_document(text: str) -> object:
    """Return the first JSON document of the text and ignore what follows it; ValueError if it is not whole.

    Old new-api appends a second document when its database fails after the reply was written. Raw control characters
    in strings are accepted; NaN, infinities and absurdly long integers become None.
    """
    try:
        value, _ = _DECODER.raw_decode(text.lstrip("\ufeff \t\r\n"))
    except RecursionError:
        raise ValueError(tr("nested too deep")) from None
    return value


def document_in(text: str) -> object:
    """Return the first JSON document of the text, taken out of a string; None where there is none."""
    try:
        return unquoted(first_document(text))
    except ValueError:
        return None


def unquoted(value: object) -> object:
    """Return the object or list that a string holds as JSON text; everything else as it is."""
    if not isinstance(value, str) or not value.lstrip("\ufeff \t\r\n").startswith(("{", "[", '"{', '"[')):
        return value
    try:
        return first_document(value)
    except ValueError:
        return value


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _no_number(_name: str) -> None:
    return None


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_finite, parse_constant=_no_number, strict=False)


ADDRESS_LIMIT = 4096
"""Characters of the longest address that is kept: a cut one would lead nowhere."""

_LATEST_SECONDS = 1e11
"""A time above this is not in seconds but in milliseconds, or finer."""

_LONGEST_SONG = 86_400.0
_PARTS_OF_A_LENGTH = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)\Z")


def is_told(value: object) -> bool:
    """Return whether a value says anything: not missing, null, blank or empty."""
    return bool(value.strip()) if isinstance(value, str) else value is not None and value not in ([], {})


def as_line(value: object) -> str:
    """Return a string or number as one clean line, anything else as ""."""
    return clean_line(_as_string(value), TITLE_LIMIT)


def as_text(value: object) -> str:
    """Return a string, or a list of lines, as clean text of several lines."""
    if isinstance(value, list):
        value = "\n".join(map(_as_string, value))
    return clean_text(_as_string(value), TEXT_LIMIT)


def as_tags(value: object) -> str:
    """Return tags that came as a string or as a list, as one line."""
    if isinstance(value, list):
        value = ", ".join(filter(None, map(as_line, value)))
    return as_line(value)


def as_address(value: object) -> str:
    """Return a web address, or "" for anything that is not one, such as ``None`` or a sentence."""
    address = clean_line(_as_string(value), ADDRESS_LIMIT + 1)
    fits = address.lower().startswith(("http://", "https://")) and " " not in address
    return address if fits and len(address) <= ADDRESS_LIMIT else ""


def as_number(value: object) -> float | None:
    """Return a finite number that came as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_percent(value: object) -> float | None:
    """Return a progress such as ``"87.5%"`` or ``87.5`` in per cent."""
    return as_number(value.strip().rstrip("%")) if isinstance(value, str) else as_number(value)


def as_length(value: object) -> float | None:
    """Return the length of a song in seconds from ``128.92``, ``"128.92"`` or ``"2:31"``; 0 is not known."""
    parts = _PARTS_OF_A_LENGTH.match(value.strip()) if isinstance(value, str) else None
    if parts:
        hours, minutes, seconds = (float(part or 0) for part in parts.groups())
        value = hours * 3600 + minutes * 60 + seconds
    number = as_number(value)
    return number if number is not None and 0 < number <= _LONGEST_SONG else None


def as_moment(value: object) -> float | None:
    """Return a time as whole Unix seconds, from seconds, finer units or ISO 8601; None for 0 and the like.

    new-api, one-hub and Suno-API send seconds, other programs of the family milliseconds; 0 means "not yet" there, and
    ``0001-01-01T00:00:00Z`` is what Go prints for it. A time without a zone is taken for UTC.
    """
    number = as_number(value)
    if number is None and isinstance(value, str):
        number = _seconds_of_iso(value.strip())
    while number is not None and number > _LATEST_SECONDS:
        number /= 1000
    return float(math.floor(number)) if number is not None and number >= 1 else None


def _seconds_of_iso(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _as_string(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None or isinstance(value, bool | list | Mapping) else str(value)


LONGEST_WAIT = 600.0
"""Seconds; a gateway that asks for a longer pause is asked again after this."""

LONGEST_EXCHANGE = 2.0
"""Seconds that a request may take for its reply to tell the gateway's clock well enough."""


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return the seconds that ``Retry-After`` (seconds or a date) asks us to wait, at most ten minutes.

    A date counts from the gateway's own ``Date`` where there is one, else from ``now``. Names are in lower case.
    """
    text = headers.get("retry-after", "").strip()
    wait = _seconds(text)
    if wait is None:
        until, since = http_date(text), http_date(headers.get("date", "")) or now
        wait = until - since if until is not None and since is not None else None
    return min(max(wait, 0.0), LONGEST_WAIT) if wait is not None else None


def clock_skew(date: str, sent: float, received: float) -> float | None:
    """Return the gateway's clock minus ours in seconds, from the ``Date`` of a reply; None if it cannot be told.

    ``sent`` and ``received`` are our own times around the request. A date has whole seconds, so half of one is added.
    """
    told = http_date(date)
    if told is None or not 0 <= received - sent <= LONGEST_EXCHANGE:
        return None
    return told + 0.5 - (sent + received) / 2


def http_date(text: str) -> float | None:
    """Return the Unix seconds of an HTTP date; None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None


DEEPEST_KEPT = 24
LARGEST = 400_000
"""Characters kept of one object; a task with two songs has about 6,000."""

LEFT_OUT = "…"
"""Stands where something was too deep or too much."""


def source_of(raw: object) -> str:
    """Return the object as JSON text of one line, every string in it clean, its depth and size bounded."""
    return json.dumps(_Cleaner().clean(raw), ensure_ascii=False, allow_nan=False)


class _Cleaner:
    """Copies JSON values until its allowance of characters is used up."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = LARGEST

    def clean(self, value: object, depth: int = 0) -> object:
        """Return a copy that is safe to show; what goes too deep or beyond the allowance is left out of it."""
        self._left -= 4
        if isinstance(value, str):
            return self._text(value)
        if value is None or isinstance(value, bool | int | float):
            return value
        if depth >= DEEPEST_KEPT or not isinstance(value, Mapping | list):
            return LEFT_OUT
        if isinstance(value, Mapping):
            pairs = takewhile(self._has_room, value.items())
            return {self._text(str(name)): self.clean(item, depth + 1) for name, item in pairs}
        return [self.clean(item, depth + 1) for item in takewhile(self._has_room, value)]

    def _text(self, value: str) -> str:
        text = clean_text(value)[: max(0, self._left)]
        self._left -= len(text)
        return text

    def _has_room(self, _item: object) -> bool:
        return self._left > 0
