"""A gateway behind a gateway: what it passes on as ``data`` is the upstream's whole task, up to three deep."""

from __future__ import annotations

from random import Random

from ecovai_tui.simulator.dialects.base import Dialect
from ecovai_tui.simulator.dialects.content import content
from ecovai_tui.simulator.dialects.new_api import task_fields
from ecovai_tui.simulator.messages import Json
from ecovai_tui.simulator.parts import uuid_from
from ecovai_tui.simulator.states import TaskState

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
