"""What is known of a submission whose outcome is unknown, in words: the use of the key, and its charges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ecovai_tui.gateway.billing import Charge
from ecovai_tui.gateway.submission import Kind
from ecovai_tui.language import later, tr
from ecovai_tui.store.receipt_file import LONGEST_SENDING, Receipt, State
from ecovai_tui.tasks.times import full_time

EARLY = 10.0
"""Seconds by which the gateway's clock may be behind ours."""


def unknown_ones(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the receipts whose outcome is unknown."""
    return [receipt for receipt in receipts if receipt.state is State.UNKNOWN]


def what_of(receipt: Receipt) -> str:
    """Return what it was to make."""
    names = {
        Kind.MUSIC: tr("Song"),
        Kind.LYRICS: tr("Lyrics"),
        Kind.UPLOAD: tr("Upload"),
        Kind.CONCAT: tr("Joined clip"),
    }
    return next((name for kind, name in names.items() if kind == receipt.request.kind), tr("Submission"))


def used_in_words(before: float, after: float) -> str:
    """Return what the key's use before and after says of a submission whose outcome is unknown."""
    told = later(
        "The key had used {before:.2f} before and {after:.2f} after it, in the units of the site: something was "
        "charged."
    )
    if after <= before:
        told = later(
            "The key had used {before:.2f} before and {after:.2f} after it, in the units of the site: nothing was "
            "charged by then."
        )
    return tr(told, before=before, after=after)


def charges_about(receipt: Receipt, charges: Sequence[Charge]) -> Iterator[str]:
    """Yield what was charged from when it was sent until its answer would have come at the latest."""
    since, until = receipt.at - EARLY, receipt.at + LONGEST_SENDING
    for charge in charges:
        if since <= charge.at <= until:
            yield tr(
                "{model} was charged {n:,.0f} units at {moment}.",
                model=charge.model,
                n=charge.quota,
                moment=full_time(charge.at),
            )
