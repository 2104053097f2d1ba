"""What is left to a key, by the two dashboard routes that every gateway of this family has from one-api."""

from __future__ import annotations

from typing import NamedTuple

from ecovai_tui.gateway.charsets import text_of
from ecovai_tui.gateway.fields import as_number, first_document

SUBSCRIPTION, USAGE = "/v1/dashboard/billing/subscription", "/v1/dashboard/billing/usage"
"""What was granted in all, and what was used of it in hundredths; new-api ignores start and end of a period."""

NO_LIMIT = 100_000_000.0
"""What a key without a limit is granted (one-api, new-api, one-hub)."""


class Quota(NamedTuple):
    """What is left to the key, in the units that the site shows: dollars, yuan or its own, which it does not name."""

    left: float | None
    """None for a key without a limit."""
    used: float = 0.0
    """What the key has used so far."""


def quota_of(granted: float | None, used: float | None) -> Quota | None:
    """Return what two replies come to, or None where one of them told nothing."""
    if granted is None or used is None:
        return None
    return Quota(None if granted >= NO_LIMIT else granted - used, used)


def read_granted(subscription: bytes) -> float | None:
    """Return what the key was granted in all; None where the reply is not one of this route."""
    return _number(subscription, "hard_limit_usd")


def read_used(usage: bytes) -> float | None:
    """Return what the key has used; None where the reply is not one of this route."""
    hundredths = _number(usage, "total_usage")
    return None if hundredths is None else hundredths / 100


def _number(body: bytes, name: str) -> float | None:
    try:
        document = first_document(text_of(body))
    except ValueError:
        return None
    value = document.get(name) if isinstance(document, dict) else None
    return as_number(value)
