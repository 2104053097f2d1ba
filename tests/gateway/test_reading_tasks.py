"""A task's own fields: every word, time, progress and spelling that gateways of this family send."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ecovai_tui.gateway.families.suno import read_batch
from ecovai_tui.tasks.model import Kind, Phase, Task

Read = Callable[..., Task]

CLIP = {"id": "c1", "status": "complete", "audio_url": "https://cdn1.suno.ai/c1.mp3"}


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("NOT_START", Phase.WAITING),
        ("SUBMITTED", Phase.WAITING),
        ("QUEUED", Phase.WAITING),
        ("IN_PROGRESS", Phase.RUNNING),
        ("FAILURE", Phase.FAILED),
        ("SUCCESS", Phase.DONE),
        ("UNKNOWN", Phase.UNKNOWN),
        ("", Phase.WAITING),
        (None, Phase.WAITING),
        ("FAIL", Phase.FAILED),
        ("submitted", Phase.WAITING),
        ("processing", Phase.RUNNING),
        ("complete", Phase.DONE),
        ("error", Phase.FAILED),
        ("MODAL", Phase.WAITING),
        ("CANCELLED", Phase.FAILED),
        ("finished", Phase.DONE),
        ("gestrandet", Phase.UNKNOWN),
        (17, Phase.UNKNOWN),
    ],
)
def test_each_word_for_a_task(read: Read, word: object, phase: Phase) -> None:
    task = read(action="MUSIC", status=word)
    assert task.phase is phase
    assert task.status == ("" if word is None else str(word))


@pytest.mark.parametrize(
    ("first", "second", "word", "phase"),
    [
        ("complete", "error", "FAILURE", Phase.PARTIAL),
        ("error", "complete", "FAILURE", Phase.PARTIAL),
        ("error", "streaming", "FAILURE", Phase.PARTIAL),
        ("complete", "streaming", "IN_PROGRESS", Phase.STREAMING),
        ("error", "error", "FAILURE", Phase.FAILED),
        ("complete", "complete", "SUCCESS", Phase.DONE),
    ],
)
def test_how_suno_api_combines_two_clips(read: Read, first: str, second: str, word: str, phase: Phase) -> None:
    address = "https://audiopipe.suno.ai/?item_id=c"
    clips = [{"status": status, "audio_url": "" if status == "error" else address} for status in (first, second)]
    assert read(action="MUSIC", status=word, data=clips).phase is phase


def test_a_task_given_up_at_100_percent_is_failed_although_its_word_says_otherwise(read: Read) -> None:
    task = read(action="MUSIC", status="IN_PROGRESS", progress="100%", fail_reason="upstream refused", data=None)
    assert (task.phase, task.status, task.fail_reason) == (Phase.FAILED, "IN_PROGRESS", "upstream refused")


@pytest.mark.parametrize("progress", ["87.5%", "", None, 50, "0%", "soon", [], "99.9 %"])
def test_progress_below_100_percent_in_any_shape_ends_nothing(read: Read, progress: object) -> None:
    assert read(status="IN_PROGRESS", progress=progress, fail_reason="x").phase is Phase.RUNNING


@pytest.mark.parametrize("progress", ["100%", "100", 100, 100.0, "100.0%", " 100% "])
def test_progress_of_100_percent_in_any_shape_with_a_reason_ends_the_task(read: Read, progress: object) -> None:
    assert read(status="IN_PROGRESS", progress=progress, fail_reason="x").phase is Phase.FAILED


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        (1716191749, 1716191749),
        (1716191749123, 1716191749),
        ("1716191749", 1716191749),
        ("1716191749123", 1716191749),
        (1716191749.9, 1716191749),
        (1716191749123456789, 1716191749),
        ("2024-05-20T07:55:49Z", 1716191749),
        ("2024-05-20T07:55:49.637Z", 1716191749),
        ("2024-05-20T15:55:49+08:00", 1716191749),
        ("2024-05-20 07:55:49", 1716191749),
        ("0001-01-01T00:00:00Z", None),
        (0, None),
        ("0", None),
        (-1, None),
        (None, None),
        ("", None),
        ("yesterday", None),
        (True, None),
        ([1716191749], None),
        (10**30, pytest.approx(10**9)),
    ],
)
def test_a_time_in_any_unit_or_none(read: Read, told: object, moment: float | None) -> None:
    task = read(status="SUCCESS", submit_time=told, start_time=told, finish_time=told)
    assert (task.submitted_at, task.started_at, task.finished_at) == (moment, moment, moment)


def test_a_submit_time_that_is_missing_is_when_the_row_was_created(read: Read) -> None:
    assert read(created_at="2024-05-20T07:55:49Z").submitted_at == 1716191749
    assert read(submit_time=0, created_at=1716191749).submitted_at == 1716191749


@pytest.mark.parametrize(
    ("action", "data", "kind"),
    [
        ("MUSIC", None, Kind.MUSIC),
        ("music", [CLIP], Kind.MUSIC),
        ("LYRICS", None, Kind.LYRICS),
        ("LYRICS", [CLIP], Kind.LYRICS),
        ("", None, Kind.UNKNOWN),
        ("", [CLIP], Kind.MUSIC),
        ("", {"text": "[Verse]", "title": "x"}, Kind.LYRICS),
        (None, [CLIP], Kind.MUSIC),
        ("CONCAT", [CLIP], Kind.MUSIC),
        ("LUMA_VIDEO", None, Kind.VIDEO),
        ("IMAGE_TO_VIDEO", {"id": "v", "status": "PENDING"}, Kind.VIDEO),
    ],
)
def test_the_kind_comes_from_the_action_and_else_from_the_data(
    read: Read, action: object, data: object, kind: Kind
) -> None:
    assert read(action=action, status="IN_PROGRESS", data=data).kind is kind


def test_the_twenty_fields_of_2026_and_the_result_url_that_is_a_sentence(read: Read) -> None:
    task = read(
        id=4711,
        created_at=1772000000,
        updated_at=1772000100,
        platform="suno",
        user_id=7,
        username="someone",
        group="default",
        channel_id=12,
        quota=500,
        action="MUSIC",
        status="FAILURE",
        fail_reason="任务超时（1440分钟）",
        result_url="任务超时（1440分钟）",
        submit_time=1772000000,
        start_time=0,
        finish_time=1772000090,
        progress="100%",
        properties={"input": "", "upstream_model_name": "suno_music"},
        search_item="",
        data=None,
    )
    assert (task.id, task.phase, task.fail_reason) == ("t1", Phase.FAILED, "任务超时（1440分钟）")
    assert (task.submitted_at, task.started_at, task.finished_at) == (1772000000, None, 1772000090)
    assert not task.clips


def test_camel_case_and_milliseconds() -> None:
    addresses = {"audioUrl": CLIP["audio_url"], "imageUrl": "https://x/i.png"}
    clip = {"id": "c1", "status": "complete", "modelName": "m"} | addresses
    raw = {
        "taskId": "t1",
        "failReason": "",
        "submitTime": 1689231405854,
        "startTime": 1689231406854,
        "finishTime": 1689231506854,
        "status": "SUCCESS",
        "data": [clip],
    }
    (task,) = read_batch(json.dumps({"code": "success", "data": [raw]}).encode(), 200, {}, ["t1"])
    assert (task.id, task.submitted_at, task.finished_at) == ("t1", 1689231405, 1689231506)
    assert (task.clips[0].audio_url, task.clips[0].image_url, task.model) == (CLIP["audio_url"], "https://x/i.png", "m")


@pytest.mark.parametrize(
    "reason",
    [
        "Song Description contained artist name: metallica",
        "time out",
        "获取渠道信息失败，请联系管理员，渠道ID：12",
        "任务超时（1440分钟）",
        "任务超时（旧系统遗留任务，不进行退款，请联系管理员）",
    ],
)
def test_a_reason_of_failure_is_kept_word_for_word(read: Read, reason: str) -> None:
    assert read(status="FAILURE", fail_reason=reason, finish_time=0).fail_reason == reason
    clip = {"id": "c", "status": "error", "metadata": {"error_type": "moderation", "error_message": reason}}
    failed = read(status="FAILURE", fail_reason="", data=[clip, clip])
    assert (failed.fail_reason, failed.clips[0].error, failed.phase) == (reason, reason, Phase.FAILED)


def test_a_web_page_as_a_reason_is_reduced_to_its_title(read: Read) -> None:
    page = "<html><head><title>524: A timeout occurred</title></head><body>" + "<p>Ray</p>" * 500
    assert read(status="FAILURE", fail_reason=page).fail_reason == "524: A timeout occurred"


def test_a_failure_without_any_reason_has_none(read: Read) -> None:
    task = read(status="FAILURE", fail_reason="", finish_time=0, progress="100%", data=None)
    assert (task.phase, task.fail_reason, task.finished_at) == (Phase.FAILED, "", None)


def test_what_a_task_says_is_clean_and_its_source_too(read: Read) -> None:
    evil = "\x1b]52;c;AAAA\x07\u202eab\x9b2J\u200bc\x00"
    task = read(
        action="MUSIC", status=evil, fail_reason=evil, data=[{"title": evil, "lyrics": f"{evil}\n{evil}", evil: evil}]
    )
    assert (task.status, task.fail_reason, task.title, task.clips[0].lyrics) == ("abc", "abc", "abc", "abc\nabc")
    assert json.loads(task.source)["data"] == [{"title": "abc", "lyrics": "abc\nabc", "abc": "abc"}]


def test_the_source_keeps_what_we_do_not_read_and_is_bounded_in_depth_and_size(read: Read) -> None:
    deep: object = "bottom"
    for _ in range(100):
        deep = {"down": deep}
    source = json.loads(read(quota=500, 喵="星", deep=deep, long=["x" * 100_000] * 50).source)
    assert (source["task_id"], source["quota"], source["喵"]) == ("t1", 500, "星")
    assert "bottom" not in str(source["deep"])
    assert len(str(source)) < 500_000
