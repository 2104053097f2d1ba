"""Replies of makers and gateways that differ from the usual ones of their family, each as one row."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.protocol import dialect_of
from ecovai_tui.gateway.families.suno import read_single
from ecovai_tui.tasks.families import family_of, own_id
from ecovai_tui.tasks.model import Phase, Task

MJ, VIDEO, KLING = "midjourney:1730000000123456", "openai-video:video_68f0a1", "kling/text2video:827000000000000001"
RUNWAY, LUMA, FLUX = (f"{name}:17f20000-0000-4000-8000-000000000000" for name in ("runway", "luma", "flux"))
ROW = "task_9fQx9fQx9fQx9fQx9fQx9fQx9fQx9fQx"
SEEN = "https://cdn.example/seen"


class Told(NamedTuple):
    """What a reply says."""

    phase: Phase
    address: str = ""
    reason: str = ""


def envelope(data: object) -> object:
    return {"code": "success", "message": "", "data": data}


def row(status: str, data: object = None, **fields: object) -> object:
    """Return a row of new-api's table."""
    told = {"task_id": ROW, "platform": "50", "action": "textGenerate", "status": status, "fail_reason": ""}
    return envelope({**told, "result_url": "", "progress": "100%", "data": data, **fields})


def realtime(status: str, **fields: object) -> object:
    """Return what new-api answers that asks Google while it is asked itself."""
    return envelope(
        {"error": None, "format": "mp4", "metadata": None, "status": status, "task_id": ROW, "url": "", **fields}
    )


def of(asked: str, **fields: object) -> object:
    return {"id": own_id(asked), **fields}


def read(asked: str, body: bytes, status: int) -> tuple[Task, ...]:
    if asked == ROW:
        task = read_single(body, status, {}, ROW)
        return (task,) if task else ()
    return dialect_of(family_of(asked)).read(body, status, {}, (asked,), 0.0)


SAID: dict[str, tuple[str, object, Told]] = {
    "midjourney's single query": (
        MJ,
        of(MJ, action="IMAGINE", status="SUCCESS", imageUrl=f"{SEEN}.png"),
        Told(Phase.DONE, f"{SEEN}.png"),
    ),
    "a proxy's list of pictures": (
        MJ,
        of(MJ, action="IMAGINE", status="SUCCESS", imageUrl=None, imageUrls=[{"url": f"{SEEN}.png", "thumbnail": "x"}]),
        Told(Phase.DONE, f"{SEEN}.png"),
    ),
    "an upscaled picture": (
        MJ,
        of(MJ, action="UPSCALE", status="SUCCESS", imageUrl=f"{SEEN}.png"),
        Told(Phase.DONE, f"{SEEN}.png"),
    ),
    "a time out of the gateway": (
        MJ,
        of(MJ, status="FAILURE", failReason="上游任务超时（超过1小时）"),
        Told(Phase.FAILED, reason="上游任务超时（超过1小时）"),
    ),
    "a row whose address repeats the failure": (
        ROW,
        row("FAILURE", result_url="moderated", fail_reason="moderated"),
        Told(Phase.FAILED, reason="moderated"),
    ),
    "a row without a word of its provider": (
        ROW,
        row("FAILURE", fail_reason="upstream returned error"),
        Told(Phase.FAILED, reason="upstream returned error"),
    ),
    "a row of Vidu": (
        ROW,
        row("SUCCESS", {"state": "success", "creations": [{"id": "c", "url": f"{SEEN}.mp4", "cover_url": ""}]}),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "a row of Jimeng": (
        ROW,
        row("SUCCESS", {"code": 10000, "data": {"status": "done", "video_url": f"{SEEN}.mp4"}}),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "a row of Hailuo, whose file takes another request": (
        ROW,
        row("SUCCESS", {"status": "Success", "file_id": "205", "base_resp": {"status_code": 0}}),
        Told(Phase.DONE),
    ),
    "a row of Seedance": (
        ROW,
        row("SUCCESS", {"id": "cgt-1", "status": "succeeded", "content": {"video_url": f"{SEEN}.mp4"}}),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "a row of Wan": (
        ROW,
        row("SUCCESS", {"output": {"task_status": "SUCCEEDED", "video_url": f"{SEEN}.mp4"}}),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "a row of Google that waits": (ROW, realtime("queued"), Told(Phase.WAITING)),
    "a row of Google under way": (ROW, realtime("processing"), Told(Phase.RUNNING)),
    "a row of Google that failed": (
        ROW,
        realtime("failed", error={"message": "blocked", "code": 3}),
        Told(Phase.FAILED, reason="blocked"),
    ),
    "the newest gateways' row under way": (
        ROW,
        {"task_id": ROW, "platform": "1", "status": "IN_PROGRESS", "fail_reason": "", "finished_at": 0},
        Told(Phase.RUNNING),
    ),
    "Kling's newest form": (
        KLING,
        {
            "code": 0,
            "data": {"id": own_id(KLING), "status": "succeed", "task_result": {"videos": [{"url": f"{SEEN}.mp4"}]}},
        },
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "Kling in the form of Google's rows": (
        KLING,
        realtime("succeeded", url=f"{SEEN}.mp4", task_id=own_id(KLING)),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "Kling failed in that form": (
        KLING,
        realtime("failed", error={"message": "blocked"}, task_id=own_id(KLING)),
        Told(Phase.FAILED, reason="blocked"),
    ),
    "Runway's own form in a row": (
        RUNWAY,
        row("SUCCESS", of(RUNWAY, status="SUCCEEDED", output=[f"{SEEN}.mp4"]), task_id=own_id(RUNWAY)),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "Runway's feed in a row": (
        RUNWAY,
        row("SUCCESS", {"task_id": own_id(RUNWAY), "status": "3", "video_url": f"{SEEN}.mp4"}, task_id=own_id(RUNWAY)),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "a failure of Runway by its code alone": (
        RUNWAY,
        of(RUNWAY, status="FAILED", failureCode="SAFETY.INPUT.TEXT"),
        Told(Phase.FAILED, reason="SAFETY.INPUT.TEXT"),
    ),
    "Luma in a row": (
        LUMA,
        envelope(
            [
                {
                    "task_id": own_id(LUMA),
                    "platform": "luma_free",
                    "status": "IN_PROGRESS",
                    "data": of(LUMA, state="processing"),
                }
            ]
        ),
        Told(Phase.RUNNING),
    ),
    "Luma done in a row": (
        LUMA,
        envelope(
            [
                {
                    "task_id": own_id(LUMA),
                    "platform": "luma_free",
                    "status": "SUCCESS",
                    "data": of(LUMA, video={"url": f"{SEEN}.mp4"}),
                }
            ]
        ),
        Told(Phase.DONE, f"{SEEN}.mp4"),
    ),
    "Replicate begins": (FLUX, of(FLUX, status="starting", output=None), Told(Phase.WAITING)),
    "Flux waits or works": (FLUX, of(FLUX, status="Pending", result=None, progress=0.5), Told(Phase.WAITING)),
    "Flux tells what broke": (
        FLUX,
        of(FLUX, status="Error", result=None, details={"error": "boom"}),
        Told(Phase.FAILED, reason="boom"),
    ),
}


@pytest.mark.parametrize(("asked", "document", "told"), SAID.values(), ids=SAID)
def test_each_reply_is_read(asked: str, document: object, told: Told) -> None:
    (task,) = read(asked, json.dumps(document).encode(), 200)
    addresses = [clip.video_url or clip.image_url for clip in task.clips]
    assert (task.id, task.phase, addresses) == (asked, told.phase, [told.address] if told.address else [])
    assert task.fail_reason == told.reason
    assert task.awaits_file is (task.phase is Phase.DONE and not told.address)


NOT_THERE = {
    "code": (400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
    "error": (404, {"error": {"message": "Task not found", "type": "invalid_request_error"}}),
    "word": (404, {"error": "Task not found"}),
}


@pytest.mark.parametrize("asked", [ROW, MJ, VIDEO, KLING, RUNWAY, LUMA, FLUX])
@pytest.mark.parametrize(("status", "document"), NOT_THERE.values(), ids=NOT_THERE)
def test_an_id_that_is_not_known_is_left_out(asked: str, status: int, document: object) -> None:
    assert read(asked, json.dumps(document).encode(), status) == ()


def test_luma_says_that_it_does_not_know_a_generation() -> None:
    assert read(LUMA, b'{"detail":"Generation not found"}', 404) == ()


@pytest.mark.parametrize(
    ("asked", "status", "body", "problem"),
    [
        (MJ, 429, '{"description":"队列已满","type":"upstream_error","code":30}', Problem.TOO_MANY_REQUESTS),
        (MJ, 200, "null", Problem.UNREADABLE),
        (MJ, 200, "", Problem.EMPTY),
        (MJ, 401, "", Problem.NOT_ITS_WORD),
        (ROW, 404, f'{{"error":{{"message":"Invalid URL (GET /v1/tasks/{ROW})"}}}}', Problem.WRONG_PATH),
        (LUMA, 400, '{"detail":{"reason":"moderated","code":1}}', Problem.REJECTED),
    ],
)
def test_what_is_no_answer_says_nothing_of_the_id(asked: str, status: int, body: str, problem: Problem) -> None:
    with pytest.raises(GatewayError) as caught:
        read(asked, body.encode(), status)
    assert caught.value.problem is problem
