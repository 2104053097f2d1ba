"""What is left to a key, what a call costs, and what was charged, by routes of one-api and new-api."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ecovai_tui.gateway.fields import as_line, as_moment, as_number, document_in, text_of

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
    return as_number(_document(body).get(name))


PRICES = "/api/pricing"

CHARGES = "/api/log/token"
"""Answers the key in the header since 2026; before, the key stood in the address, where ours never goes."""

_PER_CALL = 1
"""The ``quota_type`` of what is paid by the call."""

_CONSUMED = 2
"""The ``type`` of a line that is a charge."""


class Price(NamedTuple):
    """What a call costs in dollars as the gateway counts them, before the ratio of the key's group."""

    amount: float
    ratios: Mapping[str, float]
    """By group; a key's own group is not told."""


class Charge(NamedTuple):
    """One charge of the key."""

    at: float
    """Unix seconds of the gateway's clock."""
    model: str
    quota: float
    """In the gateway's units, of which 500,000 are a dollar unless the operator changed that."""


def read_price(body: bytes, model: str) -> Price | None:
    """Return the price of a model out of the list; None where it has none by the call."""
    document = _document(body)
    for row in _rows(document):
        amount = as_number(row.get("model_price"))
        if row.get("model_name") == model and row.get("quota_type") == _PER_CALL and amount is not None:
            return Price(amount, _ratios(document))
    return None


def read_charges(body: bytes) -> tuple[Charge, ...] | None:
    """Return the charges of a key, newest first; None where this is no list of them."""
    document = _document(body)
    if document.get("success") is not True or not isinstance(document.get("data"), list):
        return None
    return tuple(
        Charge(at, as_line(row.get("model_name")), as_number(row.get("quota")) or 0.0)
        for row in _rows(document)
        if row.get("type") == _CONSUMED and (at := as_moment(row.get("created_at"))) is not None
    )


def _ratios(document: Mapping[str, object]) -> dict[str, float]:
    ratios = document.get("group_ratio")
    told = ratios.items() if isinstance(ratios, Mapping) else ()
    return {as_line(group): ratio for group, value in told if (ratio := as_number(value)) is not None}


def _rows(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    rows = document.get("data")
    yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()


def _document(body: bytes) -> Mapping[str, object]:
    document = document_in(text_of(body))
    return document if isinstance(document, Mapping) else {}
