"""The headers of a reply that speak of time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

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
