from __future__ import annotations

import re
from typing import Any

import pytest
from simulator_harness import Connect, FakeClock, Play, Run

from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.scripts import ARTIST_REASON, CHANNEL_REASON
from ecovai_tui.simulator.server import Simulator

NINE_FIELDS = {
    "task_id", "action", "status", "fail_reason", "submit_time", "start_time", "finish_time", "progress", "data",
}  # fmt: skip
EXTRA_FIELDS = {
    "id", "created_at", "updated_at", "platform", "user_id", "group", "channel_id", "quota", "properties", "username",
}  # fmt: skip
SUNO_CLIP_FIELDS = {
    "id", "title", "status", "audio_url", "video_url", "image_url", "image_large_url", "is_video_pending",
    "major_model_version", "model_name", "is_liked", "user_id", "display_name", "handle", "is_trashed", "reaction",
    "created_at", "play_count", "upvote_count", "is_public", "metadata",
}  # fmt: skip
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
FAR_LATER = 200


@pytest.fixture
def play(run: Run, connect: Connect, clock: FakeClock) -> Play:
    """Play one script in a dialect for some seconds and return the simulator, a client and the id."""

    def at(dialect: str, script: str = "song", elapsed: float = FAR_LATER) -> tuple[Simulator, Any, str]:
        simulator = run(dialect=dialect)
        task_id = simulator.submit(script=script)
        clock.advance(elapsed)
        return simulator, connect(simulator), task_id

    return at


@pytest.mark.parametrize(
    ("dialect", "shape"),
    [
        ("new-api-2024", UUID),
        ("new-api-2026", re.compile(r"task_[0-9A-Za-z]{32}")),
        ("one-hub", UUID),
        ("suno-api", re.compile(r"[0-9a-f]{32}")),
        ("nested", UUID),
        ("flat", re.compile(r"[0-9]{17}")),
    ],
)
def test_ids_have_the_shape_of_their_gateway(dialect: str, shape: re.Pattern[str], play: Play) -> None:
    _simulator, _client, task_id = play(dialect)
    assert shape.fullmatch(task_id)


def test_new_api_of_2024_sends_nine_fields_and_an_empty_action(play: Play) -> None:
    _simulator, client, task_id = play("new-api-2024")
    task = client.task(task_id)
    assert set(task) == NINE_FIELDS
    assert task["action"] == ""
    assert set(task["data"][0]) == SUNO_CLIP_FIELDS


def test_new_api_of_2026_sends_twenty_fields_of_which_a_good_song_lacks_one(play: Play) -> None:
    _simulator, client, task_id = play("new-api-2026")
    task = client.task(task_id)
    assert set(task) == NINE_FIELDS | EXTRA_FIELDS
    assert task["action"] == "MUSIC"


def test_new_api_of_2026_puts_the_reason_of_a_failure_where_an_address_is_expected(play: Play) -> None:
    _simulator, client, task_id = play("new-api-2026", "artist-name")
    task = client.task(task_id)
    assert task["result_url"] == task["fail_reason"] == ARTIST_REASON
    assert len(task) == 20


def test_one_hub_sends_nine_fields_and_hides_the_users_of_clips(play: Play) -> None:
    _simulator, client, task_id = play("one-hub")
    task = client.task(task_id)
    assert set(task) == NINE_FIELDS
    assert set(task["data"][0]) == SUNO_CLIP_FIELDS - {"user_id"}


def test_one_hub_cuts_a_batch_to_a_hundred_without_a_word(run: Run, connect: Connect) -> None:
    simulator = run(dialect="one-hub", population=0)
    ids = [simulator.submit() for _ in range(120)]
    document = connect(simulator).batch(ids).json()
    assert document["code"] == "success"
    assert [task["task_id"] for task in document["data"]] == ids[:100]


def test_suno_api_counts_rows_writes_dates_and_knows_no_progress(play: Play) -> None:
    _simulator, client, task_id = play("suno-api")
    task = client.task(task_id)
    assert set(task) == NINE_FIELDS - {"progress"} | {"id", "created_at", "updated_at", "search_item"}
    assert isinstance(task["id"], int)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", task["created_at"])


def test_suno_api_answers_for_one_song_with_its_clips_alone(play: Play) -> None:
    _simulator, client, task_id = play("suno-api")
    data = client.ask("GET", f"/suno/fetch/{task_id}").json()["data"]
    assert [clip["status"] for clip in data] == ["complete", "complete"]


def test_suno_api_answers_for_one_lyrics_task_with_its_text_alone(play: Play) -> None:
    _simulator, client, task_id = play("suno-api", "lyrics")
    assert UUID.fullmatch(task_id)
    data = client.ask("GET", f"/suno/fetch/{task_id}").json()["data"]
    assert set(data) == {"id", "text", "title", "status"}


def test_suno_api_lists_the_clips_of_a_song_that_has_not_begun(play: Play, clock: FakeClock) -> None:
    _simulator, client, task_id = play("suno-api", elapsed=0)
    before = client.task(task_id)["data"]
    clock.advance(FAR_LATER)
    assert [clip["status"] for clip in before] == ["submitted", "submitted"]
    assert [clip["id"] for clip in before] == [clip["id"] for clip in client.task(task_id)["data"]]


def test_a_gateway_behind_a_gateway_nests_one_to_three_deep(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run(dialect="nested")
    ids = [simulator.submit() for _ in range(3)]
    clock.advance(FAR_LATER)
    tasks = connect(simulator).batch(ids).json()["data"]
    assert sorted(len(levels_of(task)) for task in tasks) == [2, 3, 4]


def test_the_outer_task_of_a_finished_one_is_still_in_progress_at_100_percent(play: Play) -> None:
    _simulator, client, task_id = play("nested", "artist-name")
    *outer, innermost = levels_of(client.task(task_id))
    assert outer[0]["task_id"] == task_id
    assert {(task["status"], task["progress"]) for task in outer} == {("IN_PROGRESS", "100%")}
    assert (innermost["status"], innermost["fail_reason"]) == ("FAILURE", ARTIST_REASON)
    assert innermost["task_id"] != task_id


def test_an_unfinished_nested_task_has_the_same_word_at_each_level(play: Play) -> None:
    _simulator, client, task_id = play("nested", elapsed=50)
    assert {task["status"] for task in levels_of(client.task(task_id))} == {"IN_PROGRESS"}


def test_a_task_that_the_outer_gateway_failed_itself_has_nothing_within(play: Play) -> None:
    _simulator, client, task_id = play("nested", "channel-gone")
    task = client.task(task_id)
    assert (task["status"], task["data"], task["fail_reason"]) == ("FAILURE", None, CHANNEL_REASON)


def test_the_flat_dialect_is_camel_case_in_milliseconds_as_strings(play: Play) -> None:
    _simulator, client, task_id = play("flat")
    document = client.batch([task_id]).json()
    [task] = document["data"]
    [clip, _other] = task["data"]
    assert document["code"] == 1
    assert task["taskId"] == task_id
    assert all(re.fullmatch(r"\d{13}", task[name]) for name in ("submitTime", "startTime", "finishTime"))
    assert float(clip["duration"]) > 0
    assert {"tags", "prompt", "audioUrl"} <= set(clip)
    assert "metadata" not in clip


def test_the_flat_dialect_has_another_code_for_one_task_and_another_word_for_failure(play: Play) -> None:
    _simulator, client, task_id = play("flat", "artist-name")
    document = client.ask("GET", f"/suno/fetch/{task_id}").json()
    assert document["code"] == 200
    assert document["data"]["status"] == "FAIL"


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"suno-api", "flat"}))
def test_a_single_query_answers_with_the_same_task_as_a_batch(dialect: str, play: Play) -> None:
    _simulator, client, task_id = play(dialect)
    assert client.ask("GET", f"/suno/fetch/{task_id}").json()["data"] == client.task(task_id)


@pytest.mark.parametrize(
    ("dialect", "nothing"),
    [("new-api-2024", None), ("new-api-2026", None), ("one-hub", None), ("nested", None), ("suno-api", [])],
)
def test_when_nothing_is_found_data_is_null_except_at_suno_api(dialect: str, nothing: Any, play: Play) -> None:
    _simulator, client, _task_id = play(dialect)
    assert client.batch(["unheard-of"]).json() == {"code": "success", "message": "", "data": nothing}
    assert client.batch([]).json()["data"] == []


@pytest.mark.parametrize(
    ("dialect", "status", "document"),
    [
        ("new-api-2024", 400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
        ("new-api-2026", 400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
        ("one-hub", 404, {"code": "task_not_exist", "message": ""}),
        ("suno-api", 400, {"code": "invalid_request", "message": "task not exist", "data": None}),
    ],
)
def test_an_unknown_id_is_refused_in_the_words_of_its_gateway(
    dialect: str, status: int, document: dict[str, Any], play: Play
) -> None:
    _simulator, client, _task_id = play(dialect)
    response = client.ask("GET", "/suno/fetch/unheard-of")
    assert (response.status, response.json()) == (status, document)


@pytest.mark.parametrize(
    ("dialect", "keys", "kind"),
    [
        ("new-api-2024", {"message", "type"}, "new_api_error"),
        ("new-api-2026", {"message", "type", "code"}, "new_api_error"),
        ("one-hub", {"message", "type"}, "one_hub_error"),
    ],
)
def test_a_refused_key_has_the_error_shape_of_its_gateway(dialect: str, keys: set[str], kind: str, play: Play) -> None:
    _simulator, client, task_id = play(dialect)
    response = client.ask("GET", f"/suno/fetch/{task_id}", Authorization="Bearer sk-wrong")
    error = response.json()["error"]
    assert response.status == 401
    assert set(error) == keys
    assert error["type"] == kind
    assert error["message"] == f"无效的令牌 (request id: {response.headers['X-Oneapi-Request-Id']})"


def test_suno_api_refuses_a_key_in_its_only_shape_of_errors(play: Play) -> None:
    _simulator, client, task_id = play("suno-api")
    response = client.ask("GET", f"/suno/fetch/{task_id}", Authorization="Bearer sk-wrong")
    assert (response.status, response.json()["code"]) == (401, "invalid_request")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_lyrics_task_ends_in_a_text_with_its_sections(dialect: str, play: Play) -> None:
    _simulator, client, task_id = play(dialect, "lyrics")
    task = client.task(task_id)
    text = levels_of(task)[-1]["data"]
    assert text["status"] == "complete"
    assert "[Verse" in text["text"]
    assert text["title"]
    assert ("id" in text) == (dialect != "new-api-2026")


@pytest.mark.parametrize(
    ("script", "addresses"),
    [
        ("forbidden", "https://studio-api.prod.suno.com/api/forbidden"),
        ("nowhere", "https://cdn1.suno.ai/None.mp3"),
    ],
)
def test_a_complete_clip_may_lead_nowhere(script: str, addresses: str, play: Play) -> None:
    _simulator, client, task_id = play("new-api-2026", script)
    assert {clip["audio_url"] for clip in client.task(task_id)["data"]} == {addresses}


def test_the_address_of_a_clip_is_a_stream_first_and_a_file_later(play: Play, clock: FakeClock) -> None:
    _simulator, client, task_id = play("new-api-2026", "late-address", elapsed=50)
    clip_id = client.task(task_id)["data"][0]["id"]
    seen: dict[str, None] = {}
    for _second in range(FAR_LATER):
        seen[client.task(task_id)["data"][0]["audio_url"]] = None
        clock.advance(1)
    assert list(seen) == [
        f"https://audiopipe.suno.ai/?item_id={clip_id}",
        "",
        f"https://cdn1.suno.ai/{clip_id}.mp3",
    ]


def levels_of(task: dict[str, Any]) -> list[dict[str, Any]]:
    levels = [task]
    while isinstance(levels[-1].get("data"), dict) and "data" in levels[-1]["data"]:
        levels.append(levels[-1]["data"])
    return levels
