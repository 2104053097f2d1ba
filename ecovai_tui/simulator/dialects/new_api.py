"""new-api as it was until 2025 and as it is since February 2026, and one-hub, which speaks the same."""

from __future__ import annotations

from http import HTTPStatus
from random import Random

from ecovai_tui.simulator.dialects.base import Answer, Dialect, content, short_id
from ecovai_tui.simulator.http_replies import Json
from ecovai_tui.simulator.scripts import KindName, TaskState


def seconds(moment: float | None) -> int:
    """Return a moment as these gateways send it: whole Unix seconds, 0 for "not yet"."""
    return int(moment or 0)


def task_fields(state: TaskState, action: str, data: Json) -> dict[str, Json]:
    """Return the nine fields that every version of new-api sends."""
    return {
        "task_id": state.id,
        "action": action,
        "status": state.word,
        "fail_reason": state.fail_reason,
        "submit_time": seconds(state.submitted),
        "start_time": seconds(state.started),
        "finish_time": seconds(state.finished),
        "progress": state.progress,
        "data": data,
    }


class NewApi2024(Dialect):
    """new-api from June 2024 to June 2025: it never stored the action, so ``action`` is always empty."""

    name = "new-api-2024"
    form_bodies_panic = True

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return the nine fields of old."""
        return task_fields(state, "", content(state))


class NewApi2026(Dialect):
    """new-api since February 2026: ids of its own, and twenty fields, two of them left out when empty."""

    name = "new-api-2026"
    tells_by_video_route = True

    def new_id(self, chance: Random, kind: KindName) -> str:  # noqa: ARG002 - the same for every kind
        """Return ``task_`` and 32 letters and digits: the id of the upstream stays hidden."""
        return f"task_{short_id(chance, 32)}"

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return the fields of 2026; ``result_url`` holds the reason, not an address, when a song failed."""
        extras: dict[str, Json] = {
            "id": state.row,
            "created_at": seconds(state.submitted),
            "updated_at": seconds(state.changed),
            "platform": "suno",
            "user_id": 1,
            "group": "default",
            "channel_id": 7,
            "quota": 50_000,
            "properties": {"input": state.song.description, "upstream_model_name": state.song.model},
            "username": "simulator",
        }
        if state.fail_reason:
            extras["result_url"] = state.fail_reason
        return {**extras, **task_fields(state, state.action, content(state, newer_lyrics=True))}

    def error_extras(self, code: str) -> dict[str, str]:
        """Return the code, which is there since August 2025 even when it is empty."""
        return {"code": code}


class OneHub(Dialect):
    """one-hub cuts a batch to 100 tasks without a word, and leaves ``data`` out of errors."""

    name = "one-hub"
    reads_action = False
    error_type = "one_hub_error"
    batch_limit = 100

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return the nine fields; the users of clips are taken out."""
        return task_fields(state, state.action, _without_users(content(state)))

    def unknown_id(self) -> Answer:
        """Answer 404 with an empty message."""
        return self.task_error("task_not_exist", "", HTTPStatus.NOT_FOUND)

    def task_error(self, code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> Answer:
        """Answer with an error that has no ``data`` at all."""
        return Answer({"code": code, "message": message}, status)


def _without_users(data: Json) -> Json:
    if not isinstance(data, list):
        return data
    return [{key: value for key, value in clip.items() if key != "user_id"} for clip in data]
