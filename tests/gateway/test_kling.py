"""Kling: every word, and every shape in which gateways pass it on."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.kling import DIALECT
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "827000000000000001"
VIDEO, PICTURE = f"kling/text2video:{ID}", f"kling/generations:{ID}"
TASK = {
    "task_id": ID, "task_status": "succeed", "task_status_msg": "", "task_info": {"external_task_id": ""},
    "created_at": 1760000000123, "updated_at": 1760000140456, "final_unit_deduction": "2.5",
    "task_result": {
        "videos": [{"id": "v1", "url": "https://cdn.example/v.mp4", "watermark_url": "", "duration": "5.1"}],
        "images": [],
    },
}  # fmt: skip


def read(document: object, asked: str = VIDEO, status: int = 200) -> tuple[Task, ...]:
    return DIALECT.read(json.dumps(document).encode(), status, {}, (asked,), 0.0)


def read_task(asked: str = VIDEO, **fields: object) -> Task:
    data = {**TASK, **fields}
    (task,) = read({"code": 0, "message": "SUCCEED", "request_id": "r1", "data": data}, asked)
    return task


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("submitted", Phase.WAITING),
        ("processing", Phase.RUNNING),
        ("succeed", Phase.DONE),
        ("failed", Phase.FAILED),
        ("reviewing", Phase.UNKNOWN),
    ],
)
def test_each_word(word: str, phase: Phase) -> None:
    assert read_task(task_status=word).phase is phase


def test_a_video() -> None:
    task = read_task()
    assert (task.id, task.kind, task.submitted_at, task.finished_at) == (VIDEO, Kind.VIDEO, 1760000000.0, 1760000140.0)
    (clip,) = task.clips
    assert (clip.id, clip.video_url, clip.duration) == (ID, "https://cdn.example/v.mp4", 5.1)


def test_pictures() -> None:
    images = [{"index": n, "url": f"https://cdn.example/{n}.png"} for n in range(2)]
    task = read_task(PICTURE, task_result={"images": images})
    assert (task.kind, [clip.image_url for clip in task.clips]) == (
        Kind.PICTURE, ["https://cdn.example/0.png", "https://cdn.example/1.png"],
    )  # fmt: skip
    assert read_task(PICTURE, task_status="processing", task_result=None).kind is Kind.PICTURE


def test_a_failure_gives_its_reason() -> None:
    task = read_task(task_status="failed", task_status_msg="content risk", task_result={})
    assert (task.fail_reason, task.clips) == ("content risk", ())


def test_one_hub_has_no_data_before_it_has_asked_kling_itself() -> None:
    (task,) = read({"code": 0, "message": "", "request_id": ""})
    assert (task.id, task.phase, task.status) == (VIDEO, Phase.WAITING, "")


def test_stock_new_api_answers_with_a_row() -> None:
    row = {"task_id": ID, "platform": "50", "action": "textGenerate", "status": "IN_PROGRESS", "progress": "30%"}
    (task,) = read({"code": "success", "message": "", "data": {**row, "data": {"code": 0, "data": TASK}}})
    assert (task.id, task.phase, task.progress) == (VIDEO, Phase.RUNNING, None)


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (404, {"code": "task_not_exist", "message": ""}),
        (400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
    ],
)
def test_an_id_that_is_not_known_is_left_out(status: int, document: object) -> None:
    assert read(document, status=status) == ()


def test_an_error_of_klings_own_says_nothing_of_the_id() -> None:
    with pytest.raises(GatewayError) as caught:
        read({"code": 1303, "message": "parallel task over resource pack limit", "request_id": "r1"})
    assert caught.value.problem is Problem.REJECTED
    assert "resource pack" in caught.value.detail


def test_the_requests() -> None:
    paths = [way((f"kling:{ID}",)).path for way in DIALECT.ways]
    assert paths == [
        f"/kling/v1/videos/text2video/{ID}", f"/kling/v1/videos/image2video/{ID}", f"/v1/video/generations/{ID}",
    ]  # fmt: skip
    assert DIALECT.ways[0]((PICTURE,)).path == f"/kling/v1/images/generations/{ID}"
