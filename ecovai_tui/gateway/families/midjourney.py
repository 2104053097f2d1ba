"""Midjourney as new-api, one-hub and midjourney-proxy tell of it: bare objects, milliseconds, real progress."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from ecovai_tui.gateway.families.protocol import ObjectDialect, Request, in_url
from ecovai_tui.gateway.families.reading import NestedWire, Result, Told, phase_of, results_in, task_of
from ecovai_tui.gateway.fields import as_line
from ecovai_tui.gateway.unwrapping import Address, Line, Moment, Paragraphs, Percent, Reason, Spellings, folded
from ecovai_tui.tasks.families import own_id
from ecovai_tui.tasks.judging import BAD_WORDS, GOOD_WORDS
from ecovai_tui.tasks.model import Kind, Phase, Task

WORDS = {
    **dict.fromkeys(("", "NOT_START", "SUBMITTED", "QUEUED", "PENDING", "MODAL"), Phase.WAITING),
    **dict.fromkeys(("IN_PROGRESS", "PROCESSING", "RUNNING"), Phase.RUNNING),
    **dict.fromkeys(GOOD_WORDS, Phase.DONE),
    **dict.fromkeys(BAD_WORDS, Phase.FAILED),
}
"""MODAL waits for the user, who has to answer in the gateway."""

TEXTS = frozenset({"DESCRIBE", "SHORTEN"})
"""Actions that end with a text."""

_RANDOM = re.compile(r"[?&]rand=[^&#]*\Z")
"""What new-api puts behind its own addresses, another one in each reply."""

_VERSION = re.compile(r"--(v|version|niji)\s+(\d+(?:\.\d+)?)")
_ASPECT = re.compile(r"--(?:ar|aspect)\s+(\d+:\d+)")


def _labels(value: object) -> tuple[str, ...]:
    """Return what buttons offer, as text: their labels, or what they do where they bear a picture alone."""
    buttons = value if isinstance(value, list) else []
    told = (_label(folded(button)) for button in buttons if isinstance(button, Mapping))
    return tuple(dict.fromkeys(filter(None, told)))


def _label(button: Mapping[str, object]) -> str:
    parts = [part for part in as_line(button.get("custom_id")).split("::") if part not in {"MJ", "JOB"}]
    return as_line(button.get("label")) or (parts[0].replace("_", " ") if parts else "")


class WireMidjourney(NestedWire):
    """A task of Midjourney."""

    spellings: ClassVar[Spellings] = {
        "id": ("id", "task_id", "mj_id"),
        "action": ("action",),
        "status": ("status",),
        "progress": ("progress",),
        "prompt": ("prompt", "prompt_en", "properties.final_prompt"),
        "text": ("properties.final_prompt", "properties.final_zh_prompt", "prompt_en", "prompt"),
        "image_url": ("image_url",),
        "reason": ("fail_reason",),
        "submitted": ("submit_time",),
        "started": ("start_time",),
        "finished": ("finish_time",),
        "buttons": ("buttons",),
    }

    id: Line = ""
    action: Line = ""
    status: Line = ""
    progress: Percent = None
    prompt: Paragraphs = ""
    text: Paragraphs = ""
    image_url: Address = ""
    reason: Reason = ""
    submitted: Moment = None
    started: Moment = None
    finished: Moment = None
    buttons: Annotated[tuple[str, ...], BeforeValidator(_labels)] = ()


def read_one(raw: Mapping[str, object], asked: str) -> Task | None:
    """Return the task that an object tells."""
    wire, action = WireMidjourney.model_validate(raw), as_line(raw.get("action")).upper()
    phase, videos = phase_of(WORDS, wire.status), _videos(raw)
    results = videos or [Result(_RANDOM.sub("", address)) for address in _pictures(wire, raw)]
    version, aspect = _VERSION.search(wire.prompt), _ASPECT.search(wire.prompt)
    bare_id = wire.id or own_id(asked)
    if not bare_id:
        return None
    return task_of(
        Told(
            raw=raw,
            id=bare_id,
            kind=_kind(action, has_videos=bool(videos)),
            word=wire.status,
            phase=phase,
            results=() if action in TEXTS else results,
            reason=wire.reason,
            progress=wire.progress,
            prompt="" if action == "DESCRIBE" else wire.prompt,
            model=f"{'niji ' if version[1] == 'niji' else 'mj v'}{version[2]}" if version else "",
            size=aspect[1] if aspect else "",
            submitted_at=wire.submitted,
            started_at=wire.started,
            finished_at=wire.finished,
            options=wire.buttons,
            text=wire.text if action in TEXTS and phase is Phase.DONE else "",
        )
    )


def _pictures(wire: WireMidjourney, raw: Mapping[str, object]) -> list[str]:
    """Return the address of the picture; proxies may tell one for each instead."""
    if wire.image_url:
        return [wire.image_url]
    return [result.address for result in results_in(folded(raw).get("image_urls"))]


def _kind(action: str, *, has_videos: bool) -> Kind:
    if action in TEXTS:
        return Kind.OTHER
    return Kind.VIDEO if has_videos or action == "VIDEO" else Kind.PICTURE


def _videos(raw: Mapping[str, object]) -> list[Result]:
    known = folded(raw)
    found = results_in(known.get("video_urls")) or results_in(known.get("video_url"))
    return [result._replace(address=_RANDOM.sub("", result.address)) for result in found]


def _is_answer(raw: Mapping[str, object]) -> bool:
    """Return whether an object is a task, and not one of the errors, which have a ``description`` and a ``code``."""
    return "id" in raw and "status" in raw and "code" not in raw


DIALECT = ObjectDialect(
    name="midjourney",
    ways=(
        lambda ids: Request(
            "POST", "/mj/task/list-by-condition", {"ids": [own_id(each) for each in ids]}, key_header="mj-api-secret"
        ),
        lambda ids: Request("GET", f"/mj/task/{in_url(ids[0])}/fetch", key_header="mj-api-secret"),
    ),
    several=0,
    is_answer=_is_answer,
    read_one=read_one,
)
