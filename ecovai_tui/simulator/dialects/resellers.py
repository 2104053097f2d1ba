"""The other dialects: a reseller's flat one, a gateway behind a gateway, and Suno-API itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ecovai_tui.simulator.dialects.base import (
    Answer,
    Dialect,
    audio_url,
    content,
    image_url,
    lyrics_document,
    utc_text,
    video_url,
)
from ecovai_tui.simulator.dialects.new_api import task_fields
from ecovai_tui.simulator.http_replies import Json
from ecovai_tui.simulator.parts import uuid_from
from ecovai_tui.simulator.scripts import ClipState, KindName, TaskState

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
