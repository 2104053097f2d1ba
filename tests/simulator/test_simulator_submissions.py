"""Submissions on the simulator: all kinds, their charges, and the faults that strike nothing else."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import Any

import pytest
from simulator_harness import Client, Connect, FakeClock, Run

from ecovai_tui.simulator.replies import SUBMIT_FAULTS, Fault
from ecovai_tui.simulator.world import PRICE

SONG = ("/suno/submit/music", {"prompt": "la la"})
KINDS = [
    SONG,
    ("/suno/submit/music", {"gpt_description_prompt": "rain"}),
    ("/suno/submit/lyrics", {"prompt": "rain"}),
    ("/suno/uploads/audio-url", {"url": "https://music.example/a.mp3"}),
    ("/suno/submit/concat", {"clip_id": "c"}),
]


def used(client: Client) -> float:
    return float(client.ask("GET", "/v1/dashboard/billing/usage").json()["total_usage"]) / 100


@pytest.mark.parametrize(("path", "body"), KINDS)
def test_ecovai_takes_all_kinds_and_charges_each(run: Run, connect: Connect, path: str, body: dict[str, Any]) -> None:
    simulator = run(dialect="ecovai")
    client = connect(simulator)
    reply = client.ask("POST", path, body).json()
    assert (reply["code"], [reply["data"]]) == ("success", list(simulator.ids))
    assert used(client) == pytest.approx(PRICE)
    assert [each.id for each in simulator.taken] == list(simulator.ids)


@pytest.mark.parametrize("dialect", ["new-api-2024", "new-api-2026", "one-hub", "suno-api"])
def test_stock_gateways_have_neither_uploads_nor_concat(run: Run, connect: Connect, dialect: str) -> None:
    client = connect(run(dialect=dialect))
    upload, concat = (client.ask("POST", path, body) for path, body in KINDS[-2:])
    assert (upload.status, upload.body[:15]) == (200, b"<!doctype html>")
    assert concat.json()["code"] == "invalid_request"


@pytest.mark.parametrize("body", [{"url": "a.mp3"}, {}])
def test_an_upload_needs_an_address(run: Run, connect: Connect, body: dict[str, Any]) -> None:
    simulator = run(dialect="ecovai")
    assert connect(simulator).ask("POST", "/suno/uploads/audio-url", body).status == 400
    assert simulator.taken == ()


@pytest.mark.parametrize("fault", ["refused-after", "html", "saturated-429"])
def test_faults_that_take_nothing(run: Run, connect: Connect, fault: str) -> None:
    simulator = run(faults=(Fault(fault),))
    client = connect(simulator)
    reply = client.ask("POST", *SONG)
    assert {"refused-after": 500, "html": 200, "saturated-429": 429}[fault] == reply.status
    assert (simulator.ids, simulator.taken, used(client)) == ((), (), 0)


def test_a_lost_reply_is_charged(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("lost-reply"),))
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        connect(simulator).ask("POST", *SONG)
    assert len(simulator.taken) == 1
    assert used(connect(simulator)) == pytest.approx(PRICE)


def test_a_double_document_names_the_id_first(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("double-document"),))
    body = connect(simulator).ask("POST", *SONG).body.decode()
    assert body.index(simulator.ids[0]) < body.index("insert_task_failed")


def test_moderation_later_fails_the_task_that_was_taken(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run(faults=(Fault("moderation-later"),), speed=1_000_000)
    task_id = connect(simulator).ask("POST", *SONG).json()["data"]
    clock.advance(1)
    assert simulator.truth(task_id) == "failed"


def test_a_very_slow_answer_is_good(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("slow-60"),), very_slow_seconds=0.01)
    assert connect(simulator).ask("POST", *SONG).json()["data"] == simulator.ids[0]


@pytest.mark.parametrize("fault", SUBMIT_FAULTS)
def test_faults_of_submissions_strike_nothing_else(run: Run, connect: Connect, fault: str) -> None:
    simulator = run(faults=(Fault(fault),))
    task_id = simulator.submit()
    assert connect(simulator).task(task_id)["task_id"] == task_id


def test_prices_are_told_to_everybody(run: Run, connect: Connect) -> None:
    reply = connect(run()).ask("GET", "/api/pricing", Authorization="").json()
    assert {each["model_name"]: each["model_price"] for each in reply["data"]}["suno_music"] == PRICE


def test_the_log_has_a_line_for_each_charge(run: Run, connect: Connect) -> None:
    simulator = run()
    client = connect(simulator)
    for path, body in KINDS[1:3]:
        client.ask("POST", path, body)
    lines = client.ask("GET", "/api/log/token").json()["data"]
    assert [line["model_name"] for line in lines] == ["suno_lyrics", "suno_music"]
    assert client.ask("GET", "/api/log/token", Authorization="").status == 401
