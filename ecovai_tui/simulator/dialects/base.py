"""What all dialects share: the envelope, the two shapes of errors, and how new-api answers where others do the same."""

from __future__ import annotations

import string
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from random import Random

from ecovai_tui.simulator.messages import Json
from ecovai_tui.simulator.parts import uuid_from
from ecovai_tui.simulator.states import KindName, TaskState


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON document and the HTTP status it comes with."""

    document: Json
    status: int = HTTPStatus.OK


class Dialect(ABC):
    """How one gateway puts tasks, ids and errors into JSON; the defaults are those of new-api."""

    name: str
    error_type = "new_api_error"
    batch_limit: int | None = None
    form_bodies_panic = False
    reads_action = True
    tells_by_video_route = False
    """``GET /v1/video/generations/ID`` tells of every task, also to a key that is limited to models."""

    @abstractmethod
    def task(self, state: TaskState) -> dict[str, Json]:
        """Return a task as this gateway's batch query lists it."""

    def new_id(self, chance: Random, kind: KindName) -> str:  # noqa: ARG002 - some gateways tell kinds apart
        """Return an id of the shape that this gateway gives out."""
        return uuid_from(chance)

    def batch(self, states: Sequence[TaskState], asked: Sequence[str]) -> Answer:
        """Answer a batch query: null when ids were asked for and none was found, as Go encodes a nil slice."""
        tasks: list[Json] = [self.task(state) for state in states[: self.batch_limit]]
        return self.success(tasks if tasks or not asked else None)

    def single(self, state: TaskState) -> Answer:
        """Answer a query for one task that exists."""
        return self.success(self.task(state))

    def unknown_id(self) -> Answer:
        """Answer a query for one task that does not exist, or belongs to another user."""
        return self.task_error("task_not_exist", "task_not_exist")

    def submitted(self, task_id: str) -> Answer:
        """Answer a submission that was accepted."""
        return self.success(task_id)

    def success(self, data: Json) -> Answer:
        """Wrap what was asked for in the envelope."""
        return Answer({"code": "success", "message": "", "data": data})

    def task_error(self, code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> Answer:
        """Answer with an error of the task layer."""
        return Answer({"code": code, "message": message, "data": None}, status)

    def refusal(self, status: int, message: str, request_id: str, code: str = "") -> Answer:
        """Answer with an error from before the task layer (key, quota, load): another shape, like OpenAI's."""
        error = {"message": f"{message} (request id: {request_id})", "type": self.error_type}
        return Answer({"error": {**error, **self.error_extras(code)}}, status)

    def error_extras(self, code: str) -> dict[str, str]:
        """Return what an error from before the task layer holds beside its message and type."""
        return {"code": code} if code else {}


def short_id(chance: Random, length: int) -> str:
    """Return letters and digits drawn from a seeded chance."""
    return "".join(chance.choices(string.ascii_letters + string.digits, k=length))
