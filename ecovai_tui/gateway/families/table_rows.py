"""Rows of the table of tasks that new-api keeps for every platform but Midjourney, where no music was made.

The row's own word counts. What lies in its ``data`` is the provider's last answer, which has words of its own and may
look like an envelope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ecovai_tui.gateway.families.reading import NestedWire, Result, Told, is_picture, phase_of, results_in, task_of
from ecovai_tui.gateway.unwrapping import Address, Line, Moment, Paragraphs, Percent, Reason, Spellings, folded
from ecovai_tui.tasks.judging import TASK_WORDS, WORD_PHASES
from ecovai_tui.tasks.model import Kind, Phase, Task, is_web_address

WORDS = {
    **{word: WORD_PHASES[verdict] for word, verdict in TASK_WORDS.items()},
    **dict.fromkeys(("QUEUEING", "IN_QUEUE", "CREATED", "PREPARING", "STARTING"), Phase.WAITING),
    **dict.fromkeys(("GENERATING", "DREAMING"), Phase.RUNNING),
    "EXPIRED": Phase.FAILED,
}

_MEASURED = frozenset({"1", "55", "sora", "openai"})
"""Platforms whose progress is measured: OpenAI and Sora; that of all others goes by the status alone."""

_MARKS = frozenset({"fail_reason", "platform", "result_url", "submit_time", "action"})
_VIDEO_MARKS = frozenset({"url", "format", "metadata"})
_STOPPED = 100.0


class WireRow(NestedWire):
    """A row, or what newer gateways make of it."""

    spellings: ClassVar[Spellings] = {
        "id": ("task_id", "id"),
        "platform": ("platform",),
        "action": ("action",),
        "status": ("status", "task_status", "state"),
        "reason": ("fail_reason", "error.message", "error"),
        "address": ("result_url", "url", "video_url", "metadata.url"),
        "submitted": ("submit_time", "created_at"),
        "started": ("start_time",),
        "finished": ("finish_time", "finished_at"),
        "progress": ("progress",),
        "model": ("properties.origin_model_name", "properties.upstream_model_name", "model"),
        "prompt": ("properties.input", "prompt"),
    }

    id: Line = ""
    platform: Line = ""
    action: Line = ""
    status: Line = ""
    reason: Reason = ""
    address: Address = ""
    submitted: Moment = None
    started: Moment = None
    finished: Moment = None
    progress: Percent = None
    model: Line = ""
    prompt: Paragraphs = ""


def is_row(raw: Mapping[str, object]) -> bool:
    """Return whether an object is a row, or one of the shapes in which ``/v1/video/generations`` tells it."""
    known = folded(raw).keys()
    return "task_id" in known and "status" in known and not known.isdisjoint(_MARKS | _VIDEO_MARKS)


def read_row(raw: Mapping[str, object], bare_id: str = "", kind: Kind = Kind.VIDEO) -> Task:
    """Return the task of a row; ``kind`` is what it makes where the row does not tell."""
    wire = WireRow.model_validate(raw)
    results = _results(wire, raw)
    phase = phase_of(WORDS, wire.status)
    tells_address = is_web_address(wire.reason)
    stopped = wire.progress is not None and wire.progress >= _STOPPED and wire.reason and not tells_address
    return task_of(
        Told(
            raw=raw,
            id=wire.id or bare_id,
            kind=_kind(wire.action.upper(), results, kind),
            word=wire.status,
            phase=Phase.FAILED if stopped and not phase.final else phase,
            results=results,
            reason="" if tells_address else wire.reason,
            progress=wire.progress if wire.platform.lower() in _MEASURED else None,
            prompt=wire.prompt,
            model=wire.model,
            submitted_at=wire.submitted,
            started_at=wire.started,
            finished_at=wire.finished,
        )
    )


def _results(wire: WireRow, raw: Mapping[str, object]) -> list[Result]:
    """Return what the row itself calls its result; older ones put the address where a failure has its reason."""
    inner = results_in(raw.get("data"))
    address = wire.address or (wire.reason if is_web_address(wire.reason) else "")
    if not address:
        return inner
    details = inner[0] if inner else Result("")
    return [details._replace(address=address)]


def _kind(action: str, results: list[Result], otherwise: Kind) -> Kind:
    if (results and is_picture(results[0].address)) or ("IMAGE" in action and "VIDEO" not in action):
        return Kind.PICTURE
    return otherwise
