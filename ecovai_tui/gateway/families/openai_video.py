"""Videos as OpenAI's API tells of them: Sora's, and at many gateways those of every other maker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecovai_tui.gateway.families.protocol import ObjectDialect, Request, in_url
from ecovai_tui.gateway.families.reading import (
    NestedWire,
    Result,
    Told,
    is_row,
    phase_of,
    read_row,
    results_in,
    task_of,
)
from ecovai_tui.gateway.fields import as_line
from ecovai_tui.gateway.unwrapping import Length, Line, Moment, Paragraphs, Percent, Reason, Spellings
from ecovai_tui.tasks.families import own_id
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

_NEWEST = 100
"""Videos that a list has at most, the newest of the account (OpenAI, ``GET /v1/videos``); few gateways have it."""

WORDS = {
    **dict.fromkeys(("", "QUEUED", "PENDING", "SUBMITTED", "NOT_START"), Phase.WAITING),
    **dict.fromkeys(("IN_PROGRESS", "PROCESSING", "RUNNING"), Phase.RUNNING),
    **dict.fromkeys(("COMPLETED", "SUCCEEDED", "SUCCESS"), Phase.DONE),
    **dict.fromkeys(("FAILED", "FAILURE", "CANCELLED", "CANCELED", "EXPIRED"), Phase.FAILED),
}


class WireVideo(NestedWire):
    """A video."""

    spellings: ClassVar[Spellings] = {
        "status": ("status",),
        "progress": ("progress",),
        "model": ("model",),
        "prompt": ("prompt",),
        "seconds": ("seconds", "duration"),
        "size": ("size", "resolution"),
        "reason": ("error.message", "error.code", "error"),
        "created": ("created_at",),
        "completed": ("completed_at",),
        "expires": ("expires_at",),
    }

    status: Line = ""
    progress: Percent = None
    model: Line = ""
    prompt: Paragraphs = ""
    seconds: Length = None
    size: Line = ""
    reason: Reason = ""
    created: Moment = None
    completed: Moment = None
    expires: Moment = None


def read_one(raw: Mapping[str, object], asked: str) -> Task | None:
    """Return the task that an object tells; where it gives no address, its bytes can be had of the gateway itself."""
    asked = asked or as_line(raw.get("id") or raw.get("task_id"))
    if is_row(raw):
        return _with_content(read_row(raw, own_id(asked)), asked)
    wire = WireVideo.model_validate(raw)
    phase = phase_of(WORDS, wire.status)
    found = results_in(raw)
    return task_of(
        Told(
            raw=raw,
            id=own_id(asked),
            kind=Kind.VIDEO,
            word=wire.status,
            phase=phase,
            results=(found or [Result(_content(asked))]) if phase is Phase.DONE else (),
            reason=wire.reason,
            progress=wire.progress,
            prompt=wire.prompt,
            model=wire.model,
            size=wire.size,
            duration=wire.seconds,
            lives=wire.expires,
            submitted_at=wire.created,
            finished_at=wire.completed,
        )
    )


def _with_content(task: Task, asked: str) -> Task:
    if task.phase is not Phase.DONE or task.clips:
        return task
    clip = Clip(own_id(asked), Phase.DONE, task.status, video_url=_content(asked), kind=Kind.VIDEO)
    return task._replace(clips=(clip,))


def _content(asked: str) -> str:
    """Return the path of the video at the gateway, which wants the key for it."""
    return f"{_path(asked)}/content"


def _path(asked: str) -> str:
    return f"/v1/videos/{in_url(asked)}"


DIALECT = ObjectDialect(
    name="openai-video",
    ways=(lambda ids: Request("GET", _path(ids[0])), lambda _: Request("GET", f"/v1/videos?limit={_NEWEST}")),
    several=1,
    is_answer=lambda raw: ("id" in raw or "task_id" in raw) and "status" in raw and "code" not in raw,
    read_one=read_one,
)
