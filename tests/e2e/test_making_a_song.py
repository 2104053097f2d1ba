"""A song from the form to the table in a real terminal, and what a kill or a hang-up leaves of it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.terminal import ENTER, ESCAPE, TAB, Open

from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options

TO_SEND = TAB * 7
"""From the text of a new song over its title, style, model, voice, label and what then."""

MOST_TO_OPEN = 7_000
"""Bytes, at 120x40."""

MOST_FOR_A_KEY = 200
"""Bytes for a letter: the letter, and its count."""


@pytest.fixture
def slow_gateway() -> Iterator[Simulator]:
    """Takes its time for each answer to a submission."""
    faults = parse_faults("slow-60")
    with Simulator(Options(population=1, arrivals=False, faults=faults, very_slow_seconds=2.0)) as running:
        yield running


def at(simulator: Simulator, environment: dict[str, str]) -> dict[str, str]:
    there = {"ECOVAI_PROFILE": "simulator", "ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key}
    return environment | there


def receipts(home: Path) -> list[dict[str, object]]:
    file = home / "data" / "receipts.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_song_is_made_and_a_text_outlives_a_kill(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator, home: Path
) -> None:
    first = open_quickly(*simulator.ids[-1:], environment=on_simulator, knows_frames=False)
    first.wait_for("Midnight|✓|▸|◌|►")
    opening = first.sent_for("c")
    first.wait_for("nothing is sent before you press Send")
    assert len(opening) <= MOST_TO_OPEN
    letters = [len(first.sent_for(letter)) for letter in "rain"]
    assert sorted(letters)[1] <= MOST_FOR_A_KEY, letters
    drafts = home / "state" / "drafts-simulator.json"
    first.wait_until(lambda: drafts.exists() and "rain" in drafts.read_text(), "the draft")
    first.kill(signal.SIGKILL)
    second = open_quickly(environment=on_simulator)
    second.wait_for("✓|▸|◌|►")
    second.press("c")
    second.wait_for("4 of 500")
    assert not receipts(home)
    second.press(TO_SEND)
    second.press(ENTER)
    second.wait_for(r"Accepted as")
    [taken] = [submission.id for submission in simulator.taken]
    assert receipts(home)[1]["ids"] == [taken]
    assert f'"{taken}",' in (home / "data" / "watchlist-simulator.toml").read_text()
    second.press(ESCAPE)
    second.wait_for("❯ .*Rain|❯")


def test_a_line_that_hangs_up_loses_no_paid_id(
    open_quickly: Open, environment: dict[str, str], slow_gateway: Simulator, home: Path
) -> None:
    terminal = open_quickly(*slow_gateway.ids, environment=at(slow_gateway, environment))
    terminal.wait_for("✓|▸|◌|►")
    terminal.press("c")
    terminal.wait_for("nothing is sent before you press Send")
    terminal.press("rain")
    terminal.wait_for("4 of 500")
    terminal.press(TO_SEND)
    terminal.press(ENTER)
    terminal.wait_for("Sending. Leaving now would not stop it.")
    terminal.wait_until(lambda: slow_gateway.taken, "taken")
    terminal.kill(signal.SIGHUP)
    terminal.exit_code()
    assert [line["event"] for line in receipts(home)][:2] == ["sending", "accepted"]
