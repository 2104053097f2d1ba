"""Clips are found in whatever a gateway wraps them, and never where it wraps tasks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.gateway.families.suno import read_batch, read_single
from ecovai_tui.tasks.model import Kind, Phase, Task

Read = Callable[..., Task]

FIRST = {"id": "c1", "status": "complete", "title": "City Lights", "audio_url": "https://cdn1.suno.ai/c1.mp3"}
SECOND = {"id": "c2", "status": "complete", "title": "City Lights", "audio_url": "https://cdn1.suno.ai/c2.mp3"}
BOTH = [FIRST, SECOND]
QUEUED = [{"id": "c1", "status": "queued"}, {"id": "c2", "status": "queued"}]


def without_id(clip: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in clip.items() if name != "id"}


KEYED = {"c1": without_id(FIRST), "c2": without_id(SECOND)}

LIST_WRAPPERS: dict[str, Callable[[Any], object]] = {
    name: lambda clips, name=name: {name: clips}
    for name in (
        *("clips", "songs", "sunoData", "suno_data", "tracks", "data", "result", "results", "output", "outputs"),
        *("response", "items", "list", "records", "Clips", "generations"),
    )
}

WRAPPERS: dict[str, Callable[[Any], object]] = {
    "nothing": lambda clips: clips,
    **LIST_WRAPPERS,
    "data.data": lambda clips: {"data": {"data": clips}},
    "data.clips": lambda clips: {"data": {"clips": clips}},
    "response.sunoData": lambda clips: {"response": {"taskId": "up", "sunoData": clips}},
    "result.output.items": lambda clips: {"result": {"output": {"items": clips}}},
    "an unknown name in an unknown name": lambda clips: {"payload": {"generations": clips}},
    "a count beside it": lambda clips: {"total": 2, "clips": clips, "page": 1},
    "an empty list before it": lambda clips: {"clips": [], "songs": clips},
    "a null before it": lambda clips: {"clips": None, "data": clips},
    "the reply to a submit": lambda clips: {
        "id": "g",
        "clips": clips,
        "metadata": {"tags": "x"},
        "major_model_version": "v3",
    },
    "a cover beside it": lambda clips: {"image_url": "https://x/cover.png", "clips": clips},
    "a list of one wrapper": lambda clips: [{"clips": clips}],
    "a list in a list": lambda clips: [clips],
    "JSON": json.dumps,
    "JSON in a wrapper": lambda clips: {"clips": json.dumps(clips)},
    "a wrapper in JSON": lambda clips: json.dumps({"clips": clips}),
    "JSON in JSON": lambda clips: json.dumps({"data": json.dumps({"clips": clips})}),
    "an envelope": lambda clips: {"code": "success", "message": "", "data": clips},
    "a task": lambda clips: {"task_id": "up", "status": "SUCCESS", "clips": clips},
    "a task in a task": lambda clips: {
        "task_id": "up",
        "status": "SUCCESS",
        "data": {"task_id": "upper", "status": "SUCCESS", "songs": clips},
    },
    "a word": lambda clips: {"status": "SUCCESS", "clips": clips},
}

SHAPES: dict[str, object] = {
    "a list": BOTH,
    "by id": KEYED,
    "by id, with their ids": {"c1": FIRST, "c2": SECOND},
    "by index": {"0": FIRST, "1": SECOND},
    "by id, one of them as text": {"c1": FIRST, "c2": json.dumps(SECOND)},
    "by id beside a null": {"c1": FIRST, "c2": SECOND, "c3": None},
    "by id beside a count": {"c1": FIRST, "c2": SECOND, "total": 2},
    "texts": [json.dumps(FIRST), json.dumps(SECOND)],
    "one by one": [{"clip": FIRST}, {"clip": SECOND}],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS.keys())
def test_both_clips_are_found_whole(read: Read, wrap: Callable[[Any], object], shape: object) -> None:
    task = read(action="", status="SUCCESS", data=wrap(shape))
    assert [(clip.id, clip.phase, clip.title, clip.has_file) for clip in task.clips] == [
        ("c1", Phase.DONE, "City Lights", True),
        ("c2", Phase.DONE, "City Lights", True),
    ]
    assert (task.id, task.kind, task.phase, task.no_audio, task.note) == ("t1", Kind.MUSIC, Phase.DONE, False, "")


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS.keys())
def test_one_clip_alone_is_found_whole(read: Read, wrap: Callable[[Any], object]) -> None:
    task = read(action="MUSIC", status="SUCCESS", data=wrap(FIRST))
    assert [(clip.id, clip.phase, clip.has_file) for clip in task.clips] == [("c1", Phase.DONE, True)]
    assert (task.phase, task.note) == (Phase.DONE, "")


@pytest.mark.parametrize("name", [name for name in LIST_WRAPPERS if name != "generations"])
def test_clips_that_have_nothing_yet_are_found_under_every_name_that_is_known(read: Read, name: str) -> None:
    task = read(action="MUSIC", status="IN_PROGRESS", data={name: QUEUED})
    assert [(clip.id, clip.phase) for clip in task.clips] == [("c1", Phase.WAITING), ("c2", Phase.WAITING)]
    assert task.phase is Phase.RUNNING


@pytest.mark.parametrize(
    "fields",
    [
        {"clips": BOTH},
        {"songs": KEYED},
        {"data": None, "clips": BOTH},
        {"data": [], "output": BOTH},
        {"data": {}, "result": json.dumps(BOTH)},
        {"response": {"taskId": "up", "sunoData": BOTH}, "type": "GENERATE", "errorMessage": None},
        {"data": {"task_id": "up", "status": "SUCCESS", "data": None, "clips": BOTH}},
    ],
)
def test_clips_that_lie_beside_the_word_of_their_task_are_found(read: Read, fields: dict[str, object]) -> None:
    task = read(action="MUSIC", status="SUCCESS", **fields)
    assert ([clip.id for clip in task.clips], task.phase, task.note) == (["c1", "c2"], Phase.DONE, "")


@pytest.mark.parametrize("shape", [*SHAPES.values(), FIRST])
@pytest.mark.parametrize("name", ["clips", "songs", "sunoData", "output", "result", "items"])
def test_a_single_query_answered_with_wrapped_clips_is_answered(name: str, shape: object) -> None:
    body = json.dumps({"code": "success", "message": "", "data": {name: shape}}).encode()
    task = read_single(body, 200, {}, "t1")
    assert task is not None
    assert (task.id, task.phase, task.clips[0].id) == ("t1", Phase.DONE, "c1")
    assert len(task.clips) == (1 if shape is FIRST else 2)


TASKS = [{"task_id": name, "action": "MUSIC", "status": "SUCCESS", "data": BOTH} for name in ("t1", "t2")]


@pytest.mark.parametrize(
    "data",
    [
        TASKS,
        {"items": TASKS, "total": 2},
        {"tasks": TASKS},
        {"list": {"items": TASKS}},
        {"records": json.dumps(TASKS)},
        {"status": "ok", "items": TASKS},
        {"t1": TASKS[0], "t2": TASKS[1]},
        {"tasks": {"t1": TASKS[0], "t2": TASKS[1]}},
        {"t1": TASKS[0], "t2": TASKS[1], "t3": None},
        {"t1": json.dumps(TASKS[0]), "t2": TASKS[1]},
    ],
)
def test_wrapped_tasks_are_not_taken_for_clips(data: object) -> None:
    body = json.dumps({"code": "success", "message": "", "data": data}).encode()
    found = read_batch(body, 200, {}, ("t1", "t2"))
    assert [(task.id, task.phase, len(task.clips)) for task in found] == [("t1", Phase.DONE, 2), ("t2", Phase.DONE, 2)]
    single = read_single(body, 200, {}, "t2")
    assert single is not None
    assert (single.id, len(single.clips)) == ("t2", 2)


@pytest.mark.parametrize("data", [{"t1": None}, {"t1": None, "t2": ""}, {"items": []}, {"clips": None}])
def test_an_object_that_holds_nothing_is_no_task(data: object) -> None:
    body = json.dumps({"code": "success", "message": "", "data": data}).encode()
    assert read_batch(body, 200, {}, ("t1", "t2")) == ()
    assert read_single(body, 200, {}, "t1") is None


def test_a_clip_keeps_its_own_id_where_it_lies_under_another_name(read: Read) -> None:
    task = read(status="SUCCESS", data={"x": FIRST, "y": without_id(SECOND)})
    assert [clip.id for clip in task.clips] == ["c1", "y"]


def test_lyrics_keep_their_text_whatever_lies_beside_it(read: Read) -> None:
    lyrics = {"text": "[Verse]", "title": "Cats", "status": "complete", "result": {"tokens": 5}, "items": [1]}
    task = read(action="", status="SUCCESS", data=lyrics)
    assert (task.kind, task.clips, task.title) == (Kind.LYRICS, (), "Cats")


def test_wrappers_beyond_all_measure_break_nothing(read: Read) -> None:
    deep: object = BOTH
    for _ in range(60):
        deep = {"clips": [deep]}
    assert read(status="SUCCESS", data=deep).phase is Phase.DONE


NAMES = st.sampled_from(["clips", "songs", "data", "result", "sunoData", "output", "items", "response", "anything"])


@given(st.lists(NAMES, max_size=4), st.sampled_from(list(SHAPES.values())), st.lists(st.booleans(), min_size=4))
def test_any_pile_of_wrappers_is_opened(names: list[str], shape: object, quoted: list[bool]) -> None:
    for name, as_text in zip(names, quoted, strict=False):
        shape = {name: json.dumps(shape) if as_text else shape}
    row = {"task_id": "t1", "action": "MUSIC", "status": "SUCCESS", "data": shape}
    (task,) = read_batch(json.dumps({"code": "success", "data": [row]}).encode(), 200, {})
    assert ([clip.id for clip in task.clips], task.phase, task.note) == (["c1", "c2"], Phase.DONE, "")


def row(task_id: str, status: str = "SUCCESS") -> dict[str, object]:
    return {"task_id": task_id, "action": "MUSIC", "status": status, "data": BOTH}


@pytest.mark.parametrize(
    ("asked", "told", "found"),
    [
        (("ABC-1",), ("abc-1",), {"ABC-1"}),
        (("abc-1",), ("ABC-1",), {"abc-1"}),
        (("ABC-1", "x"), ("x", "abc-1"), {"ABC-1", "x"}),
        (("ABC-1", "abc-1"), ("abc-1",), {"abc-1"}),
        (("ABC-1", "AbC-1"), ("abc-1",), set()),
        (("ABC-1",), ("abc-1", "aBC-1"), set()),
        (("ABC-1",), ("ABC-1", "abc-1"), {"ABC-1"}),
        (("ABC-1", "abc-1"), ("abc-1", "ABC-1"), {"abc-1", "ABC-1"}),
        (("ABC-1", "ABC-1"), ("abc-1",), {"ABC-1"}),
        (("ABC-1",), ("abc-2",), set()),
    ],
)
def test_an_id_is_matched_without_case_when_exactly_one_fits(
    asked: tuple[str, ...], told: tuple[str, ...], found: set[str]
) -> None:
    body = json.dumps({"code": "success", "data": [row(name) for name in told]}).encode()
    assert {task.id for task in read_batch(body, 200, {}, asked)} == found


def test_a_single_query_by_an_id_in_capitals_finds_its_row_among_others() -> None:
    body = json.dumps({"code": "success", "data": [row("other"), row("abc-1", "IN_PROGRESS")]}).encode()
    task = read_single(body, 200, {}, "ABC-1")
    assert task is not None
    assert (task.id, task.status) == ("ABC-1", "IN_PROGRESS")


@pytest.mark.parametrize("inside", [None, {"task_id": "up", "status": "done"}, BOTH])
def test_the_address_of_a_result_in_the_place_of_a_reason_is_no_error(read: Read, inside: object) -> None:
    task = read(status="SUCCESS", fail_reason="https://cdn.example/video.mp4", data=inside)
    assert (task.phase, task.fail_reason) == (Phase.DONE, "")


def test_clips_without_addresses_say_no_audio_where_nobody_said_error(read: Read) -> None:
    for word in ("finished", "queued", "submitted", ""):
        task = read(action="MUSIC", status="SUCCESS", data=[{"id": "c1", "status": word, "title": "x"}])
        assert (task.phase, task.no_audio, task.fail_reason) == (Phase.DONE, True, "")
        assert [clip.phase for clip in task.clips] == [Phase.DONE]
