"""Receipts in words: what one was for, what the quota and the charges say of it, and its row in the table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ecovai_tui.gateway.prices import Charge
from ecovai_tui.gateway.submission import Kind, Value
from ecovai_tui.store.receipt_file import LONGEST_SENDING, Receipt, State
from ecovai_tui.tasks import model
from ecovai_tui.tasks.text import TITLE_LIMIT, clean_line
from ecovai_tui.tasks.times import full_time

EARLY = 10.0
"""Seconds by which the gateway's clock may be behind ours."""

_NAMED_BY = ("title", "gpt_description_prompt", "prompt", "url", "clip_id")
"""The fields by which people know a request again."""


def unknown_ones(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the receipts whose outcome is unknown."""
    return [receipt for receipt in receipts if receipt.state is State.UNKNOWN]


def fields_of(receipt: Receipt) -> Mapping[str, Value]:
    """Return the fields of what was sent, none where that cannot be read."""
    try:
        fields = json.loads(receipt.request.body)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def title_of(receipt: Receipt) -> str:
    """Return what people call it: its title, else the beginning of its text, in one clean line."""
    fields = fields_of(receipt)
    texts = (fields.get(name) for name in _NAMED_BY)
    text = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return clean_line(text.strip().partition("\n")[0])[:TITLE_LIMIT]


def what_of(receipt: Receipt) -> str:
    """Return what it was to make."""
    names = {Kind.MUSIC: "Song", Kind.LYRICS: "Lyrics", Kind.UPLOAD: "Upload", Kind.CONCAT: "Joined clip"}
    return next((name for kind, name in names.items() if kind == receipt.request.kind), "Submission")


def used_in_words(before: float, after: float) -> str:
    """Return what the key's use before and after says of a submission whose outcome is unknown."""
    told = f"The key had used {before:.2f} before and {after:.2f} after it, in the units of the site: "
    return f"{told}{'something was charged' if after > before else 'nothing was charged by then'}."


def charges_about(receipt: Receipt, charges: Sequence[Charge]) -> Iterator[str]:
    """Yield what was charged from when it was sent until its answer would have come at the latest."""
    since, until = receipt.at - EARLY, receipt.at + LONGEST_SENDING
    about_then = [charge for charge in charges if since <= charge.at <= until]
    if not about_then:
        yield "no charge about then."
    for charge in about_then:
        yield f"{charge.model} was charged {charge.quota:,.0f} units at {full_time(charge.at)}."


MAYBE_CHARGED = "may have been charged"

_ROW = "receipt "
"""Begins what stands for an id in the row of a receipt: the blank in it is in no id."""


def row_of(receipt: Receipt) -> model.WatchedTask:
    """Return a submission of which nobody knows what became of it as a row of the table."""
    kinds = {Kind.LYRICS: model.Kind.LYRICS}
    kind = next((kind for name, kind in kinds.items() if name == receipt.request.kind), model.Kind.MUSIC)
    fields = fields_of(receipt)
    summary = model.TaskSummary(
        f"{_ROW}{receipt.number}",
        kind,
        model.Phase.UNKNOWN,
        title=title_of(receipt),
        model=clean_line(str(fields.get("mv") or "")),
        tags=clean_line(str(fields.get("tags") or "")),
        note=MAYBE_CHARGED,
        submitted_at=receipt.at,
    )
    return model.WatchedTask(summary, receipt.request.label, receipt.at)


def receipt_of_row(row_id: str) -> int | None:
    """Return the number of the receipt that a row stands for, None for the id of a task."""
    number = row_id.removeprefix(_ROW)
    return int(number) if number != row_id and number.isdecimal() else None
