"""A picture of Midjourney in a real terminal: found in a reply that is pasted, watched, saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.terminal import ENTER, Open

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator(Options(speed=60.0, population=0, arrivals=False)) as running:
        yield running


def test_a_picture_goes_from_the_reply_to_its_submission_to_a_file(
    open_program: Open, environment: dict[str, str], gateway: Simulator, home: Path
) -> None:
    there = {"ECOVAI_PROFILE": "simulator", "ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
    terminal = open_program(environment=environment | there)
    terminal.wait_for("none yet")
    named = gateway.order("midjourney", "picture", prompt="A red fox")
    terminal.press("a")
    terminal.wait_for("Ids, links, JSON")
    terminal.press(json.dumps({"code": 1, "description": "ok", "result": named.partition(":")[2]}))
    terminal.wait_for("1 new id   midjourney")
    terminal.press(ENTER)
    terminal.wait_for("✓ done .*A red fox")
    terminal.press("D")
    terminal.wait_for("↧ Saved: A red fox")
    assert f'"{named}",' in (home / "data" / "watchlist-simulator.toml").read_text()
