"""Ids in replies of a gateway and in other JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ecovai_tui.commands.shared.id_shapes import is_word_for_nothing, looks_like_id, trimmed
from ecovai_tui.tasks.model import is_id

CARRIERS = frozenset({"data", "result"})
"""What holds the answer in a reply of the gateway."""

_TASK_KEYS = frozenset({"kind", "action", "clips"})
_CLIP_KEYS = frozenset({"audio_url", "video_url", "image_url", "metadata", "model_name"})
_GOOD_CODES = frozenset({"success", "ok", "true", "0", "1", "21", "22", "200", "201", "202"})
"""What stands under ``code`` in a good reply; 21 and 22 are Midjourney's words for "known already" and "queued"."""
_STATUS_WORDS = frozenset({"success", "succeeded", "ok", "fail", "failed", "error", "pending", "queued", "submitted"})
_MESSAGE_KEYS = ("message", "msg", "description", "detail")
_LOG_KEYS = frozenset({"level", "lvl", "severity", "levelname", "ts", "logger", "caller"})


class Refusal(NamedTuple):
    """A reply of the gateway that says that it did not do what was asked."""

    reply: Mapping[str, object]


def own_id(value: Mapping[str, object]) -> str:
    """Return the id of the task that an object is, or of the one that a reply to a submit names; else ""."""
    if "audio_url" in value:
        return ""
    named = next(filter(None, (as_id(part) for key, part in value.items() if folded(key) == "taskid")), "")
    if named:
        return named
    identity = as_id(value.get("id"))
    if _TASK_KEYS & value.keys() or (identity.startswith("task_") and looks_like_id(identity) and is_no_clip(value)):
        return identity
    return next(filter(None, (as_id(value.get(key)) for key in sorted(CARRIERS))), "") if is_good(value) else ""


def is_no_clip(value: Mapping[str, object]) -> bool:
    """Return whether an object has none of the fields that only songs have."""
    return _CLIP_KEYS.isdisjoint(value)


def is_good(value: Mapping[str, object]) -> bool:
    """Return whether an object is a reply of the gateway that speaks of success."""
    word = value.get("code", value.get("success"))
    return isinstance(word, str | int) and str(word).lower() in _GOOD_CODES


def is_refusal(value: Mapping[str, object]) -> bool:
    """Return whether an object is a reply of the gateway that speaks of failure, and not a line of somebody's log."""
    if _LOG_KEYS & value.keys() or not is_no_clip(value):
        return False
    if value.get("error") and isinstance(value["error"], str | dict):
        return True
    says_why = any(isinstance(value.get(key), str | dict) and value[key] for key in _MESSAGE_KEYS)
    if "code" in value or "success" in value:
        told = value.get("code", value.get("success"))
        return not is_good(value) and (says_why or (isinstance(told, str) and told != "" and value.get("data") is None))
    return says_why and (str(value.get("status")).lower() in {"error", "fail"} or value.keys() == {"detail"})


def is_envelope(value: Mapping[str, object]) -> bool:
    """Return whether an object is a reply of the gateway, whose texts are words and no log."""
    return "code" in value or "type" in value


def folded(key: str) -> str:
    """Return a name as all its ways of writing read: task_id, taskId, TaskID and task-id are one."""
    return key.replace("_", "").replace("-", "").lower()


def as_id(value: object) -> str:
    """Return a value as an id if it can be one: 1 to 191 visible ASCII characters; numbers are taken too."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    text = text if is_id(text) else trimmed(text)
    return text if is_id(text) and text.lower() not in _STATUS_WORDS and not is_word_for_nothing(text) else ""
