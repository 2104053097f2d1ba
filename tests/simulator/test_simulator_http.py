from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from simulator_harness import Connect, FakeClock, Run

from ecovai_tui.simulator.scripts import ARTIST_REASON


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/suno/fetch"),
        ("POST", "/suno/fetch/some-id"),
        ("POST", "/suno/fetsch"),
        ("POST", "/suno/uploads/audio-url"),
        ("GET", "/suno/submit/music"),
        ("PUT", "/suno/fetch"),
    ],
)
def test_an_unknown_path_answers_200_with_a_web_page(method: str, path: str, run: Run, connect: Connect) -> None:
    response = connect(run()).ask(method, path, b"")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"New API" in response.body


@pytest.mark.parametrize("path", ["/v1/suno/fetch", "/api/suno/fetch"])
def test_a_wrong_prefix_answers_404_with_json(path: str, run: Run, connect: Connect) -> None:
    response = connect(run()).ask("POST", path, {"ids": []})
    assert response.status == 404
    assert response.json() == {
        "error": {"message": f"Invalid URL (POST {path})", "type": "invalid_request_error", "param": "", "code": ""}
    }


def test_a_trailing_slash_is_redirected(run: Run, connect: Connect) -> None:
    response = connect(run()).ask("POST", "/suno/fetch/", {"ids": []})
    assert (response.status, response.headers["Location"]) == (307, "/suno/fetch")


@pytest.mark.parametrize("form", ["Bearer {}", "{}", "bearer {}", " Bearer  {} "])
def test_the_key_is_taken_with_or_without_bearer(form: str, run: Run, connect: Connect) -> None:
    simulator = run()
    client = connect(simulator)
    response = client.ask("POST", "/suno/fetch", {"ids": []}, Authorization=form.format(simulator.key))
    assert response.status == 200


@pytest.mark.parametrize(("sent", "words"), [("", "未提供令牌"), ("Bearer sk-sim-wrong", "无效的令牌")])
def test_a_missing_or_wrong_key_is_refused(sent: str, words: str, run: Run, connect: Connect) -> None:
    response = connect(run()).ask("POST", "/suno/fetch", {"ids": []}, Authorization=sent)
    assert response.status == 401
    assert response.json()["error"]["message"].startswith(words)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "EOF"),
        (b'{"ids": [', "unexpected EOF"),
        (b"<ids>", "invalid character '<' looking for beginning of value"),
        (b"[]", "json: cannot unmarshal array into Go value of type struct"),
        (b'{"ids": "a"}', "json: cannot unmarshal string into Go struct field .ids of type []interface {}"),
        (
            b'{"ids": [], "action": ["MUSIC"]}',
            "json: cannot unmarshal array into Go struct field .action of type string",
        ),
        (b"[" * 100_000, "json: exceeded max depth"),
    ],
)
def test_a_malformed_body_is_answered_in_json_under_text_plain(
    body: bytes, message: str, run: Run, connect: Connect
) -> None:
    response = connect(run()).ask("POST", "/suno/fetch", body)
    assert (response.status, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.json() == {"code": "invalid_request", "message": message, "data": None}


def test_one_hub_does_not_even_look_at_the_action(run: Run, connect: Connect) -> None:
    body = {"ids": [], "action": ["MUSIC"]}
    assert connect(run(dialect="one-hub")).ask("POST", "/suno/fetch", body).status == 200


def test_ids_may_be_numbers(run: Run, connect: Connect) -> None:
    simulator = run(dialect="flat")
    task_id = simulator.submit()
    document = connect(simulator).ask("POST", "/suno/fetch", {"ids": [int(task_id)]}).json()
    assert [task["taskId"] for task in document["data"]] == [task_id]


def test_a_batch_is_in_the_order_of_rows_each_once_and_without_the_unknown(run: Run, connect: Connect) -> None:
    simulator = run()
    first, second = simulator.submit(), simulator.submit()
    tasks = connect(simulator).batch([second, "unheard-of", first, second]).json()["data"]
    assert [task["task_id"] for task in tasks] == [first, second]


def test_many_requests_share_one_connection(run: Run, connect: Connect) -> None:
    simulator = run()
    client = connect(simulator)
    client.batch([])
    socket = client.connection.sock
    for _ in range(5):
        client.ask("GET", "/elsewhere", b"a body that nobody reads")
        client.batch([])
    assert client.connection.sock is socket
    assert len(simulator.requests) == 11


def test_the_date_is_that_of_the_simulators_clock(run: Run, connect: Connect, clock: FakeClock) -> None:
    clock.advance(86_400)
    response = connect(run()).batch([])
    assert parsedate_to_datetime(response.headers["Date"]).timestamp() == int(clock.now)


def test_each_request_has_an_id_of_its_own(run: Run, connect: Connect) -> None:
    client = connect(run())
    assert client.batch([]).headers["X-Oneapi-Request-Id"] != client.batch([]).headers["X-Oneapi-Request-Id"]


@pytest.mark.parametrize("headers", [{"Content_Length": "99999999"}, {"Content_Length": "many"}])
def test_a_body_without_a_sensible_length_is_refused(headers: dict[str, str], run: Run, connect: Connect) -> None:
    response = connect(run()).ask("POST", "/suno/fetch", None, **headers)
    assert (response.status, response.headers["Connection"]) == (413, "close")


def test_a_submitted_song_appears_a_little_later_and_ends_as_it_was_wished(
    run: Run, connect: Connect, clock: FakeClock
) -> None:
    client = connect(run())
    wish = {"title": "My Song", "tags": "jazz", "prompt": "[Verse]\nmine", "mv": "chirp-v4"}
    answer = client.ask("POST", "/suno/submit/music", wish).json()
    task_id = answer["data"]
    assert answer == {"code": "success", "message": "", "data": task_id}
    assert client.batch([task_id]).json()["data"] is None
    assert client.simulator.truth(task_id) == "waiting"
    clock.advance(3)
    assert client.task(task_id)["status"] == "NOT_START"
    clock.advance(200)
    task = client.task(task_id)
    clip = task["data"][0]
    assert task["status"] == "SUCCESS"
    assert (clip["title"], clip["model_name"]) == ("My Song", "chirp-v4")
    assert (clip["metadata"]["tags"], clip["metadata"]["prompt"]) == ("jazz", "[Verse]\nmine")


def test_submitted_lyrics_become_a_text(run: Run, connect: Connect, clock: FakeClock) -> None:
    client = connect(run())
    task_id = client.ask("POST", "/suno/submit/LYRICS", {"prompt": "a cat in space"}).json()["data"]
    clock.advance(60)
    task = client.task(task_id)
    assert (task["action"], task["status"], task["data"]["title"]) == ("LYRICS", "SUCCESS", "A Cat In Space")


def test_a_described_song_is_named_after_its_description(run: Run, connect: Connect, clock: FakeClock) -> None:
    client = connect(run())
    wish = {"gpt_description_prompt": "miku dance", "title": "ignored", "make_instrumental": True}
    task_id = client.ask("POST", "/suno/submit/music", wish).json()["data"]
    clock.advance(200)
    clip = client.task(task_id)["data"][0]
    assert (clip["title"], clip["metadata"]["gpt_description_prompt"]) == ("Miku Dance", "miku dance")
    assert clip["metadata"]["prompt"] == "[Instrumental]"


def test_the_name_of_a_famous_band_fails_the_song(run: Run, connect: Connect, clock: FakeClock) -> None:
    client = connect(run())
    task_id = client.ask("POST", "/suno/submit/music", {"gpt_description_prompt": "like Metallica"}).json()["data"]
    clock.advance(60)
    assert client.task(task_id)["fail_reason"] == ARTIST_REASON
    assert client.simulator.truth(task_id) == "failed"


@pytest.mark.parametrize(
    ("action", "body", "refusal"),
    [
        ("video", {"prompt": "x"}, ("invalid_request", "invalid_action")),
        ("lyrics", {}, ("invalid_request", "prompt_empty")),
        ("music", {"continue_clip_id": "c"}, ("invalid_request", "task id is empty")),
        ("music", {"task_id": "unheard-of"}, ("task_not_exist", "task_origin_not_exist")),
        ("music", {"prompt": 7}, ("invalid_request",
         "json: cannot unmarshal number into Go struct field .prompt of type string")),
        ("music", {"make_instrumental": "no"}, ("invalid_request",
         "json: cannot unmarshal string into Go struct field .make_instrumental of type bool")),
    ],
)  # fmt: skip
def test_a_submission_that_makes_no_sense_is_refused(
    action: str, body: dict[str, Any], refusal: tuple[str, str], run: Run, connect: Connect
) -> None:
    simulator = run()
    response = connect(simulator).ask("POST", f"/suno/submit/{action}", body)
    assert (response.status, response.json()) == (400, {"code": refusal[0], "message": refusal[1], "data": None})
    assert simulator.ids == ()


def test_a_form_instead_of_json_makes_an_old_gateway_panic(run: Run, connect: Connect) -> None:
    client = connect(run(dialect="new-api-2024"))
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    response = client.ask("POST", "/suno/submit/music", {"prompt": "x"}, **form)
    assert (response.status, response.json()["error"]["type"]) == (500, "new_api_panic")


def test_a_reseller_answers_a_submission_with_the_id_under_result(run: Run, connect: Connect) -> None:
    simulator = run(dialect="flat")
    document = connect(simulator).ask("POST", "/suno/submit/music", {"prompt": "x"}).json()
    assert (document["code"], document["result"]) == (1, simulator.ids[0])
