"""Flux: every word, also where a gateway answers with what Replicate says."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.families.flux import DIALECT
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "a7380000-0000-4000-8000-000000000000"
ASKED = (f"flux:{ID}",)
SAMPLE = "https://delivery.example/sample.jpeg"
READY = {
    "id": ID, "status": "Ready", "progress": None, "result": {
        "sample": SAMPLE, "prompt": "a boat", "seed": 9662, "start_time": 1741760930.18, "end_time": 1741760934.11,
        "duration": 3.93,
    },
}  # fmt: skip


def read(**fields: object) -> tuple[Task, ...]:
    return DIALECT.read(json.dumps({**READY, **fields}).encode(), 200, {}, ASKED, 0.0)


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("Pending", Phase.WAITING),
        ("Ready", Phase.DONE),
        ("Error", Phase.FAILED),
        ("Request Moderated", Phase.FAILED),
        ("Content Moderated", Phase.FAILED),
        ("processing", Phase.RUNNING),
        ("succeeded", Phase.DONE),
        ("canceled", Phase.FAILED),
        ("Reviewing", Phase.UNKNOWN),
    ],
)
def test_each_word(word: str, phase: Phase) -> None:
    (task,) = read(status=word)
    assert (task.id, task.kind, task.phase) == (ASKED[0], Kind.PICTURE, phase)


def test_a_picture_can_be_had_for_ten_minutes() -> None:
    (task,) = read()
    assert (task.title, task.submitted_at, task.finished_at) == ("a boat", 1741760930.0, 1741760934.0)
    assert (task.clips[0].image_url, task.expires_at) == (SAMPLE, 1741761534.0)


def test_what_was_moderated_says_so() -> None:
    (task,) = read(status="Request Moderated", result=None)
    assert (task.fail_reason, task.clips) == ("Request Moderated", ())


@pytest.mark.parametrize("status", [200, 404])
def test_a_task_that_is_not_there_any_more_is_left_out(status: int) -> None:
    body = json.dumps({"id": ID, "status": "Task not found", "result": None}).encode()
    assert DIALECT.read(body, status, {}, ASKED, 0.0) == ()


def test_a_prediction_of_replicate_is_read_as_well() -> None:
    (task,) = read(status="succeeded", result=None, output=[SAMPLE], input={"prompt": "a boat"})
    assert (task.title, task.clips[0].image_url) == ("a boat", SAMPLE)
