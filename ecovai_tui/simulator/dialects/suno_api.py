"""Suno-API, the Go program that new-api was written for: what a client meets when it asks the backend itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ecovai_tui.simulator.dialects.base import Answer, Dialect
from ecovai_tui.simulator.dialects.content import content, utc_text
from ecovai_tui.simulator.dialects.new_api import task_fields
from ecovai_tui.simulator.messages import Json
from ecovai_tui.simulator.parts import uuid_from
from ecovai_tui.simulator.states import KindName, TaskState


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
