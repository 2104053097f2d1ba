"""Ids in documents: replies, other JSON, and our own CSV and Markdown."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ecovai_tui.commands.export import CSV_COLUMNS, MARKDOWN_TITLE, read_cell
from ecovai_tui.commands.shared.id_shapes import is_word_for_nothing, looks_like_id, trimmed
from ecovai_tui.tasks.model import is_id

_CSV_HEADING = ",".join(CSV_COLUMNS)
_ID_LINE = re.compile(r"(`+) ?([!-~]+) ?\1 · ")
_OTHER_LINES = ("#", "- ", "    ")


class Reader(Protocol):
    """Reads one export, line by line."""

    def take(self, line: str) -> list[str] | None:
        """Return the ids in a line; None when the export is over and the line belongs to something else."""


def reader_of(heading: str) -> Reader | None:
    """Return what reads the export that begins with this line, None if none does."""
    if heading.rstrip() == _CSV_HEADING:
        return _Sheet()
    return _Page() if heading.startswith(MARKDOWN_TITLE) else None


class _Sheet:
    """CSV: the first cell of each record, which may go over several lines."""

    def __init__(self) -> None:
        self._record = ""

    def take(self, line: str) -> list[str] | None:
        """Return the ids that a line completes; None where it is no line of such a file."""
        self._record += f"{line}\n"
        if self._record.count('"') % 2:
            return []
        record, self._record = self._record, ""
        cells = next(csv.reader([record.strip("\r\n")], strict=False), [])
        if record.strip() in {_CSV_HEADING, ""}:
            return []
        return [read_cell(cells[0])] if len(cells) == len(CSV_COLUMNS) else None


class _Page:
    """Markdown: the word in code type at the beginning of a line."""

    def take(self, line: str) -> list[str] | None:
        """Return the id that a line begins with, if any; None where it is no line of such a file."""
        if not line.strip() or line.startswith(_OTHER_LINES):
            return []
        found = _ID_LINE.match(line)
        return [found[2]] if found else None


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
