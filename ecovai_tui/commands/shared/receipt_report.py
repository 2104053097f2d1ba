"""Receipts for people and as JSON, and how to find out what became of one whose outcome is unknown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ecovai_tui.language import later, tr
from ecovai_tui.store.receipt_file import Receipt
from ecovai_tui.tasks.text import truncate
from ecovai_tui.tasks.times import full_time, iso_time
from ecovai_tui.view.receipt_words import used_in_words

HEADINGS = (
    later("Receipt"),
    later("Sent"),
    later("Outcome"),
    later("Kind"),
    later("Gateway"),
    later("Id"),
    later("Label"),
)

_RECOGNISABLE = 300
"""Cells of a request by which its author knows it again."""

HOW_TO_FIND_OUT = later("""\
How to find out what came of it:
  1. ecovai-tui receipts --check asks the gateway for what the key was charged about then; newer gateways tell it.
  2. The gateway's website lists the tasks of the account with their ids, and what was used when.
Then say it, and what came is watched:
  ecovai-tui receipts --settle {number} ID      (or: none, if nothing came of it)""")


def cells_of(receipt: Receipt) -> tuple[str, ...]:
    """Return the cells of a receipt's line."""
    request = receipt.request
    host = request.gateway.partition("://")[2] or request.gateway
    ids = " ".join(receipt.ids)
    return str(receipt.number), full_time(receipt.at), tr(receipt.state), tr(request.kind), host, ids, request.label


def explanation_of(receipt: Receipt) -> Iterable[str]:
    """Yield the lines that tell what is known of a receipt whose outcome is unknown."""
    request = receipt.request
    yield tr(
        "Receipt {number}: {kind}, sent {at} to {gateway}. {told}",
        number=receipt.number,
        kind=tr(request.kind),
        at=full_time(receipt.at),
        gateway=request.gateway,
        told=receipt.told,
    )
    if receipt.used_before is not None and receipt.used_after is not None:
        yield used_in_words(receipt.used_before, receipt.used_after)
    yield truncate(request.body, _RECOGNISABLE)


def how_to_find_out(unknown: Sequence[Receipt]) -> str:
    """Return what to do about receipts whose outcome is unknown."""
    return tr(HOW_TO_FIND_OUT, number=unknown[0].number)


def receipt_document(receipt: Receipt) -> dict[str, object]:
    """Return the JSON of a receipt."""
    request = receipt.request
    return {
        "receipt": receipt.number,
        "at": iso_time(receipt.at),
        "outcome": receipt.state,
        "kind": request.kind,
        "gateway": request.gateway,
        "profile": request.profile or "",
        "ids": receipt.ids,
        "label": request.label,
        "told": receipt.told,
        "body": _body(request.body),
        "sha256": request.digest,
        "used_before": receipt.used_before,
        "used_after": receipt.used_after,
    }


def _body(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
