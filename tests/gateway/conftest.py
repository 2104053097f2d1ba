"""Replies as the tests build them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ecovai_tui.gateway.replies import read_batch
from ecovai_tui.tasks.model import Task

SAMPLES = Path(__file__).parents[1] / "samples"

ReadTask = Callable[..., Task]


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """Give the bytes of a sample reply by its name."""
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture
def read() -> ReadTask:
    """Read one task with the given fields out of a batch reply."""

    def read_fields(**fields: object) -> Task:
        body = json.dumps({"code": "success", "message": "", "data": [{"task_id": "t1", **fields}]}).encode()
        (task,) = read_batch(body, 200, {})
        return task

    return read_fields
