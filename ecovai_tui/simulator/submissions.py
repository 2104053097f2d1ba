"""Submissions as the gateway reads them: which task begins, with which song, or why none does, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ecovai_tui.simulator.replies import read_object
from ecovai_tui.simulator.scripts import ARTIST_REASON, Json, Script, find_script
from ecovai_tui.simulator.songs import INSTRUMENTAL, RAIN_VERSES, Song
from ecovai_tui.simulator.world import PRICE, Taken

FIELDS = {
    "gpt_description_prompt": "text", "prompt": "text", "mv": "text", "title": "text", "tags": "text",
    "continue_at": "number", "continue_clip_id": "text", "task_id": "text", "make_instrumental": "flag",
}  # fmt: skip
"""The fields of new-api's ``SunoSubmitReq``; all others are dropped without a word."""

CONCAT, UPLOAD = "CONCAT", "uploads/audio-url"
SCRIPTS_BY_ACTION = {"MUSIC": "song", "LYRICS": "lyrics", CONCAT: "single-clip"}
DEFAULT_MODEL = "chirp-v3-0"
FORBIDDEN_ARTIST = ARTIST_REASON.rpartition(" ")[2]
TITLE_WORDS = 6


class RejectedError(Exception):
    """The gateway does not take a submission; ``code`` and ``message`` are what it answers, with status 400."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Submission:
    """A task to begin."""

    script: Script
    song: Song


def read_submission(action: str, body: bytes, known_ids: Collection[str]) -> Submission:
    """Read a submission; raises BadBodyError or RejectedError. The name of a famous band makes the task fail."""
    if action == UPLOAD:
        return _upload(read_object(body, {"url": "text"}))
    fields = read_object(body, FIELDS | {"clip_id": "text", "is_infill": "flag"})
    if action.upper() == CONCAT and not fields.get("clip_id"):
        raise RejectedError("invalid_request", "clip_id is empty")
    if action.upper() not in SCRIPTS_BY_ACTION:
        raise RejectedError("invalid_request", "invalid_action")
    if action.upper() == "LYRICS" and not fields.get("prompt"):
        raise RejectedError("invalid_request", "prompt_empty")
    _check_origin(_text(fields, "continue_clip_id"), _text(fields, "task_id"), known_ids)
    return Submission(_script(action, fields), _song(fields))


def _upload(fields: dict[str, Json]) -> Submission:
    url = _text(fields, "url")
    if not url.startswith(("http://", "https://")):
        raise RejectedError("invalid_request", "url_empty")
    name = url.rpartition("/")[2]
    return Submission(find_script("single-clip"), Song(name, "", INSTRUMENTAL))


def _check_origin(clip_id: str, task_id: str, known_ids: Collection[str]) -> None:
    if clip_id and not task_id:
        raise RejectedError("invalid_request", "task id is empty")
    if task_id and task_id not in known_ids:
        raise RejectedError("task_not_exist", "task_origin_not_exist")


def _script(action: str, fields: dict[str, Json]) -> Script:
    wish = " ".join(_text(fields, name) for name in ("gpt_description_prompt", "prompt", "title", "tags"))
    if action.upper() == "MUSIC" and FORBIDDEN_ARTIST in wish.lower():
        return find_script("artist-name")
    return find_script(SCRIPTS_BY_ACTION[action.upper()])


def _song(fields: dict[str, Json]) -> Song:
    """Return the song that was wished for: a description makes Suno ignore title, tags and lyrics."""
    description, model = _text(fields, "gpt_description_prompt"), _text(fields, "mv") or DEFAULT_MODEL
    lyrics = INSTRUMENTAL if fields.get("make_instrumental") else RAIN_VERSES
    if description:
        return Song(_title_of(description), "pop", lyrics, description, model)
    prompt = _text(fields, "prompt")
    title = _text(fields, "title") or _title_of(prompt)
    return Song(title, _text(fields, "tags"), prompt or lyrics, model=model)


def _title_of(text: str) -> str:
    words = [word for word in text.split() if not word.startswith("[")]
    return " ".join(words[:TITLE_WORDS]).title()


def _text(fields: dict[str, Json], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


QUOTA_PER_DOLLAR = 500_000
MODELS = {"music": "suno_music", "lyrics": "suno_lyrics"}


def prices() -> Json:
    """Return the answer of ``/api/pricing``: a price for each call (``quota_type`` 1), and the ratio of each group."""
    models: list[Json] = [
        {
            "model_name": name,
            "quota_type": 1,
            "model_ratio": 0,
            "model_price": PRICE,
            "owner_by": "",
            "completion_ratio": 0,
            "enable_groups": ["default"],
        }
        for name in MODELS.values()
    ]
    return {"success": True, "data": models, "group_ratio": {"default": 1}, "usable_group": {"default": "default"}}


def spendings(taken: Sequence[Taken]) -> Json:
    """Return the answer of ``/api/log/token``: a line of type 2 for each submission, the newest first."""
    lines: list[Json] = [
        {
            "id": number,
            "created_at": int(each.at),
            "type": 2,
            "content": "",
            "username": "simulator",
            "token_name": "simulator",
            "model_name": MODELS.get(each.kind, "suno_music"),
            "quota": round(PRICE * QUOTA_PER_DOLLAR),
            "use_time": 1,
            "other": json.dumps({"is_task": True, "model_price": PRICE, "group_ratio": 1}),
        }
        for number, each in enumerate(taken, 1)
    ]
    return {"success": True, "message": "", "data": lines[::-1]}
