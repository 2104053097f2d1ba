"""From a body's bytes to its text, whatever charset it is in and whether or not that is told.

A gateway of this kind writes UTF-8. What stands before it may not: firewalls and panels in China answer in GBK, some
Windows servers in UTF-16, and their headers name another charset or none.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

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
