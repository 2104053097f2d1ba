"""From text to JSON values, as forgiving as can be done without guessing."""

from __future__ import annotations

import json
import math

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
        raise ValueError("nested too deep") from None
    return value


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
