"""A reseller's own dialect: camelCase, milliseconds, numbers as strings, and clips without a metadata object."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ecovai_tui.simulator.dialects.base import Answer, Dialect
from ecovai_tui.simulator.dialects.content import audio_url, image_url, lyrics_document, video_url
from ecovai_tui.simulator.messages import Json
from ecovai_tui.simulator.states import ClipState, KindName, TaskState

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
