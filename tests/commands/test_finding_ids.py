from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.id_shapes import ids_in_text, looks_like_id
from ecovai_tui.commands.shared.ids import IdFinder, find_ids, read_ids
from ecovai_tui.commands.shared.target_ids import ids_of_word, refused, whole_lines

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
        (json.dumps({"code": 1, "description": "提交成功", "result": DIGITS}), [f"midjourney:{DIGITS}"]),
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


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('{"code":22,"description":"queued","result":1735052180276003}', ["midjourney:1735052180276003"]),
        ('{"code":0,"message":"SUCCEED","data":{"task_id":"827000","task_status":"submitted"}}', ["kling:827000"]),
        (json.dumps({"id": UUID, "polling_url": f"https://api.bfl.ai/v1/get_result?id={UUID}"}), [f"flux:{UUID}"]),
        (json.dumps({"id": UUID, "state": "queued", "created_at": "2026-06-18T14:47:43Z"}), [f"luma:{UUID}"]),
        ('{"id":"video_68f0a1","object":"video","status":"queued"}', ["openai-video:video_68f0a1"]),
        (json.dumps({"id": PUBLIC, "task_id": PUBLIC, "object": "video", "status": "queued"}), [PUBLIC]),
        (f'POST /runway/feed 200 {{"task_id":"{UUID}"}}', [f"runway:{UUID}"]),
        ('POST /kling/v1/videos/image2video {"code":0,"data":{"task_id":"8270","task_status":"submitted"}}',
         ["kling/image2video:8270"]),
        (f"GET https://api.ecovai.cn/luma/v1/task?id={UUID} 200", [f"luma:{UUID}"]),
        ("GET /kling/v1/videos/text2video/827000000000000001", ["kling/text2video:827000000000000001"]),
        (f"POST /kling/v1/videos/text2video answers {PUBLIC}", [PUBLIC]),
        (f"midjourney:{DIGITS} kling/text2video:8270\n{UUID}",
         [f"midjourney:{DIGITS}", "kling/text2video:8270", UUID]),
        (f"watching runway:{UUID} now", [f"runway:{UUID}"]),
        (json.dumps({"tasks": [{"id": f"luma:{UUID}", "family": "luma", "kind": "video"}]}), [f"luma:{UUID}"]),
        (f"suno:{UUID}", [UUID]),
    ],
)  # fmt: skip
def test_the_family_of_an_id_is_told_by_its_reply_its_path_or_its_prefix(text: str, ids: list[str]) -> None:
    assert find_ids(text) == ids


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
    found = [*finder.feed(text[:cut]), *finder.feed(text[cut:]), *finder.close()]
    assert list(dict.fromkeys(found)) == ids


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


ODD, OTHER = "odd-1", "odd.id:17-x"


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ({"code": 200, "data": {"taskId": ODD}}, [ODD]),
        ({"code": 200, "data": {"TaskID": 17350521802760039}}, [DIGITS]),
        ({"code": "200", "msg": "ok", "data": {"task-id": ODD}}, [ODD]),
        ({"success": True, "message": "", "data": ODD}, [ODD]),
        ({"code": "success", "data": [ODD, OTHER]}, [ODD, OTHER]),
        ({"code": 1, "result": 1320098173412546}, ["1320098173412546"]),
        ({"code": 22, "description": "排队中", "result": "1320098173412546"}, ["midjourney:1320098173412546"]),
        ({"code": 200, "data": {"id": UUID, "status": "queued"}}, [UUID]),
        ({"code": 200, "data": {"id": CLIP, "status": "queued", "audio_url": ""}}, []),
        ({"result": {"task_ids": [ODD, 17350521802760039]}}, [ODD, DIGITS]),
        ({"result": {"taskIds": f"{ODD}, {OTHER}"}}, [ODD, OTHER]),
        ({"task_id": [ODD, OTHER]}, [ODD, OTHER]),
        ({"data": UUID}, [UUID]),
        ({"data": 17350521802760039}, [DIGITS]),
        ([17350521802760039, UUID], [DIGITS, UUID]),
        ({"id": PUBLIC, "object": "video", "status": "queued"}, [PUBLIC]),
        ({"body": json.dumps({"code": "success", "data": ODD})}, [ODD]),
        ({"response": json.dumps({"body": json.dumps({"code": 1, "result": ODD})})}, [ODD]),
        (json.dumps({"code": "success", "data": ODD}), [ODD]),
        ({"level": "info", "msg": f'reply {json.dumps({"code": "success", "data": ODD})}'}, [ODD]),
        ({"task_id": f" {ODD}\u200b\r\n"}, [ODD]),
        ({"code": "success", "data": "null"}, []),
        ({"code": 200, "message": "ok", "data": "success"}, []),
        ({"task_id": "undefined", "data": None}, []),
        ({"task_id": "None"}, []),
        ({"task_id": True}, []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2])
def test_ids_are_found_in_the_replies_of_every_gateway(value: object, ids: list[str], indent: int | None) -> None:
    assert find_ids(json.dumps(value, indent=indent)) == ids


NO_TASKS = (
    "req", "request", "request_id", "request id", "requestId", "X-Request-Id", "x-oneapi-request-id", "reqid", "trace",
    "trace_id", "traceID", "span", "parent_span_id", "session", "sid", "user_id", "userId", "uid", "channel",
    "channel_id", "clip_id", "clip", "item_id", "parent_task_id", "correlation-id", "aws_request_id", "message_id",
    "请求ID",
)  # fmt: skip
JOINTS = ("=", ": ", "：", '="', '": "', " = ", "=[", '\\":\\"', "['")


@pytest.mark.parametrize("name", NO_TASKS)
@pytest.mark.parametrize("joint", JOINTS)
@pytest.mark.parametrize("value", [UUID, HEX])
def test_what_is_said_to_be_another_things_id_is_no_task(name: str, joint: str, value: str) -> None:
    assert find_ids(f"{name}{joint}{value}") == []
    assert find_ids(f"07:55:49 INFO {name}{joint}{value} submitted {PUBLIC}") == [PUBLIC]


@pytest.mark.parametrize("name", NO_TASKS)
def test_what_json_names_otherwise_is_no_task(name: str) -> None:
    assert find_ids(json.dumps({name: UUID, "task_id": HEX})) == [HEX]
    assert find_ids(json.dumps({name: UUID, "msg": f"submitted {HEX}"})) == [HEX]
    assert find_ids(json.dumps({"x": {name: [UUID]}})) == []


@pytest.mark.parametrize("text", [f"req-{UUID}", f"req_{UUID}", f"request {UUID}", f"[session {HEX}]", f"trace/{HEX}"])
def test_a_word_before_it_can_make_an_id_another_things(text: str) -> None:
    assert find_ids(text) == []


@pytest.mark.parametrize("name", ["task", "task_id", "taskId", "job", "id", "song", "freq", "submitted", "in-flight"])
@pytest.mark.parametrize("joint", ["=", ": ", '="', '": "'])
def test_any_other_name_may_be_a_tasks(name: str, joint: str) -> None:
    assert find_ids(f"INFO {name}{joint}{UUID} took 3s") == [UUID]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"task_id={DIGITS} queued", [DIGITS]),
        ("taskId: odd-id-17, queued", ["odd-id-17"]),
        ("任务ID：odd-id-17", ["odd-id-17"]),
        ("task id: pending", []),
        (f"{UUID},{DIGITS}", [UUID, DIGITS]),
        ("odd-id-17, odd-id-18；odd-id-19", ["odd-id-17", "odd-id-18", "odd-id-19"]),
        ("“odd-id-17”", ["odd-id-17"]),
        ("\ufeffodd-id-17\xa0\u200b", ["odd-id-17"]),
        (f"「{UUID}」、（{HEX}）。", [UUID, HEX]),
        ("localhost:8080", []),
        ("127.0.0.1:8080", []),
        ("07:55:49.123", []),
        ("song-number-1.mp3", []),
        ("submit-2026.log.1", []),
        ("null", []),
    ],
)
def test_ids_are_told_from_what_stands_in_lists_and_logs(text: str, ids: list[str]) -> None:
    assert find_ids(text) == ids


AROUND = st.text(st.sampled_from(" \t\xa0\u200b\ufeff\u3000\"'“”‘’「」,;，；、\u2060"), max_size=4)


@given(st.sampled_from([*SHAPES, "odd-id-17", "Odd.id:17-x"]), AROUND, AROUND)
def test_what_is_not_seen_or_only_quotes_is_no_part_of_an_id(name: str, before: str, behind: str) -> None:
    assert find_ids(f"{before}{name}{behind}\r\n") == [name]
    assert ids_of_word(f"{before}{name}{behind}\r") == [name]


@given(
    st.lists(st.sampled_from([*SHAPES, "x", "a:b.c", "job#17(2)"]), min_size=1),
    st.sampled_from([",", ";", ", ", "，", "\n"]),
)
def test_ids_in_one_word_are_parted(ids: list[str], gap: str) -> None:
    assert ids_of_word(gap.join(ids)) == ids
    assert ids_of_word(gap.join(ids) + gap) == ids


@pytest.mark.parametrize(
    "word", [f"{UUID} {PUBLIC}", f"{UUID}\t{PUBLIC}", f'"{UUID}","{PUBLIC}"', f"[{UUID}, {PUBLIC}]"]
)
def test_ids_with_blanks_or_quotes_between_them_are_parted(word: str) -> None:
    assert ids_of_word(word) == [UUID, PUBLIC]


PLAINLY_NONE = (
    "null", "undefined", "None", "true", "False", "NULL", '"null"', "nil", "NaN", "submit.log", "a.JSON", "ids.txt",
    "out.log.1", "x.tar.gz", ".env", "pyproject.toml", "song-17.mp3", f"{UUID}.json", f"{UUID},null", "x;submit.log",
)  # fmt: skip


@pytest.mark.parametrize("word", PLAINLY_NONE)
def test_what_is_plainly_no_id_is_refused_and_the_way_to_mean_it_said(word: str) -> None:
    with pytest.raises(UsageError, match="--any-shape"):
        ids_of_word(word)


@pytest.mark.parametrize("word", [word for word in PLAINLY_NONE if '"' not in word])
def test_what_is_plainly_no_id_is_taken_where_any_shape_is_asked_for(word: str) -> None:
    assert ids_of_word(word, any_shape=True) == [word]


def test_the_name_of_a_file_that_is_there_is_no_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ids_of_word("submitted") == ["submitted"]
    for name in ("submitted", UUID):
        (tmp_path / name).touch()
    for word in ("submitted", "./submitted", str(tmp_path / "submitted")):
        with pytest.raises(UsageError, match="name of a file"):
            ids_of_word(word)
    assert ids_of_word(UUID) == [UUID], "whatever a known shape is the name of"


@pytest.mark.parametrize(
    "word", ["", " ", "\u200b", "''", ",", "é", "x" * 192, "two words", "x\u200by", "-x", "a\x1bb"]
)
def test_what_cannot_be_an_id_is_shown_as_it_is(word: str) -> None:
    with pytest.raises(UsageError, match="cannot be an id") as raised:
        ids_of_word(word)
    assert all(letter.isprintable() for letter in str(raised.value))
    assert ("<U+200B>" in str(raised.value)) == ("\u200b" in word)


def test_a_listed_word_is_an_id_as_it_stands_but_for_several_of_known_shapes() -> None:
    listed = {"a,b", "null", f"{UUID},{HEX}"}
    assert ids_of_word("a,b", listed=listed) == ["a,b"]
    assert ids_of_word("null", listed=listed) == ["null"]
    assert ids_of_word(f"{UUID},{HEX}", listed=listed) == [UUID, HEX]


REFUSALS = [
    {"code": "invalid_request", "message": "prompt_empty", "data": None},
    {"code": "prompt_empty", "data": None},
    {"error": {"message": "prompt_empty", "type": "new_api_error", "code": ""}},
    {"error": "prompt_empty"},
    {"description": "prompt_empty", "code": 4},
    {"type": "upstream_error", "description": "prompt_empty", "code": 24},
    {"success": False, "message": "prompt_empty"},
    {"code": 500, "msg": "prompt_empty", "data": "nothing"},
    {"status": "error", "message": "prompt_empty"},
    {"detail": "prompt_empty"},
    {"level": "info", "reply": {"code": "invalid_request", "message": "prompt_empty", "data": None}},
    {"body": json.dumps({"code": "invalid_request", "message": "prompt_empty", "data": None})},
]


@pytest.mark.parametrize("reply", REFUSALS)
@pytest.mark.parametrize("frame", ["{}", "INFO reply={} took 3s", "{}\n{}"])
def test_a_refusal_of_the_gateway_is_seen_and_its_words_kept(reply: object, frame: str) -> None:
    ids, refusals = read_ids(f"{UUID}\n" + frame.replace("{}", json.dumps(reply)))
    assert ids == [UUID]
    assert "prompt_empty" in refused(refusals).detail
    assert refused(refusals).detail.count("prompt_empty") == 1


@pytest.mark.parametrize(
    "value",
    [
        {"code": "success", "message": "", "data": None},
        {"code": 1, "description": "提交成功", "result": DIGITS},
        {"task_id": UUID, "status": "FAILURE", "error": "x", "fail_reason": "x"},
        {"level": "error", "msg": f"asked for {UUID}", "error": "timeout"},
        {"tasks": [{"id": UUID, "kind": "music", "clips": [{"id": CLIP, "error": "audio error"}]}]},
        [{"id": CLIP, "audio_url": "", "error": "moderation"}],
        {"data": {"x": 1}},
        SONG,
    ],
)
def test_what_is_no_refusal_is_not_taken_for_one(value: object) -> None:
    assert read_ids(json.dumps(value))[1] == []


def test_of_many_refusals_some_are_told() -> None:
    _, refusals = read_ids("\n".join(json.dumps({"code": f"no_{number}", "data": None}) for number in range(9)))
    assert refused(refusals).detail == "no_0; no_1; no_2; and 6 more"


def test_a_long_log_is_read_quickly_whatever_stands_in_it() -> None:
    lines = (
        "request-" * 20_000,
        "task_" * 20_000,
        "[a-" * 20_000,
        ("x-" * 20_000) + UUID,
        "id=" * 20_000,
        '\\"{' * 9_000,
    )
    assert all(len(find_ids(line)) <= 1 for line in lines)
