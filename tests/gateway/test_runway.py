"""Runway: its own API, the feed of resellers with its doubtful digits, and rows in the place of both."""

from __future__ import annotations

import base64
import json

import pytest

from ecovai_tui.gateway.families.runway import DIALECT
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "17f20000-0000-4000-8000-000000000000"
ASKED = (f"runway:{ID}",)
OWN = {"id": ID, "status": "RUNNING", "createdAt": "2026-10-01T12:00:00.000Z", "progress": 0.42}
FEED = {
    "task_id": ID, "state": "succeeded", "status": "3", "prompt": "a boat", "prompt_en": "a boat",
    "video_url": "https://runwaycdn.example/v.mp4", "poster": None, "last_frame": None, "msg": None, "point": "320",
    "refund": "0", "create_time": "1734078348", "update_time": "1734078418",
}  # fmt: skip


def read(document: object) -> Task:
    (task,) = DIALECT.read(json.dumps(document).encode(), 200, {}, ASKED, 0.0)
    return task


def read_feed(**fields: object) -> Task:
    return read({"code": 200, "msg": "成功", "data": {**FEED, **fields}, "exec_time": 0})


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("PENDING", Phase.WAITING),
        ("THROTTLED", Phase.WAITING),
        ("RUNNING", Phase.RUNNING),
        ("SUCCEEDED", Phase.DONE),
        ("FAILED", Phase.FAILED),
        ("CANCELLED", Phase.FAILED),
        ("REVIEWING", Phase.UNKNOWN),
    ],
)
def test_each_word(word: str, phase: Phase) -> None:
    assert read({**OWN, "status": word}).phase is phase
    assert read({"task": {**OWN, "status": word}}).phase is phase


def test_progress_is_measured_while_it_runs() -> None:
    task = read(OWN)
    assert (task.id, task.kind, task.progress, task.submitted_at) == (ASKED[0], Kind.VIDEO, 42.0, 1790856000.0)


def test_a_video_says_until_when_it_can_be_had() -> None:
    payload = base64.urlsafe_b64encode(b'{"exp":1790942400}').rstrip(b"=").decode()
    address = f"https://cdn.example/output.mp4?_jwt=h.{payload}.s"
    task = read({"id": ID, "status": "SUCCEEDED", "createdAt": "2026-10-01T12:00:00.000Z", "output": [address]})
    assert (task.clips[0].video_url, task.expires_at) == (address, 1790942400.0)


def test_a_failure_gives_its_reason() -> None:
    task = read({**OWN, "status": "FAILED", "failure": "moderated", "failureCode": "SAFETY.INPUT.TEXT"})
    assert task.fail_reason == "moderated"
    assert read({**OWN, "status": "CANCELLED"}).fail_reason == "cancelled"


GIVEN_BACK = {"video_url": None, "refund": "1", "msg": "moderated"}


@pytest.mark.parametrize(
    ("fields", "phase"),
    [
        ({"status": "0", "state": "pending", "video_url": None}, Phase.WAITING),
        ({"status": "1", "state": "running", "video_url": None}, Phase.RUNNING),
        ({}, Phase.DONE),
        ({"status": "2"}, Phase.DONE),
        ({"status": "2", **GIVEN_BACK}, Phase.FAILED),
        ({"status": "3", **GIVEN_BACK}, Phase.FAILED),
        ({"status": "3", "video_url": None}, Phase.DONE),
        ({"status": "2", "video_url": ""}, Phase.FAILED),
        ({"status": 3}, Phase.DONE),
        ({"status": "7"}, Phase.UNKNOWN),
    ],
)
def test_the_video_and_the_refund_decide_what_a_digit_means(fields: dict[str, object], phase: Phase) -> None:
    assert read_feed(**fields).phase is phase


def test_the_feed() -> None:
    task = read_feed()
    assert (task.id, task.title, task.submitted_at, task.finished_at) == (
        ASKED[0], "a boat", 1734078348.0, 1734078418.0,
    )  # fmt: skip
    assert task.clips[0].video_url == "https://runwaycdn.example/v.mp4"
    assert read_feed(status="3", **GIVEN_BACK).fail_reason == "moderated"


def test_a_row_around_it_is_read_as_a_row() -> None:
    row = {
        "task_id": ID, "action": "IMAGE_TO_VIDEO", "status": "QUEUED", "fail_reason": "", "progress": "0%",
        "data": {"id": ID, "status": "PENDING", "createdAt": "2026-10-01T12:00:00.000Z"},
    }  # fmt: skip
    task = read({"code": "success", "message": "", "data": row})
    assert (task.id, task.phase, task.kind) == (ASKED[0], Phase.WAITING, Kind.VIDEO)


def test_the_requests() -> None:
    own, feed, other = (way(ASKED) for way in DIALECT.ways)
    assert own[:2] == ("GET", f"/runwayml/v1/tasks/{ID}")
    assert feed[:3] == ("POST", "/runway/feed", {"task_id": ID})
    assert other[:2] == ("GET", f"/runway/tasks/{ID}")
