"""one-hub: the same wire format from another house, with its own errors and a silent limit."""

from __future__ import annotations

from http import HTTPStatus

from ecovai_tui.simulator.dialects.base import Answer, Dialect
from ecovai_tui.simulator.dialects.content import content
from ecovai_tui.simulator.dialects.new_api import task_fields
from ecovai_tui.simulator.messages import Json
from ecovai_tui.simulator.states import TaskState


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
