"""The wrappers around tasks: envelopes of every dialect, nesting, batches with bad members."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecovai_tui.gateway.families.suno import read_batch, read_single
from ecovai_tui.tasks.model import Kind, Phase, Task

CLIP = {"id": "c1", "status": "complete", "audio_url": "https://cdn1.suno.ai/c1.mp3"}
LYRICS = {"id": "t1", "text": "Miau", "title": "Cats", "status": "complete"}
TASK: dict[str, Any] = {"task_id": "t1", "action": "MUSIC", "status": "SUCCESS", "data": [CLIP]}


def batch(document: object, asked: tuple[str, ...] = ()) -> tuple[Task, ...]:
    return read_batch(json.dumps(document).encode(), 200, {}, asked)


def single(document: object) -> Task | None:
    return read_single(json.dumps(document).encode(), 200, {}, "t1")


@pytest.mark.parametrize("code", ["success", "SUCCESS", 0, 1, 200, "0", "1", "200", 200.0, True, None, "", "ok"])
def test_every_code_that_means_success(code: object) -> None:
    assert [task.id for task in batch({"code": code, "message": "", "data": [TASK]})] == ["t1"]


@pytest.mark.parametrize(
    "document",
    [
        {"code": "success", "message": "", "data": [TASK]},
        {"code": "success", "data": TASK},
        {"code": "success", "data": json.dumps([TASK])},
        {"code": 200, "msg": "成功", "data": TASK, "exec_time": 0},
        {"success": True, "message": "", "data": {"items": [TASK], "total": 1, "page": 1, "page_size": 10}},
        {"data": [TASK]},
        {"code": "success", "data": {"t1": {key: TASK[key] for key in ("action", "status", "data")}}},
        [TASK],
        TASK,
        json.dumps({"code": "success", "data": [TASK]}),
    ],
)
def test_every_envelope_and_none(document: object) -> None:
    (task,) = batch(document, ("t1",))
    assert (task.id, task.phase, task.kind) == ("t1", Phase.DONE, Kind.MUSIC)
    assert single(document) == task


@pytest.mark.parametrize(
    "document",
    [{"code": "success", "data": None}, {"code": "success"}, {"code": "success", "data": []}, [], {"data": {}}],
)
def test_nothing_found(document: object) -> None:
    assert batch(document, ("t1",)) == ()
    assert single(document) is None


def test_a_second_document_after_the_first_is_ignored() -> None:
    body = json.dumps({"code": "success", "data": [TASK]}) + '{"code":"insert_task_failed","message":"x","data":null}'
    assert [task.id for task in read_batch(body.encode(), 200, {})] == ["t1"]


def test_a_success_under_text_plain_with_a_byte_order_mark_is_read() -> None:
    body = b"\xef\xbb\xbf\n" + json.dumps({"code": "success", "data": [TASK]}).encode()
    assert len(read_batch(body, 200, {"Content-Type": "text/plain"})) == 1


@pytest.mark.parametrize("body", [b'{"code":"success","data":[{"task_id":"t1","quota":NaN,"x":Infinity,"y":1e999}]}'])
def test_numbers_that_json_does_not_know_are_nothing(body: bytes) -> None:
    (task,) = read_batch(body, 200, {})
    assert json.loads(task.source) == {"task_id": "t1", "quota": None, "x": None, "y": None}


def test_absurdly_long_numbers_are_nothing() -> None:
    body = b'{"code":"success","data":[{"task_id":"t1","status":"SUCCESS","submit_time":' + b"9" * 9999 + b"}]}"
    (task,) = read_batch(body, 200, {})
    assert (task.phase, task.submitted_at) == (Phase.DONE, None)


@pytest.mark.parametrize(
    ("inside", "kind"), [([CLIP], Kind.MUSIC), ([CLIP, CLIP], Kind.MUSIC), (CLIP, Kind.MUSIC), (LYRICS, Kind.LYRICS)]
)
def test_suno_api_answers_a_single_query_with_the_inside_of_the_task(inside: object, kind: Kind) -> None:
    task = single({"code": "success", "message": "", "data": inside})
    assert task is not None
    assert (task.id, task.kind, task.phase) == ("t1", kind, Phase.DONE)


def test_a_single_query_is_answered_by_the_task_whatever_a_chain_calls_it() -> None:
    task = single({"code": "success", "data": TASK | {"task_id": "upstream-id"}})
    assert task is not None
    assert task.id == "t1"


def test_a_single_query_answered_with_many_takes_the_one_that_was_asked_for() -> None:
    others = [TASK | {"task_id": name} for name in ("a", "b")]
    found = single({"code": "success", "data": [*others, TASK]})
    assert found is not None
    assert found.id == "t1"
    assert single({"code": "success", "data": others}) is None


def test_a_clip_that_is_watched_by_its_own_id_is_a_task_of_one_clip() -> None:
    (task,) = batch([CLIP | {"title": "x"}], ("c1",))
    assert (task.id, task.phase, len(task.clips), task.kind) == ("c1", Phase.DONE, 1, Kind.MUSIC)


def nested(*words: str, inside: object) -> dict[str, object]:
    """Return tasks within tasks, the words from the outside inwards."""
    content = inside
    for depth, word in reversed(list(enumerate(words))):
        content = {"task_id": f"level-{depth}", "action": "MUSIC", "status": word, "progress": "100%", "data": content}
    assert isinstance(content, dict)
    return content | {"task_id": "t1"}


@pytest.mark.parametrize(
    ("words", "phase", "word"),
    [
        (("IN_PROGRESS", "SUCCESS"), Phase.DONE, "SUCCESS"),
        (("IN_PROGRESS", "IN_PROGRESS", "SUCCESS"), Phase.DONE, "SUCCESS"),
        (("IN_PROGRESS", "", "IN_PROGRESS", "SUCCESS"), Phase.DONE, "SUCCESS"),
        (("SUCCESS", "FAILURE"), Phase.FAILED, "FAILURE"),
        (("FAILURE", "SUCCESS"), Phase.DONE, "SUCCESS"),
        (("FAILURE", "IN_PROGRESS"), Phase.FAILED, "FAILURE"),
        (("SUCCESS", "IN_PROGRESS", ""), Phase.DONE, "SUCCESS"),
        (("NOT_START", "IN_PROGRESS"), Phase.RUNNING, "IN_PROGRESS"),
        (("IN_PROGRESS", ""), Phase.RUNNING, "IN_PROGRESS"),
        (("IN_PROGRESS", "MODAL"), Phase.WAITING, "MODAL"),
        (("QUEUED", "queueing"), Phase.WAITING, "QUEUED"),
        (("IN_PROGRESS", "Preparing"), Phase.RUNNING, "IN_PROGRESS"),
        (("QUEUED", "IN_PROGRESS", "preparing", "10000"), Phase.RUNNING, "IN_PROGRESS"),
        (("FAILURE", "queueing"), Phase.FAILED, "FAILURE"),
        (("SUCCESS", "3"), Phase.DONE, "SUCCESS"),
        (("UNKNOWN", "queueing"), Phase.UNKNOWN, "queueing"),
        (("UNKNOWN", ""), Phase.UNKNOWN, "UNKNOWN"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda task: task, json.dumps, lambda task: [task]])
def test_the_innermost_final_word_wins(words: tuple[str, ...], phase: Phase, word: str, wrap: Any) -> None:
    outer = nested(*words, inside=None)
    outer["data"] = wrap(outer["data"])
    (task,) = batch({"code": "success", "data": [outer]}, ("t1",))
    assert (task.id, task.phase, task.status) == ("t1", phase, word)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_clips_are_found_four_deep(depth: int) -> None:
    (task,) = batch([nested(*["IN_PROGRESS"] * depth, "SUCCESS", inside=[CLIP])])
    assert (task.phase, [clip.id for clip in task.clips], task.kind) == (Phase.DONE, ["c1"], Kind.MUSIC)


def test_lyrics_are_found_inside_a_nested_task() -> None:
    inner = {"data": {"text": "Miau", "tags": ["a"]}, "action": "LYRICS", "status": "SUCCESS", "task_id": "up"}
    (task,) = batch([{"task_id": "t1", "action": "", "status": "IN_PROGRESS", "progress": "100%", "data": inner}])
    assert (task.kind, task.phase) == (Kind.LYRICS, Phase.DONE)
    assert task.lyrics is not None
    assert task.lyrics.text == "Miau"


def test_an_envelope_inside_a_task_is_opened() -> None:
    (task,) = batch(
        [{"task_id": "t1", "status": "IN_PROGRESS", "data": {"code": "success", "message": "", "data": TASK}}]
    )
    assert (task.id, task.phase, len(task.clips)) == ("t1", Phase.DONE, 1)


def test_the_outer_gateway_tells_when_it_began_and_the_deciding_one_when_it_ended() -> None:
    inner = TASK | {"submit_time": 20, "start_time": 30, "finish_time": 40}
    (task,) = batch([{"task_id": "t1", "status": "IN_PROGRESS", "submit_time": 10, "finish_time": 0, "data": inner}])
    assert (task.submitted_at, task.started_at, task.finished_at) == (10, 30, 40)


def test_a_task_given_up_by_an_outer_gateway_is_failed_with_its_reason() -> None:
    inner = {"task_id": "x", "status": "IN_PROGRESS", "data": None}
    outer = {"task_id": "t1", "status": "IN_PROGRESS", "progress": "100%", "fail_reason": "gave up", "data": inner}
    (task,) = batch([outer])
    assert (task.phase, task.fail_reason) == (Phase.FAILED, "gave up")


def test_a_task_nested_beyond_all_measure_is_unknown_with_a_note() -> None:
    (task,) = batch([nested(*["IN_PROGRESS"] * 20, inside=[CLIP])])
    assert (task.id, task.phase) == ("t1", Phase.UNKNOWN)
    assert "nested too deep" in task.note


@pytest.mark.parametrize("bad", [None, 5, "x", [], {}, {"status": "SUCCESS"}, {"task_id": None}, {"task_id": {}}])
def test_a_bad_member_of_a_batch_does_not_lose_the_other_49(bad: object) -> None:
    tasks = [TASK | {"task_id": f"t{number}"} for number in range(49)]
    found = batch({"code": "success", "data": [*tasks[:20], bad, *tasks[20:]]})
    assert [task.id for task in found] == [f"t{number}" for number in range(49)]


def test_a_task_that_breaks_its_reader_is_unknown_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_on_t2(content: object, kind: Kind) -> object:
        raise ValueError

    monkeypatch.setattr("ecovai_tui.gateway.families.suno.read_content", break_on_t2)
    (task,) = batch([{"task_id": "t\x1b[31m2", "status": "SUCCESS"}])
    assert (task.id, task.phase, task.note) == ("t2", Phase.UNKNOWN, "it could not be read")


def test_tasks_that_nobody_asked_for_are_left_out() -> None:
    tasks = [TASK | {"task_id": name} for name in ("b", "a", "c")]
    assert {task.id for task in batch(tasks, ("a", "b"))} == {"a", "b"}


@pytest.mark.parametrize(
    ("told", "asked"),
    [(17350521802760039, "17350521802760039"), (1735052180.0, "1735052180"), ("t\x1b[0m1\u200b", "t1"), (" t1 ", "t1")],
)
def test_ids_are_matched_as_clean_text(told: object, asked: str) -> None:
    assert [task.id for task in batch([TASK | {"task_id": told}], (asked,))] == [asked]


def test_the_row_id_of_2026_is_not_the_id_of_the_task() -> None:
    assert [task.id for task in batch([TASK | {"id": 4711}])] == ["t1"]


@pytest.mark.parametrize("words", [("SUCCESS", "IN_PROGRESS"), ("IN_PROGRESS", "SUCCESS")])
def test_of_two_rows_of_one_task_the_final_one_counts(words: tuple[str, str]) -> None:
    (task,) = batch([{"task_id": "t1", "status": word} for word in words])
    assert task.phase is Phase.DONE


def test_of_two_open_rows_of_one_task_the_newer_counts() -> None:
    rows = [{"task_id": "t1", "status": word, "start_time": time} for word, time in (("IN_PROGRESS", 9), ("QUEUED", 0))]
    (task,) = batch(rows)
    assert task.phase is Phase.RUNNING
