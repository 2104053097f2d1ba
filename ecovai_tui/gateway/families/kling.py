"""Kling as its own API tells of videos and pictures; what kind it is stands in the path, and so in the id's prefix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from ecovai_tui.gateway.families.protocol import ObjectDialect, Request, in_url
from ecovai_tui.gateway.families.reading import NestedWire, Told, is_row, phase_of, read_row, results_in, task_of
from ecovai_tui.gateway.fields import is_told
from ecovai_tui.gateway.unwrapping import Line, Moment, Paragraphs, Reason, Spellings
from ecovai_tui.tasks.families import kind_in, own_id
from ecovai_tui.tasks.model import Kind, Phase, Task

WORDS = {
    **dict.fromkeys(("", "SUBMITTED", "QUEUED", "PENDING"), Phase.WAITING),
    **dict.fromkeys(("PROCESSING", "RUNNING", "IN_PROGRESS"), Phase.RUNNING),
    **dict.fromkeys(("SUCCEED", "SUCCEEDED", "SUCCESS"), Phase.DONE),
    **dict.fromkeys(("FAILED", "FAIL", "FAILURE"), Phase.FAILED),
}

PICTURES = frozenset({"generations", "kolors-virtual-try-on", "multi-image2image", "omni-image", "expand", "edit"})
"""Kinds whose path is under ``images``."""

FIRST, SECOND = "text2video", "image2video"
"""The kinds that are tried for an id that names none."""


class WireKling(NestedWire):
    """A task."""

    spellings: ClassVar[Spellings] = {
        "status": ("task_status", "status"),
        "reason": ("task_status_msg", "message"),
        "created": ("created_at",),
        "updated": ("updated_at",),
        "model": ("model_name", "model"),
        "prompt": ("prompt", "task_info.prompt"),
    }

    status: Line = ""
    reason: Reason = ""
    created: Moment = None
    updated: Moment = None
    model: Line = ""
    prompt: Paragraphs = ""


def read_one(raw: Mapping[str, object], asked: str) -> Task | None:
    """Return the task that an object tells; one-hub sends one without a task before it has asked Kling itself."""
    kind = Kind.PICTURE if kind_in(asked) in PICTURES else Kind.VIDEO
    if is_row(raw):
        return read_row(raw, own_id(asked), kind)
    wire = WireKling.model_validate(raw)
    phase = phase_of(WORDS, wire.status)
    return task_of(
        Told(
            raw=raw,
            id=own_id(asked),
            kind=kind,
            word=wire.status,
            phase=phase,
            results=results_in({"task_result": raw.get("task_result")}),
            reason=wire.reason,
            prompt=wire.prompt,
            model=wire.model,
            submitted_at=wire.created,
            finished_at=wire.updated if phase.final else None,
        )
    )


def _path(asked: str, kind: str) -> str:
    place = "images" if kind in PICTURES else "videos"
    return f"/kling/v1/{place}/{quote(kind, safe='')}/{in_url(asked)}"


def _by_kind(ids: Sequence[str]) -> Request:
    return Request("GET", _path(ids[0], kind_in(ids[0]) or FIRST))


def _by_other_kind(ids: Sequence[str]) -> Request:
    return Request("GET", _path(ids[0], kind_in(ids[0]) or SECOND))


def _by_row(ids: Sequence[str]) -> Request:
    return Request("GET", f"/v1/video/generations/{in_url(ids[0])}")


def _is_answer(raw: Mapping[str, object]) -> bool:
    """Return whether an object tells of a task without an envelope, or is the envelope of none yet."""
    return ("task_id" in raw and "code" not in raw) or (raw.get("code") in (0, "0") and not is_told(raw.get("data")))


DIALECT = ObjectDialect("kling", (_by_kind, _by_other_kind, _by_row), _is_answer, read_one)
