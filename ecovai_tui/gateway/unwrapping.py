"""The objects of the wire as models that accept every dialect, and tasks in tasks unwrapped down to clips or lyrics.

Each model names, field by field, the spellings under which gateways of this family send it; the first one that says
anything counts. ``camelCase`` is folded into ``snake_case`` before. No reply makes them fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from ecovai_tui.gateway.errors import as_reason
from ecovai_tui.gateway.fields import (
    as_address,
    as_length,
    as_line,
    as_moment,
    as_percent,
    as_tags,
    as_text,
    is_told,
    unquoted,
)
from ecovai_tui.tasks.judging import Evidence, Verdict
from ecovai_tui.tasks.model import is_audio_address

Line = Annotated[str, BeforeValidator(as_line)]
Paragraphs = Annotated[str, BeforeValidator(as_text)]
Reason = Annotated[str, BeforeValidator(as_reason)]
Tags = Annotated[str, BeforeValidator(as_tags)]
Address = Annotated[str, BeforeValidator(as_address)]
Length = Annotated[float | None, BeforeValidator(as_length)]
Percent = Annotated[float | None, BeforeValidator(as_percent)]
Moment = Annotated[float | None, BeforeValidator(as_moment)]

Spellings: TypeAlias = Mapping[str, tuple[str, ...]]
"""The names under which each field may be sent."""

METADATA_NAMES = ("metadata", "meta_data")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def folded(raw: Mapping[str, object]) -> dict[str, object]:
    """Return the object with ``snake_case`` names; where two spellings meet, one that says something wins."""
    found: dict[str, object] = {}
    for name, value in raw.items():
        folded_name = _HUMP.sub("_", name).lower()
        if folded_name not in found or not is_told(found[folded_name]):
            found[folded_name] = value
    return found


def flattened(raw: Mapping[str, object]) -> dict[str, object]:
    """Return the object with the fields of its metadata beside its own, under ``metadata.NAME``."""
    found = folded(raw)
    for name in METADATA_NAMES:
        inner = unquoted(found.pop(name, None))
        if isinstance(inner, Mapping):
            found |= {f"metadata.{key}": value for key, value in folded(inner).items()}
    return found


class Wire(BaseModel):
    """An object of the wire whose fields are found under any of several names."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True, protected_namespaces=())
    spellings: ClassVar[Spellings] = {}

    @model_validator(mode="before")
    @classmethod
    def gather(cls, raw: Mapping[str, object]) -> dict[str, object]:
        """Return one value for each field of which anything is said."""
        known = flattened(raw)
        told = {
            field: [known[name] for name in names if is_told(known.get(name))] for field, names in cls.spellings.items()
        }
        return {field: cls.chosen(field, values) for field, values in told.items() if values}

    @classmethod
    def chosen(cls, _field: str, values: Sequence[object]) -> object:
        """Return which of the values counts that a field has under its several names: the first."""
        return values[0]

    @property
    def says_anything(self) -> bool:
        """Whether any field was found."""
        return bool(self.model_fields_set)


class WireClip(Wire):
    """A clip: flat, or with half of its fields in ``metadata``."""

    spellings = {
        "id": ("id", "clip_id", "song_id"),
        "status": ("status", "state", "metadata.status"),
        "title": ("title", "metadata.title", "name"),
        "model": ("mv", "metadata.mv", "model_name", "metadata.model_name", "model", "major_model_version"),
        "tags": ("metadata.tags", "tags", "style"),
        "duration": ("metadata.duration", "duration"),
        "lyrics": ("metadata.prompt", "prompt", "text", "lyric", "lyrics", "metadata.lyrics", "metadata.text"),
        "description": ("metadata.gpt_description_prompt", "gpt_description_prompt"),
        "audio_url": ("audio_url", "metadata.audio_url", "cld2_audio_url"),
        "video_url": ("video_url", "metadata.video_url", "cld2_video_url"),
        "image_url": ("image_url", "image_large_url", "metadata.image_url", "cld2_image_url"),
        "error": ("metadata.error_message", "error_message", "metadata.error_type", "error_type", "fail_reason"),
    }

    id: Line = ""
    status: Line = ""
    title: Line = ""
    model: Line = ""
    tags: Tags = ""
    duration: Length = None
    lyrics: Paragraphs = ""
    description: Paragraphs = ""
    audio_url: Address = ""
    video_url: Address = ""
    image_url: Address = ""
    error: Reason = ""

    @classmethod
    def chosen(cls, field: str, values: Sequence[object]) -> object:
        """Return the first value, but for the audio the first that is no stand-in such as ``None.mp3``."""
        addresses = (value for value in values if isinstance(value, str) and is_audio_address(value.strip()))
        return next(addresses, values[0]) if field == "audio_url" else values[0]


class WireLyrics(Wire):
    """The result of a lyrics task: with an id, or (newer) without one but with tags."""

    spellings = {
        "status": ("status", "state"),
        "title": ("title", "name"),
        "text": ("text", "lyric", "lyrics"),
        "tags": ("tags", "metadata.tags"),
        "error": ("error_message", "metadata.error_message", "error_type", "fail_reason"),
    }

    status: Line = ""
    title: Line = ""
    text: Paragraphs = ""
    tags: Tags = ""
    error: Reason = ""


class WireTask(Wire):
    """One layer of a task: what one gateway of a chain says of it, without its data.

    ``result_url`` (new-api since 2026) is not read: on a failed task it holds the error sentence instead of an address.
    """

    spellings = {
        "id": ("task_id", "id"),
        "action": ("action",),
        "status": ("status", "task_status", "state"),
        "fail_reason": ("fail_reason", "error_message", "task_status_msg"),
        "submitted": ("submit_time", "submitted_at"),
        "created": ("created_at", "create_time"),
        "started": ("start_time", "started_at"),
        "finished": ("finish_time", "finished_at"),
        "progress": ("progress",),
    }

    id: Line = ""
    action: Line = ""
    status: Line = ""
    fail_reason: Reason = ""
    submitted: Moment = None
    created: Moment = None
    started: Moment = None
    finished: Moment = None
    progress: Percent = None


DEEPEST = 8
"""Layers or wrappers that are opened; four have been seen."""

TASK_MARKS = frozenset({"task_id", "action", "fail_reason", "submit_time", "finish_time", "progress", "code"})
ADDRESS_MARKS = frozenset({"audio_url", "video_url", "image_url", "image_large_url"})
CLIP_MARKS = ADDRESS_MARKS | {"metadata", "meta_data", "model_name", "mv", "duration"}
TEXT_MARKS = frozenset({"text", "lyric", "lyrics"})
STATUS_MARKS = frozenset({"status", "state"})

CLIP_LISTS = ("clips", "songs", "suno_data", "tracks", "clip", "song")
"""Names under which clips lie and nothing else."""

LISTS = ("data", "result", "results", "output", "outputs", "response", "items", "list", "tasks", "records")
"""Names under which anything may lie."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A task taken out of its wrappers."""

    layers: Sequence[WireTask]
    """From the gateway that we asked to the one nearest to Suno; never empty."""
    content: object
    """Its data: clips, lyrics or nothing."""
    too_deep: bool = False

    @property
    def verdict_layer(self) -> WireTask:
        """The layer that decides: the innermost with a final word, else with one that we know, else with any."""
        inwards = list(reversed(self.layers))
        spoken = [layer for layer in inwards if layer.status]
        final = [layer for layer in inwards if verdict_of_layer(layer).final]
        known = [layer for layer in spoken if verdict_of_layer(layer) is not Verdict.UNHEARD_OF]
        return next(iter([*final, *known, *spoken, self.layers[0]]))


def unwrap(raw: Mapping[str, object]) -> Unwrapped:
    """Return the layers of a task and what is inside the innermost one."""
    layers: list[WireTask] = []
    content: object = raw
    while len(layers) < DEEPEST:
        layer, inner = _opened(content, outermost=not layers)
        if layer is None:
            return Unwrapped(layers, inner)
        layers.append(layer)
        content = inner
    return Unwrapped(layers, None, too_deep=True)


def verdict_of_layer(layer: WireTask) -> Verdict:
    """Return what one gateway of the chain says, a stopped task with a reason counting as failed."""
    return Evidence(status=layer.status, fail_reason=layer.fail_reason, progress=layer.progress).verdict


def has_clip_marks(raw: Mapping[str, object]) -> bool:
    """Return whether an object has fields that only clips have."""
    return not CLIP_MARKS.isdisjoint(folded(raw))


def is_task(value: object) -> bool:
    """Return whether a value is a task rather than a clip or lyrics, also one that came without data."""
    if is_wrapper(value):
        return True
    if not isinstance(value, Mapping) or has_clip_marks(value):
        return False
    return "task_id" in folded(value) and not has_text(value)


def is_wrapper(value: object) -> bool:
    """Return whether a value is a task with data of its own, or an envelope around one."""
    if not isinstance(value, Mapping):
        return False
    names = folded(value).keys()
    if "data" not in names and not wraps_clips(value):
        return False
    return not TASK_MARKS.isdisjoint(names) or ("status" in names and not has_clip_marks(value))


def has_text(raw: Mapping[str, object]) -> bool:
    """Return whether an object has a field that lyrics have."""
    return not TEXT_MARKS.isdisjoint(folded(raw))


def things_in(value: object, key: str = "", depth: int = DEEPEST) -> Iterator[object]:
    """Yield the single things of a list, of wrappers around one, of an object keyed by id, or the one thing itself.

    A thing without an id is given the ``key`` under which it lies.
    """
    value = unquoted(value)
    if depth and isinstance(value, list):
        for item in value:
            yield from things_in(item, depth=depth - 1)
    elif depth and isinstance(value, Mapping) and (parts := parts_of(value)):
        for name, part in parts:
            yield from things_in(part, name, depth - 1)
    elif key and isinstance(value, Mapping):
        yield {"id": key, **{name: item for name, item in value.items() if is_told(item)}}
    else:
        yield value


def parts_of(raw: Mapping[str, object]) -> Sequence[tuple[str, object]]:
    """Return what an object holds that is no more than a wrapper, with the ids as its keys; nothing for a thing."""
    inner = _wrapped(raw)
    if inner is not None:
        return [("", inner)]
    values = {name: unquoted(value) for name, value in raw.items() if value is not None}
    objects = [(name, value) for name, value in values.items() if isinstance(value, Mapping)]
    if has_clip_marks(raw) or not _are_keyed(raw, objects, len(values)):
        return _only_list(raw, values)
    return objects


def wraps_clips(raw: Mapping[str, object]) -> bool:
    """Return whether an object that is no clip itself holds clips, and not rows of tasks."""
    if any(is_told(value) for name, value in folded(raw).items() if name in CLIP_LISTS):
        return _wrapped(raw) is not None
    inner = _wrapped(raw)
    return inner is not None and _holds_clips(inner)


def _are_keyed(raw: Mapping[str, object], objects: Sequence[tuple[str, Mapping[str, object]]], told: int) -> bool:
    """Return whether these objects, of so many fields that tell anything, lie in another by their ids."""
    if not objects or len(objects) == told:
        return bool(objects)
    alike = any(has_clip_marks(item) or not STATUS_MARKS.isdisjoint(folded(item)) for _, item in objects)
    return alike and folded(raw).keys().isdisjoint({"id", *STATUS_MARKS})


def _only_list(raw: Mapping[str, object], values: Mapping[str, object]) -> Sequence[tuple[str, object]]:
    """Return the list of clips that an object holds under a name that we do not know."""
    if has_clip_marks(raw) or has_text(raw):
        return ()
    return [("", value) for value in values.values() if isinstance(value, list) and _holds_clips(value)][:1]


def _wrapped(raw: Mapping[str, object]) -> object:
    """Return what a wrapper holds under a name that we know; a clip or a text is none unless there are clips in it."""
    known = folded(raw)
    single = not known.keys().isdisjoint(ADDRESS_MARKS | TEXT_MARKS)
    for name in (*CLIP_LISTS, *LISTS):
        inner = unquoted(known.get(name))
        if isinstance(inner, list | Mapping) and inner and (not single or _holds_clips(inner)):
            return inner
    return None


def _holds_clips(value: object, depth: int = DEEPEST) -> bool:
    value = unquoted(value)
    if isinstance(value, Mapping):
        if has_clip_marks(value) or not TASK_MARKS.isdisjoint(folded(value)):
            return has_clip_marks(value)
        value = list(value.values())
    return depth > 0 and isinstance(value, list) and any(_holds_clips(item, depth - 1) for item in value)


def _opened(content: object, *, outermost: bool) -> tuple[WireTask | None, object]:
    """Return the layer that the content is and its data; no layer and the content itself where it is none."""
    content = unquoted(content)
    if isinstance(content, list) and content and all(map(is_wrapper, content)):
        content = content[0]
    if not isinstance(content, Mapping) or not (outermost or is_task(content)):
        return None, content
    return WireTask.model_validate(content), _inside(content)


def _inside(task: Mapping[str, object]) -> object:
    """Return what a task holds: its data, or what lies in their place, or the clip or text that the task itself is."""
    inner, known = _wrapped(task), folded(task)
    if inner is not None:
        return inner
    if "data" in known or "result" in known:
        return next((known[name] for name in ("data", "result") if is_told(known.get(name))), None)
    return task if has_clip_marks(task) or has_text(task) else None
