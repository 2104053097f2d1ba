from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.commands.id_shapes import ids_in_text, looks_like_id
from ecovai_tui.commands.ids import IdFinder, find_ids, unique
from ecovai_tui.commands.piped import whole_lines

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
CLIP = "ee97a08d-b10e-4b0c-8a4f-2f2b2d2a4f6e"
HEX = "0123456789abcdef0123456789abcdef"
PUBLIC = "task_Ab3dEf6hIj9lMn2pQr5tUv8xYz1B4dFg"
DIGITS = "17350521802760039"
SHAPES = (UUID, HEX, PUBLIC, DIGITS)

SONG = {
    "task_id": UUID,
    "action": "MUSIC",
    "status": "SUCCESS",
    "data": [{"id": CLIP, "audio_url": f"https://cdn1.suno.ai/{CLIP}.mp3", "metadata": {"prompt": "x"}}],
}


@pytest.mark.parametrize("word", [*SHAPES, UUID.upper(), "task_abcd"])
def test_a_word_of_a_known_shape_looks_like_an_id(word: str) -> None:
    assert looks_like_id(word)


@pytest.mark.parametrize("word", ["fetch", "ls", "", "12345678901234", HEX[:-1], UUID[:-1], "task_", UUID + "\n", "-"])
def test_any_other_word_does_not_look_like_an_id(word: str) -> None:
    assert not looks_like_id(word)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (UUID, [UUID]),
        (f"{UUID}\n{HEX}\n{PUBLIC}\n{DIGITS}\n", list(SHAPES)),
        (f"  {UUID}  \r\n\r\n{HEX}", [UUID, HEX]),
        (f'"{UUID}",', [UUID]),
        ("odd.id:17-x", ["odd.id:17-x"]),
        (json.dumps({"code": "success", "message": "", "data": UUID}), [UUID]),
        (json.dumps({"code": "success", "data": "any-shape!"}), ["any-shape!"]),
        (json.dumps({"code": 1, "description": "提交成功", "result": DIGITS}), [DIGITS]),
        (json.dumps(SONG), [UUID]),
        (json.dumps({"code": "success", "data": [SONG, {"task_id": HEX, "data": None}]}), [UUID, HEX]),
        (json.dumps({"code": "success", "data": [SONG]}, indent=2), [UUID]),
        (json.dumps(SONG) + "\n" + json.dumps({"task_id": PUBLIC}) + "\n", [UUID, PUBLIC]),
        (json.dumps({"ids": [UUID, 17350521802760039, "odd"], "action": ""}), [UUID, DIGITS, "odd"]),
        (json.dumps([UUID, HEX]), [UUID, HEX]),
        (json.dumps({"id": 12, "task_id": PUBLIC, "platform": "suno"}), [PUBLIC]),
        (json.dumps({"tasks": [{"id": UUID, "kind": "music", "clips": [{"id": CLIP}]}]}), [UUID]),
        (json.dumps({"at": "…", "event": "final", "task": {"id": UUID, "kind": "music"}}), [UUID]),
        (json.dumps({"level": "info", "msg": f"submitted {UUID}", "request_id": CLIP}), [UUID]),
        (f"https://api.ecovai.cn/suno/fetch/{UUID}", [UUID]),
        (f"GET https://api.ecovai.cn/suno/fetch/{DIGITS}?x=1", [DIGITS]),
        (f"2024-05-20 07:55:49 INFO submitted task {UUID} (request id: {CLIP})", [UUID]),
        (f'[INFO] reply={json.dumps({"code": "success", "data": "odd-1"})} took 3s', ["odd-1"]),
        (f"[INFO] reply={json.dumps(SONG)} took 3s", [UUID]),
        (f"[2024-05-20 07:55] {PUBLIC} queued, {HEX} queued", [PUBLIC, HEX]),
        (f'version = 1\nids = [\n    "{UUID}",\n    "{HEX}",\n]\n', [UUID, HEX]),
        (f"{UUID} {UUID}", [UUID]),
        (f"{UUID}\0first-id-1\0{PUBLIC}\0", [UUID, "first-id-1", PUBLIC]),
    ],
)  # fmt: skip
def test_ids_are_found_in_whatever_is_piped_in(text: str, ids: list[str]) -> None:
    assert find_ids(text) == ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "hello world",
        "no-digit-here",
        "2024-05-20",
        "127.0.0.1",
        "1716191749",
        json.dumps({"code": "task_not_exist", "message": "task_not_exist", "data": None}),
        json.dumps({"code": "success", "message": "", "data": None}),
        json.dumps({"error": {"message": f"Invalid token (request id: {CLIP})", "type": "new_api_error"}}),
        json.dumps([{"id": CLIP, "audio_url": "", "title": "a bare clip"}]),
        f"https://cdn1.suno.ai/{CLIP}.mp3",
        f"https://audiopipe.suno.ai/?item_id={CLIP}",
        "error task_not_exist",
        "<!doctype html><html><head></head></html>",
        "[" * 5000,
        "{" * 5000,
    ],
)
def test_nothing_is_found_where_no_task_is_named(text: str) -> None:
    assert find_ids(text) == []


def test_a_reply_that_is_cut_short_gives_the_tasks_that_are_whole() -> None:
    whole = json.dumps({"code": "success", "data": [SONG, {**SONG, "task_id": HEX}]}, indent=2)
    assert find_ids(whole[: whole.rindex('"task_id"')]) == [UUID]


def test_an_id_is_told_as_soon_as_its_line_is_whole() -> None:
    finder = IdFinder()
    assert finder.feed(UUID[:10]) == []
    assert finder.feed(UUID[10:] + "\n" + HEX) == [UUID]
    assert finder.close() == [HEX]


def test_a_log_line_that_opens_a_bracket_does_not_hold_up_those_after_it() -> None:
    finder = IdFinder()
    assert finder.feed("[begin of the log\n") == []
    assert finder.feed(f"{UUID}\n") == [UUID]


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert all(isinstance(found, str) for found in find_ids(text))


@given(st.lists(st.sampled_from(SHAPES), unique=True), st.data())
def test_the_pieces_in_which_a_text_comes_make_no_difference(ids: list[str], data: st.DataObject) -> None:
    documents = [json.dumps({"code": "success", "data": [{"task_id": each}]}, indent=2) for each in ids]
    text = "\n".join(document for pair in zip(ids, documents, strict=True) for document in pair)
    cut = data.draw(st.integers(0, len(text)))
    finder = IdFinder()
    assert unique([*finder.feed(text[:cut]), *finder.feed(text[cut:]), *finder.close()]) == ids


def test_a_number_of_thousands_of_digits_hides_no_id() -> None:
    number = "1" * 5000
    assert find_ids(f'{{"task_id": {number}}}\n{UUID}') == [UUID]
    assert find_ids(f'[{{"task_id": "{HEX}"}},\n{{"x": {number}}}]\n{UUID}') == [HEX, UUID]


@pytest.mark.parametrize("depth", [400, 900, 5000])
def test_a_document_that_is_nested_deep_hides_no_id(depth: int) -> None:
    deep = '{"a":' * depth + f'{{"task_id": "{HEX}"}}' + "}" * depth
    assert find_ids(f"{deep}\n{UUID}") == [HEX, UUID]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(json_values)
def test_ids_survive_any_surroundings_in_json(value: object) -> None:
    assert UUID in find_ids(json.dumps({"wrapped": {"extra": value, "inner": [{"task_id": UUID, "data": value}]}}))


@pytest.mark.parametrize("gap", [" ", ",", ";", "\t", " | ", '"'])
def test_ids_stand_apart_by_any_gap(gap: str) -> None:
    assert ids_in_text(gap.join(["x", UUID, HEX, PUBLIC, "y"])) == [UUID, HEX, PUBLIC]


def test_lines_are_whole_in_whatever_pieces_they_come() -> None:
    pieces = [b"one\ntwo\nth", b"ree", b"", b"\n\xe5\xa4", b"\x9c\n", b"rest"]
    assert list(whole_lines(pieces)) == ["one\ntwo\n", "three\n", "夜\n", "rest"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("size", [4, 5, 64])
def test_the_encoding_is_seen_by_the_first_bytes(encoding: str, size: int) -> None:
    written = f"{UUID}\r\n{json.dumps(SONG | {'task_id': HEX, 'title': '夜'}, ensure_ascii=False)}\r\n".encode(encoding)
    pieces = [written[start : start + size] for start in range(0, len(written), size)]
    assert find_ids("".join(whole_lines(pieces))) == [UUID, HEX]


class Piece(bytes):
    """A piece of a line that counts the bytes which are copied to append it."""

    copied = 0

    def __radd__(self, before: bytes) -> bytes:
        Piece.copied += len(before)
        return before + bytes(self)


def test_a_very_long_line_is_not_copied_for_each_of_its_pieces() -> None:
    assert list(whole_lines([Piece(b"x" * 1000)] * 100)) == ["x" * 100_000]
    assert Piece.copied == 0


def test_a_long_document_is_read_in_one_go(tmp_path: Path) -> None:
    tasks = [{**SONG, "task_id": f"task_{number:032}"} for number in range(2000)]
    text = json.dumps({"code": "success", "data": tasks}, indent=1)
    assert find_ids(text) == [task["task_id"] for task in tasks]
