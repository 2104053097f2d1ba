"""The dialects of the family: new-api of two ages, one-hub, and what resellers and Suno-API itself speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from random import Random

from ecovai_tui.simulator.dialect import (
    Answer,
    Dialect,
    audio_url,
    content,
    image_url,
    lyrics_document,
    short_id,
    utc_text,
    video_url,
)
from ecovai_tui.simulator.scripts import ClipState, Json, KindName, TaskState, uuid_from


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
    takes_uploads = False
    form_bodies_panic = True

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return the nine fields of old."""
        return task_fields(state, "", content(state))


class Ecovai(NewApi2024):
    """Ecovai: new-api of 2024 with routes of its own for uploads and for joining clips."""

    name = "ecovai"
    takes_uploads = True


class NewApi2026(Dialect):
    """new-api since February 2026: ids of its own, and twenty fields, two of them left out when empty."""

    name = "new-api-2026"
    takes_uploads = False
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
    wants_secret = True
    takes_uploads = False
    tells_prices = False
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


BATCH_CODE, SINGLE_CODE = 1, 200
WORDS = {"FAILURE": "FAIL"}
"""Where this dialect has another word for the state of a task."""


class Flat(Dialect):
    """What several resellers do, each a little of it, all at once."""

    name = "flat"

    def new_id(self, chance: Random, kind: KindName) -> str:  # noqa: ARG002 - the same for every kind
        """Return seventeen digits."""
        return f"1735{chance.randrange(10**13):013}"

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return a task in camelCase whose times are milliseconds, as strings."""
        return {
            "taskId": state.id,
            "action": state.action,
            "status": WORDS.get(state.word, state.word),
            "failReason": state.fail_reason or None,
            "submitTime": milliseconds(state.submitted),
            "startTime": milliseconds(state.started),
            "finishTime": milliseconds(state.finished),
            "progress": state.progress,
            "data": _content(state),
        }

    def batch(self, states: Sequence[TaskState], asked: Sequence[str]) -> Answer:  # noqa: ARG002 - never null here
        """Answer a batch query under the code 1."""
        return Answer({"code": BATCH_CODE, "message": "", "data": [self.task(state) for state in states]})

    def single(self, state: TaskState) -> Answer:
        """Answer a query for one task under the code 200."""
        return Answer({"code": SINGLE_CODE, "message": "", "data": self.task(state)})

    def submitted(self, task_id: str) -> Answer:
        """Answer a submission with the id under ``result``."""
        return Answer({"code": BATCH_CODE, "description": "提交成功", "result": task_id})


def milliseconds(moment: float | None) -> str:
    """Return a moment in Unix milliseconds as a string, "0" for "not yet"."""
    return str(int((moment or 0) * 1000))


def _content(state: TaskState) -> Json:
    if state.clips is not None:
        return [_clip(state, clip) for clip in state.clips]
    return lyrics_document(state) if state.text_word else None


def _clip(state: TaskState, clip: ClipState) -> dict[str, Json]:
    return {
        "id": clip.id,
        "title": state.song.title or None,
        "status": clip.word,
        "mv": clip.model,
        "modelName": clip.model,
        "tags": state.song.tags,
        "prompt": state.song.lyrics,
        "gptDescriptionPrompt": state.song.description or None,
        "duration": None if clip.duration is None else str(clip.duration),
        "audioUrl": audio_url(clip) or None,
        "videoUrl": video_url(clip) or None,
        "imageUrl": image_url(clip) or None,
        "createTime": milliseconds(state.submitted),
        "errorMessage": clip.error or None,
    }


DEEPEST = 3


class Nested(Dialect):
    """The outer task copies the inner word while it goes on, and stays at IN_PROGRESS, 100 %, when it is over."""

    name = "nested"

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return the task with one to three upstream tasks within; the verdict is that of the innermost."""
        task = task_fields(state, state.action, content(state))
        if task["data"] is None:
            return task
        for level in range(depth(state)):
            upstream = {**task, "task_id": upstream_id(state, level)}
            task = {**task_fields(state, state.action, upstream), **_late_verdict(state)}
        return task


def depth(state: TaskState) -> int:
    """Return how many upstream tasks lie within this one."""
    return 1 + state.row % DEEPEST


def upstream_id(state: TaskState, level: int) -> str:
    """Return the id that the upstream at this level gave to the task; it is of no use to a client."""
    return uuid_from(Random(f"{state.id}:{level}"))


def _late_verdict(state: TaskState) -> dict[str, Json]:
    if not state.over:
        return {}
    return {"status": "IN_PROGRESS", "progress": "100%", "fail_reason": "", "finish_time": 0}


class SunoApi(Dialect):
    """Suno-API knows no progress, counts rows, and answers a query for one task with what is in it alone."""

    name = "suno-api"
    takes_uploads = False
    tells_prices = False
    tells_quota = False
    reads_action = False

    def new_id(self, chance: Random, kind: KindName) -> str:
        """Return a UUID without dashes for a song; a lyrics task has the UUID that Suno gave it."""
        return uuid_from(chance) if kind == "lyrics" else uuid_from(chance).replace("-", "")

    def task(self, state: TaskState) -> dict[str, Json]:
        """Return a row of its table, with times of two kinds; what has a reason to fail has failed here."""
        word = "FAILURE" if state.fail_reason else state.word
        fields = {**task_fields(state, state.action, _inner(state)), "status": word}
        del fields["progress"]
        created, updated = utc_text(state.submitted), utc_text(state.changed)
        return {"id": state.row, "created_at": created, "updated_at": updated, **fields, "search_item": ""}

    def batch(self, states: Sequence[TaskState], asked: Sequence[str]) -> Answer:  # noqa: ARG002 - never null here
        """Answer a batch query: an empty list when nothing was found."""
        return self.success([self.task(state) for state in states])

    def single(self, state: TaskState) -> Answer:
        """Answer with the clips or the lyrics only: no status, no task id."""
        return self.success(_inner(state))

    def unknown_id(self) -> Answer:
        """Answer that there is no such task, under the one code for all bad requests."""
        return self.task_error("invalid_request", "task not exist")

    def refusal(self, status: int, message: str, request_id: str, code: str = "") -> Answer:  # noqa: ARG002 - unused there
        """Answer with its only shape of errors, also when the key is wrong."""
        return self.task_error("invalid_request", message, status)


def _inner(state: TaskState) -> Json:
    """Return the content; a song that has not begun already lists its clips."""
    if state.word == "NOT_START" and state.upcoming:
        return content(replace(state, clips=state.upcoming))
    return content(state)


_BY_NAME: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (NewApi2024(), NewApi2026(), OneHub(), SunoApi(), Nested(), Flat(), Ecovai())
}

DIALECTS = tuple(_BY_NAME)
"""The names of all dialects."""


def find_dialect(name: str) -> Dialect:
    """Return the dialect of this name, which must be one of ``DIALECTS``."""
    return _BY_NAME[name]
