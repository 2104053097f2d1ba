"""Midjourney: every word, every kind of result and the errors, as gateways and proxies send them."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.midjourney import DIALECT
from ecovai_tui.tasks.judging import summarise
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "1730000000123456"
ASKED = (f"midjourney:{ID}",)
ROW = {
    "id": ID, "action": "IMAGINE", "customId": "", "botType": "", "prompt": "red fox --ar 16:9 --v 6.1",
    "promptEn": "red fox --v 6.1", "description": "Submit success", "state": "", "submitTime": 1730000000123,
    "startTime": 1730000002024, "finishTime": 0, "imageUrl": "https://cdn.example/a.webp", "videoUrl": "",
    "videoUrls": None, "status": "IN_PROGRESS", "progress": "46%", "failReason": "",
    "buttons": [
        {"customId": "MJ::JOB::upsample::1::<uuid>", "emoji": "", "label": "U1", "type": 2, "style": 2},
        {"customId": "MJ::JOB::reroll::0::<uuid>::SOLO", "emoji": "🔄", "label": "", "type": 2, "style": 2},
    ],
    "maskBase64": "", "properties": {"finalPrompt": "", "finalZhPrompt": ""},
}  # fmt: skip


def read(*rows: object, asked: tuple[str, ...] = ASKED) -> tuple[Task, ...]:
    return DIALECT.read(json.dumps(list(rows)).encode(), 200, {}, asked, 0.0)


def read_one(**fields: object) -> Task:
    (task,) = read({**ROW, **fields})
    return task


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("", Phase.WAITING),
        (None, Phase.WAITING),
        ("NOT_START", Phase.WAITING),
        ("SUBMITTED", Phase.WAITING),
        ("MODAL", Phase.WAITING),
        ("IN_PROGRESS", Phase.RUNNING),
        ("SUCCESS", Phase.DONE),
        ("FAILURE", Phase.FAILED),
        ("CANCEL", Phase.FAILED),
        ("REVIEWING", Phase.UNKNOWN),
    ],
)
def test_each_word(word: str | None, phase: Phase) -> None:
    assert read_one(status=word).phase is phase


def test_a_picture_under_way_has_real_progress_and_a_preview() -> None:
    task = read_one()
    assert (task.id, task.kind, task.status, task.progress) == (ASKED[0], Kind.PICTURE, "IN_PROGRESS", 46.0)
    assert (task.submitted_at, task.started_at, task.finished_at) == (1730000000.0, 1730000002.0, None)
    assert (task.prompt, task.options) == ("red fox --ar 16:9 --v 6.1", ("U1", "reroll"))
    (clip,) = task.clips
    assert (clip.phase, clip.image_url, clip.usable) == (Phase.RUNNING, "https://cdn.example/a.webp", False)
    assert (clip.model, clip.size) == ("mj v6.1", "16:9")


def test_a_picture_of_discord_says_until_when_it_can_be_had() -> None:
    address = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=6750b2a1&is=674f6121&hm=00"
    task = read_one(status="SUCCESS", progress="100%", imageUrl=address, finishTime=1730000060456)
    assert (task.phase, task.finished_at, task.progress) == (Phase.DONE, 1730000060.0, None)
    assert task.expires_at == float(0x6750B2A1)
    assert not task.awaits_file


def test_an_address_that_changes_with_each_reply_alone_is_no_change() -> None:
    first, second = (read_one(imageUrl=f"https://gw.example/mj/image/{ID}?rand={rand}") for rand in (1, 2))
    assert first._replace(source="") == second._replace(source="")
    assert first.clips[0].image_url == f"https://gw.example/mj/image/{ID}"


def test_one_that_waits_for_the_user_says_so() -> None:
    assert summarise(read_one(status="MODAL"), None, 0.0, content_changed=True).needs_you


def test_success_without_an_address_awaits_it() -> None:
    task = read_one(status="SUCCESS", imageUrl=None)
    assert (task.phase, task.clips, task.awaits_file, task.no_audio) == (Phase.DONE, (), True, False)


def test_a_failure_gives_its_reason_and_a_cancelled_one_says_that() -> None:
    failed = read_one(status="FAILURE", progress="", failReason="banned prompt", imageUrl="")
    assert (failed.phase, failed.fail_reason, failed.clips) == (Phase.FAILED, "banned prompt", ())
    assert read_one(status="CANCEL").fail_reason == "cancelled"


@pytest.mark.parametrize("action", ["DESCRIBE", "SHORTEN"])
def test_what_ends_with_a_text_gives_the_text(action: str) -> None:
    text = "1️⃣ a red fox\n2️⃣ a fox in snow"
    task = read_one(action=action, status="SUCCESS", properties={"finalPrompt": text, "finalZhPrompt": ""})
    assert task.lyrics is not None
    assert (task.kind, task.clips, task.awaits_file) == (Kind.OTHER, (), False)
    assert "a fox in snow" in task.lyrics.text


def test_videos_are_clips_of_their_own() -> None:
    urls = [{"url": f"https://cdn.example/{n}.mp4"} for n in range(2)]
    task = read_one(action="VIDEO", status="SUCCESS", videoUrls=urls)
    assert task.kind is Kind.VIDEO
    assert [(clip.id, clip.video_url) for clip in task.clips] == [
        (f"{ID}-1", "https://cdn.example/0.mp4"),
        (f"{ID}-2", "https://cdn.example/1.mp4"),
    ]


def test_a_proxy_itself_sends_null_for_what_it_does_not_know() -> None:
    row = {**dict.fromkeys(ROW), "id": int(ID), "status": "SUBMITTED", "action": "IMAGINE", "prompt": "red fox"}
    (task,) = read(row)
    assert (task.id, task.phase, task.title) == (ASKED[0], Phase.WAITING, "red fox")


def test_unknown_ids_are_left_out_and_order_does_not_matter() -> None:
    asked = ("midjourney:1", "midjourney:2", "midjourney:3")
    tasks = read({**ROW, "id": "3"}, {**ROW, "id": "1"}, asked=asked)
    assert [task.id for task in tasks] == ["midjourney:1", "midjourney:3"]
    assert read(asked=asked) == ()


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "[]"), (400, '{"description":"task_no_found ","type":"upstream_error","code":4}')],
)
def test_an_id_that_is_not_known_is_left_out(status: int, body: str) -> None:
    assert DIALECT.read(body.encode(), status, {}, ASKED, 0.0) == ()


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (200, "<!doctype html><title>New API</title>", Problem.WEB_PAGE),
        (400, '{"description":"do_request_failed ","type":"upstream_error","code":4}', Problem.REJECTED),
        (401, '{"error":{"message":"无效的令牌","type":"new_api_error"}}', Problem.KEY_REFUSED),
        (403, '{"error":{"message":"该令牌无权访问模型 ","type":"new_api_error"}}', Problem.MODEL_RESTRICTED),
        (429, '{"description":"当前分组负载已饱和","code":30}', Problem.TOO_MANY_REQUESTS),
    ],
)
def test_each_error(status: int, body: str, problem: Problem) -> None:
    with pytest.raises(GatewayError) as caught:
        DIALECT.read(body.encode(), status, {}, ASKED, 0.0)
    assert caught.value.problem is problem


def test_the_requests() -> None:
    batch, single = (way(("midjourney:1", "midjourney:2")) for way in DIALECT.ways)
    assert batch[:3] == ("POST", "/mj/task/list-by-condition", {"ids": ["1", "2"]})
    assert single[:2] == ("GET", "/mj/task/1/fetch")
