"""Each sample reply reads as its gateway meant it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.suno import read_batch, read_single
from ecovai_tui.tasks.model import Kind, Phase

SAMPLES = Path(__file__).parents[1] / "samples"
Sample = Callable[[str], bytes]


def test_in_progress(sample: Sample) -> None:
    (task,) = read_batch(sample("in-progress.json"), 200, {})
    assert (task.id, task.kind, task.phase) == ("346c5d10-a4a1-4f49-a851-66a7dae6cfaf", Kind.MUSIC, Phase.STREAMING)
    assert (task.submitted_at, task.started_at, task.finished_at) == (1716191749, 1716191786, None)
    assert [clip.phase for clip in task.clips] == [Phase.STREAMING, Phase.STREAMING]
    clip = task.clips[0]
    assert (clip.title, clip.model, clip.tags) == ("Electric Dance Party", "chirp-v3", "club banger high-energy edm")
    assert clip.lyrics.startswith("[Verse]\nEverybody in the place\n")
    assert (clip.description, clip.duration, clip.video_url) == ("miku dance", None, "")
    assert clip.playable
    assert not clip.has_file


def test_finished(sample: Sample) -> None:
    task = read_single(sample("finished.json"), 200, {}, "2a145658-3342-4228-b779-b8323a2b77df")
    assert task is not None
    assert (task.kind, task.phase, task.status, task.title) == (Kind.MUSIC, Phase.DONE, "SUCCESS", "快乐周末")
    clip = task.clips[0]
    assert (clip.duration, clip.error, clip.has_file) == (128.92, "", True)
    assert clip.image_url == "https://cdn2.suno.ai/image_3435e194-50e7-4edc-9442-bffe072fccfc.jpeg"
    assert not task.no_audio


def test_finished_at_ecovai_where_the_action_is_empty_and_no_address_is_sent(sample: Sample) -> None:
    (task,) = read_batch(sample("finished-ecovai.json"), 200, {})
    assert (task.kind, task.phase, task.finished_at) == (Kind.MUSIC, Phase.DONE, 1730389743)
    assert task.no_audio


def test_batch_of_lyrics_and_music(sample: Sample) -> None:
    lyrics, music = read_batch(sample("batch-lyrics-and-music.json"), 200, {})
    assert (lyrics.kind, lyrics.phase, lyrics.clips, lyrics.title) == (Kind.LYRICS, Phase.DONE, (), "喵星摇滚")
    assert lyrics.lyrics is not None
    assert lyrics.lyrics.text == "[Verse]\n喵星人 喵喵叫\n追逐影子 跳上床"
    assert (music.kind, music.phase, music.lyrics) == (Kind.MUSIC, Phase.DONE, None)


def test_just_submitted(sample: Sample) -> None:
    (task,) = read_batch(sample("just-submitted.json"), 200, {})
    assert (task.kind, task.phase, task.clips, task.note) == (Kind.UNKNOWN, Phase.WAITING, (), "")
    assert (task.submitted_at, task.started_at) == (1730389618, None)


def test_failed_while_both_clips_were_streaming(sample: Sample) -> None:
    (task,) = read_batch(sample("failed-while-streaming.json"), 200, {})
    assert (task.phase, task.fail_reason) == (Phase.PARTIAL, "获取渠道信息失败，请联系管理员，渠道ID：1")
    assert [(clip.phase, clip.playable, clip.has_file) for clip in task.clips] == [(Phase.STREAMING, True, False)] * 2


def test_success_whose_clips_never_got_a_file(sample: Sample) -> None:
    (task,) = read_batch(sample("success-without-files.json"), 200, {})
    assert (task.phase, task.no_audio, task.fail_reason) == (Phase.DONE, True, "")
    assert [(clip.phase, clip.playable) for clip in task.clips] == [(Phase.DONE, False)] * 2


def test_clips_by_id(sample: Sample) -> None:
    (task,) = read_batch(sample("clips-by-id.json"), 200, {})
    assert (task.phase, task.no_audio, task.title) == (Phase.DONE, False, "夜明けのメトロ")
    assert [(clip.id, clip.has_file) for clip in task.clips] == [("5f0c9a52-7d1e-4b8e-9a41-1f5f7c0d2a01", True)]


def test_words_of_an_upstream(sample: Sample) -> None:
    queued, running, done = read_batch(sample("words-of-an-upstream.json"), 200, {})
    assert (queued.phase, queued.status) == (Phase.WAITING, "QUEUED")
    assert (running.phase, running.status) == (Phase.RUNNING, "IN_PROGRESS")
    assert (done.phase, done.fail_reason) == (Phase.DONE, "")


def test_nothing_found(sample: Sample) -> None:
    assert read_batch(sample("nothing-found.json"), 200, {}) == ()
    assert read_single(sample("nothing-found.json"), 200, {}, "a") is None


def test_an_unknown_id_is_not_an_error(sample: Sample) -> None:
    body = sample("errors/400-task-not-exist.json")
    assert read_single(body, 400, {}, "a") is None
    assert read_batch(body, 400, {}, ["a"]) == ()


REQUEST_ID = "20241213052640123456789abcdefgh"


@pytest.mark.parametrize(
    ("name", "problem", "detail", "request_id"),
    [
        ("200-web-page.html", Problem.WEB_PAGE, "New API", ""),
        ("400-invalid-request.json", Problem.REJECTED, "invalid_request: unexpected EOF", ""),
        ("401-key-exhausted.json", Problem.QUOTA, "该令牌额度已用尽 TokenStatusExhausted[sk-***]", REQUEST_ID),
        ("401-key-refused.json", Problem.KEY_REFUSED, "无效的令牌", REQUEST_ID),
        ("403-model-restricted.json", Problem.MODEL_RESTRICTED, "该令牌无权访问模型", REQUEST_ID),
        ("404-wrong-path.json", Problem.WRONG_PATH, "Invalid URL (POST /v1/suno/fetch)", ""),
        ("500-database.json", Problem.SERVER_ERROR, "get_tasks_failed: database is locked", ""),
        ("502-nginx.html", Problem.NO_GATEWAY, "502 Bad Gateway", ""),
        (
            "503-overloaded.json",
            Problem.OVERLOADED,
            "system_cpu_overloaded: system cpu overloaded (current: 93.1%, threshold: 90%)",
            REQUEST_ID,
        ),
    ],
)
def test_error(sample: Sample, name: str, problem: Problem, detail: str, request_id: str) -> None:
    with pytest.raises(GatewayError) as caught:
        read_batch(sample(f"errors/{name}"), int(name[:3]), {})
    error = caught.value
    assert (error.problem, error.detail, error.request_id) == (problem, detail, request_id)
    assert error.status == int(name[:3])


def test_every_sample_is_tested() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(path.name in text for path in SAMPLES.glob("**/*.[jh]*"))
