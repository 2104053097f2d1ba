"""Flux of Black Forest Labs: a picture within seconds, whose address works for ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecovai_tui.gateway.families.protocol import ObjectDialect, Request, in_url
from ecovai_tui.gateway.families.reading import NestedWire, Told, phase_of, results_in, task_of
from ecovai_tui.gateway.unwrapping import Line, Moment, Paragraphs, Reason, Spellings
from ecovai_tui.tasks.families import own_id
from ecovai_tui.tasks.judging import spelled
from ecovai_tui.tasks.model import Kind, Phase, Task

WORDS = {
    **dict.fromkeys(("", "PENDING", "QUEUED", "STARTING"), Phase.WAITING),
    **dict.fromkeys(("PROCESSING", "RUNNING"), Phase.RUNNING),
    **dict.fromkeys(("READY", "SUCCEEDED"), Phase.DONE),
    **dict.fromkeys(("REQUEST_MODERATED", "CONTENT_MODERATED", "ERROR", "FAILED", "CANCELED"), Phase.FAILED),
}
"""``TASK_NOT_FOUND`` is no phase: the task is not there, or has run out."""

LIVES = 600.0
"""Seconds for which an address works."""


class WireFlux(NestedWire):
    """A result, also in the form of Replicate."""

    spellings: ClassVar[Spellings] = {
        "status": ("status",),
        "prompt": ("result.prompt", "input.prompt"),
        "reason": ("details.error", "error"),
        "model": ("model",),
        "started": ("result.start_time", "started_at"),
        "finished": ("result.end_time", "completed_at"),
        "created": ("created_at",),
    }

    status: Line = ""
    prompt: Paragraphs = ""
    reason: Reason = ""
    model: Line = ""
    started: Moment = None
    finished: Moment = None
    created: Moment = None


def read_one(raw: Mapping[str, object], asked: str) -> Task | None:
    """Return the task that an object tells; None where it says that there is none."""
    wire = WireFlux.model_validate(raw)
    if spelled(wire.status) == "TASK_NOT_FOUND":
        return None
    return task_of(
        Told(
            raw=raw,
            id=own_id(asked),
            kind=Kind.PICTURE,
            word=wire.status,
            phase=phase_of(WORDS, wire.status),
            results=results_in({name: raw.get(name) for name in ("result", "output")}),
            reason=wire.reason or wire.status,
            prompt=wire.prompt,
            model=wire.model,
            lives=None if wire.finished is None else wire.finished + LIVES,
            submitted_at=wire.created or wire.started,
            started_at=wire.started,
            finished_at=wire.finished,
        )
    )


DIALECT = ObjectDialect(
    name="flux",
    ways=(lambda ids: Request("GET", f"/flux/v1/get_result?id={in_url(ids[0])}"),),
    is_answer=lambda raw: "id" in raw and "status" in raw,
    read_one=read_one,
)
