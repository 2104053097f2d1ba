"""Until when an address works, as far as it says so itself."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from ecovai_tui.gateway.fields import as_moment, as_number

_LATEST = 4e9
"""Unix seconds: what lies beyond is no moment."""

_HEX = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)


def expiry_of(address: str) -> float | None:
    """Return until when an address works, in whole Unix seconds, by the ways of Discord, Amazon, Azure and tokens."""
    try:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}
    except ValueError:
        return None
    moments = (_discord(query), _amazon(query), as_moment(query.get("expires")), _azure(query), _token(query))
    return next((float(int(moment)) for moment in moments if moment is not None and 0 < moment < _LATEST), None)


def _discord(query: Mapping[str, str]) -> float | None:
    """Return what Discord writes as hex seconds into ``ex``."""
    told = query.get("ex", "")
    return float(int(told, 16)) if _HEX.fullmatch(told) else None


def _amazon(query: Mapping[str, str]) -> float | None:
    """Return the moment of signing and the seconds from then on."""
    seconds = as_number(query.get("x-amz-expires"))
    try:
        signed = datetime.strptime(query.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return None if seconds is None else signed.timestamp() + seconds


def _azure(query: Mapping[str, str]) -> float | None:
    return as_moment(query.get("se")) if "sig" in query else None


def _token(query: Mapping[str, str]) -> float | None:
    """Return when the token runs out with which Runway signs."""
    payload = query.get("_jwt", "").split(".")
    if len(payload) != 3:  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(payload[1] + "=="))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return as_moment(told.get("exp")) if isinstance(told, Mapping) else None
