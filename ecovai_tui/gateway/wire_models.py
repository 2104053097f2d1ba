"""The objects of the wire as pydantic models that accept every dialect; no reply makes them fail.

Each model names, field by field, the spellings under which gateways of this family send it; the first one that says
anything counts. ``camelCase`` is folded into ``snake_case`` before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
