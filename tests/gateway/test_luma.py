"""Luma in both of its forms."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ecovai_tui.gateway.families.luma import DIALECT
from ecovai_tui.tasks.model import Kind, Phase, Task

ID = "77aa0000-0000-4000-8000-000000000000"
ASKED = (f"luma:{ID}",)
PAGE = {
    "id": ID, "liked": None, "state": "processing", "video": None, "prompt": "a boat",
    "created_at": "2026-06-18T14:47:43.318498Z", "estimate_wait_seconds": None, "queue_state": None,
}  # fmt: skip
API = {
    "id": ID, "generation_type": "video", "state": "dreaming", "failure_reason": None,
    "created_at": "2026-06-18T14:47:43.318498Z", "assets": None, "model": "ray-2", "request": {"prompt": "a boat"},
}  # fmt: skip
SIGNED = "https://cdn.example/v.mp4?X-Amz-Date=20260618T150000Z&X-Amz-Expires=3600&X-Amz-Signature=00"


def read(document: object, status: int = 200) -> tuple[Task, ...]:
    return DIALECT.read(json.dumps(document).encode(), status, {}, ASKED, 0.0)


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("queued", Phase.WAITING),
        ("pending", Phase.WAITING),
        ("dreaming", Phase.RUNNING),
        ("processing", Phase.RUNNING),
        ("completed", Phase.DONE),
        ("failed", Phase.FAILED),
        ("reviewing", Phase.UNKNOWN),
    ],
)
@pytest.mark.parametrize("form", [PAGE, API])
def test_each_word(form: dict[str, object], word: str, phase: Phase) -> None:
    (task,) = read({**form, "state": word})
    assert (task.id, task.phase, task.kind, task.title) == (ASKED[0], phase, Kind.VIDEO, "a boat")
    assert task.submitted_at == 1781794063.0


def test_the_video_without_a_watermark_is_taken_and_lives_for_an_hour() -> None:
    video = {
        "url": "https://cdn.example/marked.mp4", "download_url": SIGNED, "width": 1280, "height": 720,
        "thumbnail": "https://cdn.example/t.jpg",
    }  # fmt: skip
    (task,) = read({**PAGE, "state": "completed", "video": video})
    (clip,) = task.clips
    assert (clip.video_url, clip.size, clip.image_url) == (SIGNED, "1280x720", "https://cdn.example/t.jpg")
    assert task.expires_at == 1781798400.0


def test_the_api_has_its_video_among_assets() -> None:
    (task,) = read({**API, "state": "completed", "assets": {"video": SIGNED, "image": "https://cdn.example/t.jpg"}})
    assert (task.clips[0].video_url, task.model) == (SIGNED, "ray-2")


def test_completed_without_an_address_awaits_it() -> None:
    (task,) = read({**PAGE, "state": "completed", "video": {"download_url": None}})
    assert (task.phase, task.clips, task.awaits_file) == (Phase.DONE, (), True)


def test_a_failure_gives_its_reason() -> None:
    (task,) = read({**API, "state": "failed", "failure_reason": "moderated"})
    assert task.fail_reason == "moderated"


def test_the_requests() -> None:
    assert [way(ASKED).path for way in DIALECT.ways] == [
        f"/luma/generations/{ID}", f"/luma/v1/task?id={ID}", f"/luma/dream-machine/v1/generations/{ID}",
        "/luma/tasks",
    ]  # fmt: skip
    assert DIALECT.ways[DIALECT.several](ASKED).body == {"ids": [ID]}


@pytest.mark.parametrize("wrapped", [lambda rows: {"code": "success", "message": "", "data": rows}, list])
def test_several_come_as_rows_with_the_generations_in_them(wrapped: Callable[[list[object]], object]) -> None:
    other = ID.replace("77", "78")
    rows: list[object] = [
        {
            "id": number, "created_at": "2026-06-18T14:47:43.318498Z", "platform": "luma_free", "action": "LUMA_VIDEO",
            "status": "IN_PROGRESS", "data": {**PAGE, "id": name, "state": "processing"},
        }
        for number, name in enumerate((other, ID), start=41)
    ]  # fmt: skip
    asked = (*ASKED, f"luma:{other}", "luma:nowhere")
    tasks = DIALECT.read(json.dumps(wrapped(rows)).encode(), 200, {}, asked, 0.0)
    assert [(task.id, task.phase, task.title) for task in tasks] == [
        (name, Phase.RUNNING, "a boat") for name in asked[:2]
    ]
