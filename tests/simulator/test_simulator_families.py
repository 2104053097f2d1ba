"""Pictures and videos as the simulator makes them: what is submitted, and files whose addresses die."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from simulator_harness import Connect, FakeClock, Run

from ecovai_tui.simulator.family_dialects import FAMILY_DIALECTS
from ecovai_tui.tasks.families import FAMILIES

SUBMISSIONS = [
    ("midjourney", "/mj/submit/imagine", {"prompt": "a boat"}, lambda told: told["result"]),
    ("openai-video", "/v1/videos", {"prompt": "a boat"}, lambda told: told["id"]),
    ("kling/text2video", "/kling/v1/videos/text2video", {"prompt": "a boat"}, lambda told: told["data"]["task_id"]),
    ("runway", "/runwayml/v1/text_to_video", {"promptText": "a boat"}, lambda told: told["id"]),
    ("luma", "/luma/generations", {"user_prompt": "a boat"}, lambda told: told["id"]),
    ("flux", "/flux/v1/flux-pro-1.1", {"prompt": "a boat"}, lambda told: told["id"]),
]


def test_every_family_is_spoken() -> None:
    *makers, table = (dialect.name for dialect in FAMILY_DIALECTS)
    assert ["suno", *makers] == list(FAMILIES)
    assert table == "table", "the rows of new-api's own table, which are of no family of their own"


@pytest.mark.parametrize(("prefix", "path", "body", "id_of"), SUBMISSIONS)
def test_a_submission_is_taken_and_told_to_whoever_listens(
    run: Run, connect: Connect, prefix: str, path: str, body: object, id_of: object
) -> None:
    came: list[str] = []
    simulator = run(on_new_id=came.append)
    told = connect(simulator).ask("POST", path, body).json()
    assert came == [f"{prefix}:{id_of(told)}"]  # type: ignore[operator]  # the table has functions there
    assert simulator.truth(came[0]) == "waiting"


@pytest.mark.parametrize("family", ["midjourney", "kling"])
def test_a_file_can_be_had_until_its_address_dies(run: Run, connect: Connect, clock: FakeClock, family: str) -> None:
    simulator = run(lives=600.0)
    client = connect(simulator)
    bare_id = simulator.order(family, kind="text2video" if family == "kling" else "", ago=120.0).partition(":")[2]
    if family == "kling":
        data = client.ask("GET", f"/kling/v1/videos/text2video/{bare_id}").json()["data"]
        address = data["task_result"]["videos"][0]["url"]
    else:
        address = client.ask("GET", f"/mj/task/{bare_id}/fetch").json()["imageUrl"]
    there = urlsplit(address)
    path = f"{'/cdn1' if family == 'kling' else '/cdn2'}{there.path}?{there.query}"
    assert client.file(path).status == 200
    clock.advance(700.0)
    assert client.file(path).status == 403


def test_a_video_of_the_gateways_own_is_given_to_its_key_alone(run: Run, connect: Connect) -> None:
    simulator = run()
    client = connect(simulator)
    done, going = (simulator.order("openai-video", ago=ago).partition(":")[2] for ago in (500.0, 0.0))
    assert client.ask("GET", f"/v1/videos/{done}/content").body[4:8] == b"ftyp"
    assert client.ask("GET", f"/v1/videos/{going}/content").status == 400
    assert client.file(f"/v1/videos/{done}/content").status == 401


def test_unknown_names_are_refused(run: Run) -> None:
    simulator = run()
    with pytest.raises(ValueError, match="no family is called 'sora'"):
        simulator.order("sora")
    with pytest.raises(ValueError, match="no course is called 'dance'"):
        simulator.order("luma", "dance")
