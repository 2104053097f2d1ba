"""Luma: the form of its web page, which most resellers pass on, and that of its API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecovai_tui.gateway.families.protocol import ObjectDialect, Request, in_url
from ecovai_tui.gateway.families.reading import NestedWire, Told, is_row, phase_of, read_row, results_in, task_of
from ecovai_tui.gateway.fields import as_line, unquoted
from ecovai_tui.gateway.unwrapping import Line, Moment, Paragraphs, Reason, Spellings
from ecovai_tui.tasks.families import own_id
from ecovai_tui.tasks.model import Kind, Phase, Task

WORDS = {
    **dict.fromkeys(("", "QUEUED", "PENDING"), Phase.WAITING),
    **dict.fromkeys(("DREAMING", "PROCESSING"), Phase.RUNNING),
    "COMPLETED": Phase.DONE,
    "FAILED": Phase.FAILED,
}


class WireLuma(NestedWire):
    """A generation of either form."""

    spellings: ClassVar[Spellings] = {
        "state": ("state", "status"),
        "reason": ("failure_reason", "fail_reason"),
        "prompt": ("prompt", "request.prompt"),
        "model": ("model", "request.model"),
        "created": ("created_at",),
        "kind": ("generation_type", "request.generation_type"),
    }

    state: Line = ""
    reason: Reason = ""
    prompt: Paragraphs = ""
    model: Line = ""
    created: Moment = None
    kind: Line = ""


def read_one(raw: Mapping[str, object], asked: str) -> Task | None:
    """Return the task that an object tells; it may be completed for a while before its address comes.

    Who asked for several got rows, in which the generation stands with its own id (api.md §8).
    """
    if is_row(raw):
        return read_row(raw, own_id(asked))
    inner = unquoted(raw.get("data"))
    if isinstance(inner, Mapping) and "state" in inner:
        raw = inner
    wire = WireLuma.model_validate(raw)
    return task_of(
        Told(
            raw=raw,
            id=own_id(asked) or as_line(raw.get("id")),
            kind=Kind.PICTURE if wire.kind == "image" else Kind.VIDEO,
            word=wire.state,
            phase=phase_of(WORDS, wire.state),
            results=results_in({name: raw.get(name) for name in ("video", "assets")}),
            reason=wire.reason,
            prompt=wire.prompt,
            model=wire.model,
            submitted_at=wire.created,
        )
    )


DIALECT = ObjectDialect(
    name="luma",
    ways=(
        lambda ids: Request("GET", f"/luma/generations/{in_url(ids[0])}"),
        lambda ids: Request("GET", f"/luma/v1/task?id={in_url(ids[0])}"),
        lambda ids: Request("GET", f"/luma/dream-machine/v1/generations/{in_url(ids[0])}"),
        lambda ids: Request("POST", "/luma/tasks", {"ids": [own_id(each) for each in ids]}),
    ),
    several=3,
    is_answer=lambda raw: "id" in raw and "state" in raw,
    read_one=read_one,
)
