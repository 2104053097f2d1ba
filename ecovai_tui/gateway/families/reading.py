"""What readers of pictures and videos share: nested fields, results, their addresses, and rows of new-api's table."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from pydantic import model_validator

from ecovai_tui.gateway.fields import as_address, as_line, as_moment, as_number, is_told, source_of, unquoted
from ecovai_tui.gateway.unwrapping import (
    Address,
    Length,
    Line,
    Moment,
    Paragraphs,
    Percent,
    Reason,
    Spellings,
    Wire,
    folded,
)
from ecovai_tui.tasks.judging import CANCEL_WORDS, CANCELLED, TASK_WORDS, WORD_PHASES, spelled
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task, is_web_address

DEEPEST = 6
MOST_RESULTS = 32
"""Results that are kept of one task; nobody makes more than a handful."""


class NestedWire(Wire):
    """An object of the wire whose fields may lie deeper: ``video.url`` is ``url`` of what lies under ``video``."""

    @model_validator(mode="before")
    @classmethod
    def gather(cls, raw: Mapping[str, object]) -> dict[str, object]:
        """Return one value for each field of which anything is said."""
        outer = folded(raw)
        told = {field: [value_at(outer, name) for name in names] for field, names in cls.spellings.items()}
        known = {field: [value for value in values if is_told(value)] for field, values in told.items()}
        return {field: cls.chosen(field, values) for field, values in known.items() if values}


def value_at(known: Mapping[str, object], path: str) -> object:
    """Return what lies in an object with folded names at a path of names joined by dots; None for nothing."""
    name, *deeper = path.split(".")
    value = known.get(name)
    for name in deeper:
        value = unquoted(value)
        value = folded(value).get(name) if isinstance(value, Mapping) else None
    return value


class WireResult(Wire):
    """One file that a task made."""

    spellings: ClassVar[Spellings] = {
        "cover": ("thumbnail", "thumbnail_url", "poster", "cover_url", "cover_image_url", "last_frame"),
        "duration": ("duration", "seconds"),
        "width": ("width",),
        "height": ("height",),
        "size": ("size", "resolution"),
    }

    cover: Address = ""
    duration: Length = None
    width: Line = ""
    height: Line = ""
    size: Line = ""


class Result(NamedTuple):
    """One file that a task made, read."""

    address: str
    size: str = ""
    duration: float | None = None
    cover: str = ""


_ADDRESS_NAMES = (
    "download_url",
    "url",
    "video_url",
    "video",
    "image_url",
    "image",
    "sample",
    "result_url",
    "output_url",
)
"""Names of the address itself, the one without a watermark first."""

_HOLDERS = (
    "task_result", "videos", "images", "video", "image", "assets", "output", "outputs", "result", "results",
    "content", "creations", "data", "generations", "metadata", "items",
)  # fmt: skip
"""Names under which results lie, and not what was given to the task."""


def results_in(value: object, depth: int = DEEPEST) -> list[Result]:
    """Return the files that lie in a value, wherever: an address, an object of one, or a list or a wrapper of these."""
    return list(_results(value, depth))[:MOST_RESULTS]


def _results(value: object, depth: int) -> Iterator[Result]:
    value = unquoted(value)
    if isinstance(value, str) and as_address(value):
        yield Result(as_address(value))
    elif depth and isinstance(value, list):
        for item in value[:MOST_RESULTS]:
            yield from _results(item, depth - 1)
    elif depth and isinstance(value, Mapping):
        yield from _results_of_object(folded(value), depth)


def _results_of_object(known: Mapping[str, object], depth: int) -> Sequence[Result]:
    address = next(filter(None, (as_address(known.get(name)) for name in _ADDRESS_NAMES)), "")
    if address:
        wire = WireResult.model_validate(known)
        pixels = f"{wire.width}x{wire.height}" if wire.width and wire.height else wire.size
        return [Result(address, pixels, wire.duration, wire.cover)]
    found = (results_in(known.get(name), depth - 1) for name in _HOLDERS)
    return next(filter(None, found), [])


_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")


def is_picture(address: str) -> bool:
    """Return whether an address leads to a picture, by how its path ends."""
    try:
        return urlsplit(address).path.lower().endswith(_PICTURES)
    except ValueError:
        return False


class Told(NamedTuple):
    """What the object of a picture's or a video's task says, in the words of its family."""

    raw: Mapping[str, object]
    id: str
    kind: Kind
    word: str
    phase: Phase
    results: Sequence[Result] = ()
    reason: str = ""
    progress: float | None = None
    """Per cent, only where it is measured."""
    prompt: str = ""
    model: str = ""
    size: str = ""
    """Of the results that do not tell their own."""
    duration: float | None = None
    """Of the results that do not tell their own, in seconds."""
    lives: float | None = None
    """Until when its addresses work where they do not say so themselves."""
    submitted_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    options: tuple[str, ...] = ()
    text: str = ""


def phase_of(words: Mapping[str, Phase], word: str) -> Phase:
    """Return the phase of a word in the table of its family."""
    return words.get(spelled(word), Phase.UNKNOWN)


def task_of(told: Told) -> Task:
    """Return the Task: what it made counts once it is done, and what shows before is a preview."""
    failed = told.phase is Phase.FAILED
    cancelled = CANCELLED if spelled(told.word) in CANCEL_WORDS else ""
    return Task(
        id=told.id,
        kind=told.kind,
        phase=told.phase,
        status=told.word,
        fail_reason=(told.reason or cancelled) if failed else "",
        submitted_at=told.submitted_at,
        started_at=told.started_at,
        finished_at=told.finished_at if told.phase.final else None,
        clips=_clips(told),
        lyrics=Lyrics(text=told.text) if told.kind is Kind.OTHER and told.phase is Phase.DONE else None,
        source=source_of(told.raw),
        progress=_measured(told),
        prompt=told.prompt,
        options=told.options,
    )


def _measured(told: Told) -> float | None:
    if told.progress is None or told.phase is not Phase.RUNNING:
        return None
    return min(100.0, max(0.0, told.progress))


def _clips(told: Told) -> tuple[Clip, ...]:
    if told.phase not in {Phase.RUNNING, Phase.DONE}:
        return ()
    unique = {result.address: result for result in told.results}
    return tuple(_clip(told, result, number, len(unique)) for number, result in enumerate(unique.values(), 1))


def _clip(told: Told, result: Result, number: int, count: int) -> Clip:
    of_video = told.kind is Kind.VIDEO and not is_picture(result.address)
    return Clip(
        id=told.id if count == 1 else f"{told.id}-{number}",
        phase=told.phase,
        status=told.word,
        model=told.model,
        duration=(result.duration or told.duration) if of_video else None,
        video_url=result.address if of_video else "",
        image_url=result.cover if of_video else result.address,
        kind=Kind.VIDEO if of_video else Kind.PICTURE,
        size=result.size or told.size,
        expires_at=expiry_of(result.address) or told.lives,
    )


def joined(*texts: object) -> str:
    """Return the first of some texts that says anything, as one clean line."""
    return next(filter(None, map(as_line, texts)), "")


_LATEST = 4e9
"""Unix seconds: what lies beyond is no moment."""

_HEX = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)


def expiry_of(address: str) -> float | None:
    """Return until when an address works, in whole Unix seconds, by the ways of Discord, Amazon, Azure and tokens."""
    try:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}
    except ValueError:
        return None
    moments = (_discord(query), _amazon(query), as_moment(query.get("expires")), _azure(query), _token(query))
    return next((float(int(moment)) for moment in moments if moment is not None and 0 < moment < _LATEST), None)


def _discord(query: Mapping[str, str]) -> float | None:
    """Return what Discord writes as hex seconds into ``ex``."""
    told = query.get("ex", "")
    return float(int(told, 16)) if _HEX.fullmatch(told) else None


def _amazon(query: Mapping[str, str]) -> float | None:
    """Return the moment of signing and the seconds from then on."""
    seconds = as_number(query.get("x-amz-expires"))
    try:
        signed = datetime.strptime(query.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return None if seconds is None else signed.timestamp() + seconds


def _azure(query: Mapping[str, str]) -> float | None:
    return as_moment(query.get("se")) if "sig" in query else None


def _token(query: Mapping[str, str]) -> float | None:
    """Return when the token runs out with which Runway signs."""
    payload = query.get("_jwt", "").split(".")
    if len(payload) != 3:  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(payload[1] + "=="))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return as_moment(told.get("exp")) if isinstance(told, Mapping) else None


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
    results = _row_results(wire, raw)
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


def _row_results(wire: WireRow, raw: Mapping[str, object]) -> list[Result]:
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
