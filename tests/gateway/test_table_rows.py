"""Rows of new-api's table of tasks that are no music: the row's own word wins over what lies in its data."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.families.protocol import with_artifacts
from ecovai_tui.gateway.families.reading import WORDS, read_row
from ecovai_tui.gateway.families.suno import read_batch, read_single
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "task_9fQx00000000000000000000000000AB"
KLING = {
    "code": 0, "message": "SUCCEED", "data": {
        "task_id": "8270", "task_status": "succeed", "task_result": {
            "videos": [{"id": "v1", "url": "https://kling.example/inner.mp4", "duration": "5.1"}],
        },
    },
}  # fmt: skip
ROW = {
    "id": 812, "created_at": 1760000000, "updated_at": 1760000140, "task_id": ID, "platform": "50", "user_id": 7,
    "group": "default", "channel_id": 0, "quota": 250000, "action": "textGenerate", "status": "SUCCESS",
    "fail_reason": "", "result_url": "https://cdn.example/v.mp4", "submit_time": 1760000000, "start_time": 1760000015,
    "finish_time": 1760000140, "progress": "100%",
    "properties": {"input": "a boat", "upstream_model_name": "kling-v2-1", "origin_model_name": "kling-v2-1"},
    "data": KLING,
}  # fmt: skip


def read(**fields: object) -> Task:
    """Read a row out of the batch that is asked for anyway."""
    body = json.dumps({"code": "success", "message": "", "data": [{**ROW, **fields}]}).encode()
    (task,) = read_batch(body, 200, {}, (ID,))
    return task


def test_a_video_that_is_done() -> None:
    task = read()
    assert (task.id, task.kind, task.phase, task.model, task.title) == (
        ID, Kind.VIDEO, Phase.DONE, "kling-v2-1", "a boat",
    )  # fmt: skip
    assert (task.submitted_at, task.started_at, task.finished_at) == (1760000000.0, 1760000015.0, 1760000140.0)
    (clip,) = task.clips
    assert (clip.video_url, clip.duration, clip.kind) == ("https://cdn.example/v.mp4", 5.1, Kind.VIDEO)
    assert (task.no_audio, task.awaits_file, task.fail_reason) == (False, False, "")


@pytest.mark.parametrize("word", ["NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS", "FAILURE", "UNKNOWN"])
def test_the_word_of_the_row_wins_over_the_providers(word: str) -> None:
    task = read(status=word, progress="30%", result_url="", fail_reason="")
    assert task.phase is WORDS.get(word, Phase.UNKNOWN)
    assert not any(clip.usable for clip in task.clips)


def test_a_failure_repeats_its_reason_in_the_place_of_an_address() -> None:
    task = read(status="FAILURE", fail_reason="upstream returned error", result_url="upstream returned error", data={})
    assert (task.phase, task.fail_reason, task.clips) == (Phase.FAILED, "upstream returned error", ())


def test_old_rows_have_the_address_where_a_failure_has_its_reason() -> None:
    task = read(platform=None, result_url=None, fail_reason="https://cdn.example/old.mp4", data=None)
    assert (task.phase, task.fail_reason, task.clips[0].video_url) == (Phase.DONE, "", "https://cdn.example/old.mp4")


def test_without_an_address_of_its_own_the_row_has_the_providers() -> None:
    assert read(result_url="").clips[0].video_url == "https://kling.example/inner.mp4"
    assert read(result_url="", data={"output": {"task_status": "SUCCEEDED"}}).awaits_file


@pytest.mark.parametrize(("platform", "told"), [("55", 42.0), ("50", None), ("35", None)])
def test_progress_is_told_only_where_it_is_measured(platform: str, told: float | None) -> None:
    assert read(platform=platform, status="IN_PROGRESS", progress="42%", result_url="").progress == told


def test_a_stopped_row_with_a_reason_has_failed() -> None:
    assert read(status="IN_PROGRESS", progress="100%", fail_reason="time out").phase is Phase.FAILED


@pytest.mark.parametrize("address", ["https://cdn.example/a.png", "https://cdn.example/a.WEBP?x=1"])
def test_a_row_that_made_a_picture_is_one(address: str) -> None:
    task = read(result_url=address)
    assert (task.kind, task.clips[0].image_url) == (Kind.PICTURE, address)


@pytest.mark.parametrize(
    ("platform", "action"), [("suno", "MUSIC"), ("suno", ""), ("36", ""), ("", "MUSIC"), (None, "")]
)
def test_music_stays_music(platform: str | None, action: str) -> None:
    clip = {"id": "c1", "status": "complete", "audio_url": "https://cdn1.suno.ai/c1.mp3"}
    task = read(platform=platform, action=action, data=[clip], result_url="")
    assert (task.kind, task.clips[0].audio_url) == (Kind.MUSIC, "https://cdn1.suno.ai/c1.mp3")


SHAPES = [
    {"code": "success", "message": "", "data": ROW},
    {
        "code": "success", "message": "", "data": {
            "error": None, "format": "mp4", "metadata": None, "status": "succeeded", "task_id": ID,
            "url": "https://cdn.example/v.mp4",
        },
    },
    {"task_id": ID, "status": "completed", "url": "https://cdn.example/v.mp4", "format": "mp4", "metadata": {}},
]  # fmt: skip


@pytest.mark.parametrize("document", SHAPES)
def test_each_shape_of_a_single_row(document: object) -> None:
    task = read_single(json.dumps(document).encode(), 200, {}, ID)
    assert task is not None
    assert (task.id, task.kind, task.phase) == (ID, Kind.VIDEO, Phase.DONE)
    assert task.clips[0].video_url == "https://cdn.example/v.mp4"


def test_the_bare_object_of_the_newest_gateways() -> None:
    row = {
        "task_id": ID, "platform": "1", "status": "FAILURE", "progress": "100%", "fail_reason": "moderated",
        "created_at": 1788000000, "finished_at": 1788000285,
    }  # fmt: skip
    task = read_row(row)
    assert (task.phase, task.fail_reason, task.finished_at) == (Phase.FAILED, "moderated", 1788000285.0)


DONE = read_row({"task_id": ID, "platform": "1", "status": "SUCCESS", "progress": "100%", "created_at": 1788000000})
ROOT = "https://gw.example"


def artifact(**fields: object) -> dict[str, object]:
    content = f"https://gw.example/v1/tasks/{ID}/artifacts/video/content?access={'a' * 43}"
    return {"key": "video", "type": "video", "mime_type": "video/mp4", "content_url": content, **fields}


@pytest.mark.parametrize(
    ("reply", "addresses"),
    [
        ({"task_id": ID, "artifacts": [artifact()]}, ["video"]),
        ({"task_id": ID, "artifacts": [artifact(), artifact(key="v2")], "legacy_content_url": ""}, ["video", "v2"]),
        ({"task_id": ID, "artifacts": [artifact(key="cover", type="image")]}, ["cover"]),
        ({"task_id": ID, "artifacts": [artifact(key="song", type="audio")]}, ["song"]),
        ({"task_id": ID, "artifacts": [artifact(type="file")]}, []),
        ({"task_id": ID, "artifacts": [artifact(key="../x")]}, []),
        ({"task_id": ID, "artifacts": []}, []),
        ({"error": {"code": "artifact_not_ready", "message": "not ready"}}, []),
        ({"error": {"code": "artifact_plugin_error", "message": "x"}}, []),
        ({"artifacts": {"key": "video"}}, []),
        ([], []),
    ],
)
def test_the_files_of_a_finished_task_as_the_newest_gateways_tell_them(reply: object, addresses: list[str]) -> None:
    task = with_artifacts(DONE, json.dumps(reply).encode(), ROOT)
    told = [clip.video_url or clip.image_url or clip.audio_url for clip in task.clips]
    assert told == [f"{ROOT}/v1/tasks/{ID}/artifacts/{key}/content" for key in addresses]
    assert (task.id, task.submitted_at, task.awaits_file) == (ID, 1788000000.0, not addresses)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff", b"[" * 100_000])
def test_a_reply_that_tells_no_files_leaves_the_task_as_it_is(body: bytes) -> None:
    assert with_artifacts(DONE, body, ROOT) is DONE
