"""Videos in the form of OpenAI: every word and every place where gateways put an address."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.openai_video import DIALECT
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "video_68f0a1"
ASKED = (f"openai-video:{ID}",)
VIDEO = {
    "id": ID, "object": "video", "model": "sora-2", "status": "in_progress", "progress": 42, "created_at": 1760000000,
    "completed_at": None, "expires_at": None, "seconds": "8", "size": "720x1280", "remixed_from_video_id": None,
    "error": None, "prompt": "a boat",
}  # fmt: skip


def read(**fields: object) -> Task:
    (task,) = DIALECT.read(json.dumps({**VIDEO, **fields}).encode(), 200, {}, ASKED, 0.0)
    return task


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("queued", Phase.WAITING),
        ("pending", Phase.WAITING),
        ("in_progress", Phase.RUNNING),
        ("processing", Phase.RUNNING),
        ("running", Phase.RUNNING),
        ("completed", Phase.DONE),
        ("succeeded", Phase.DONE),
        ("failed", Phase.FAILED),
        ("cancelled", Phase.FAILED),
        ("expired", Phase.FAILED),
        ("unknown", Phase.UNKNOWN),
    ],
)
def test_each_word(word: str, phase: Phase) -> None:
    assert read(status=word).phase is phase


def test_a_list_tells_of_those_that_were_asked_for_alone() -> None:
    rows = [{**VIDEO, "id": "video_not_ours"}, {**VIDEO, "status": "completed"}, {**VIDEO, "id": "video_68f0a2"}]
    listed = {"object": "list", "data": rows, "first_id": "video_not_ours", "last_id": "video_68f0a2", "has_more": True}
    asked = (*ASKED, "openai-video:video_68f0a2", "openai-video:video_too_old")
    done, runs = DIALECT.read(json.dumps(listed).encode(), 200, {}, asked, 0.0)
    assert (done.id, done.phase, done.clips[0].video_url) == (ASKED[0], Phase.DONE, f"/v1/videos/{ID}/content")
    assert (runs.id, runs.phase) == (asked[1], Phase.RUNNING)
    assert DIALECT.ways[DIALECT.several](asked).path == "/v1/videos?limit=100"


def test_a_list_of_one_other_video_tells_nothing_of_the_one_that_was_asked_for() -> None:
    listed = {"object": "list", "data": [{**VIDEO, "id": "video_not_ours"}]}
    assert DIALECT.read(json.dumps(listed).encode(), 200, {}, ASKED, 0.0) == ()


def test_a_video_under_way_has_real_progress() -> None:
    task = read()
    assert (task.id, task.kind, task.progress, task.title) == (ASKED[0], Kind.VIDEO, 42.0, "a boat")
    assert (task.submitted_at, task.finished_at, task.clips) == (1760000000.0, None, ())


def test_a_finished_video_lies_at_the_gateway_itself() -> None:
    task = read(status="completed", progress=100, completed_at=1760000090, expires_at=1760003690)
    (clip,) = task.clips
    assert clip.video_url == f"/v1/videos/{ID}/content"
    assert (clip.duration, clip.size, clip.model, clip.expires_at) == (8.0, "720x1280", "sora-2", 1760003690.0)
    assert (task.finished_at, task.progress) == (1760000090.0, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"metadata": {"url": "https://cdn.example/v.mp4"}},
        {"url": "https://cdn.example/v.mp4"},
        {"video_url": "https://cdn.example/v.mp4"},
    ],
)
def test_where_gateways_put_the_address(fields: dict[str, object]) -> None:
    assert read(status="completed", **fields).clips[0].video_url == "https://cdn.example/v.mp4"


def test_an_error_within_a_video_is_its_reason_and_none_of_the_gateway() -> None:
    task = read(status="failed", error={"code": "moderation_blocked", "message": "blocked by moderation"})
    assert (task.phase, task.fail_reason) == (Phase.FAILED, "blocked by moderation")


def test_a_row_in_its_place_is_read_as_well() -> None:
    row = {
        "task_id": ID, "platform": "55", "status": "SUCCESS", "progress": "100%", "fail_reason": "",
        "created_at": 1788000000, "finished_at": 1788000285,
    }  # fmt: skip
    (task,) = DIALECT.read(json.dumps(row).encode(), 200, {}, ASKED, 0.0)
    assert (task.id, task.phase, task.clips[0].video_url) == (ASKED[0], Phase.DONE, f"/v1/videos/{ID}/content")


def test_an_unknown_id_is_left_out_and_a_wrong_path_says_nothing_of_it() -> None:
    unknown = b'{"code":"task_not_exist","message":"task_not_exist","data":null}'
    assert DIALECT.read(unknown, 400, {}, ASKED, 0.0) == ()
    wrong = b'{"error":{"message":"Invalid URL (GET /v1/videos/x)","type":"invalid_request_error"}}'
    with pytest.raises(GatewayError) as caught:
        DIALECT.read(wrong, 404, {}, ASKED, 0.0)
    assert caught.value.problem is Problem.WRONG_PATH
