"""Runway: its own API, and the feed of resellers, whose digits mean now this and now that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecovai_tui.gateway.families.protocol import ObjectDialect, Request, in_url
from ecovai_tui.gateway.families.reading import NestedWire, Told, is_row, phase_of, read_row, results_in, task_of
from ecovai_tui.gateway.fields import as_number, unquoted
from ecovai_tui.gateway.unwrapping import Line, Moment, Paragraphs, Reason, Spellings
from ecovai_tui.tasks.families import own_id
from ecovai_tui.tasks.model import Kind, Phase, Task

WORDS = {
    **dict.fromkeys(("", "0", "PENDING", "THROTTLED", "QUEUED", "SUBMITTED"), Phase.WAITING),
    **dict.fromkeys(("1", "RUNNING", "PROCESSING", "IN_PROGRESS"), Phase.RUNNING),
    **dict.fromkeys(("3", "SUCCEEDED", "SUCCESS", "COMPLETED"), Phase.DONE),
    **dict.fromkeys(("2", "FAILED", "FAILURE", "CANCELLED", "CANCELED"), Phase.FAILED),
}
"""The digits are the feed's, as most write them; what comes with them decides (see ``_phase``)."""

_ENDS = frozenset({"2", "3"})


class WireRunway(NestedWire):
    """A task of either form."""

    spellings: ClassVar[Spellings] = {
        "status": ("status", "state"),
        "reason": ("failure", "msg", "failure_code", "error"),
        "prompt": ("prompt", "prompt_text", "options.text_prompt"),
        "model": ("model", "options.model"),
        "created": ("created_at", "create_time"),
        "updated": ("updated_at", "update_time"),
        "refund": ("refund",),
        "video": ("video_url",),
    }

    status: Line = ""
    reason: Reason = ""
    prompt: Paragraphs = ""
    model: Line = ""
    created: Moment = None
    updated: Moment = None
    refund: Line = ""
    video: Line = ""


def read_one(raw: Mapping[str, object], asked: str) -> Task | None:
    """Return the task that an object tells."""
    inner = unquoted(raw.get("task"))
    raw = inner if isinstance(inner, Mapping) else raw
    if is_row(raw):
        return read_row(raw, own_id(asked))
    wire = WireRunway.model_validate(raw)
    phase, measured = _phase(wire), as_number(raw.get("progress"))
    return task_of(
        Told(
            raw=raw,
            id=own_id(asked),
            kind=Kind.VIDEO,
            word=wire.status,
            phase=phase,
            results=results_in({name: raw.get(name) for name in ("video_url", "output", "artifacts")}),
            reason=wire.reason,
            progress=None if measured is None else 100 * measured,
            prompt=wire.prompt,
            model=wire.model,
            submitted_at=wire.created,
            finished_at=wire.updated if phase.final else None,
        )
    )


def _phase(wire: WireRunway) -> Phase:
    """Return the phase: of the feed's digits 2 and 3 the video and the refund say which of them is the good one."""
    if wire.status not in _ENDS:
        return phase_of(WORDS, wire.status)
    if wire.video:
        return Phase.DONE
    if wire.refund == "1" or wire.reason:
        return Phase.FAILED
    return phase_of(WORDS, wire.status)


DIALECT = ObjectDialect(
    name="runway",
    ways=(
        lambda ids: Request("GET", f"/runwayml/v1/tasks/{in_url(ids[0])}"),
        lambda ids: Request("POST", "/runway/feed", {"task_id": own_id(ids[0])}),
        lambda ids: Request("GET", f"/runway/tasks/{in_url(ids[0])}"),
    ),
    is_answer=lambda raw: "task" in raw or ("id" in raw and "status" in raw and "code" not in raw),
    read_one=read_one,
)
