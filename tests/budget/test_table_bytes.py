"""What the table may cost a slow link: bytes that a real terminal receives for each event, at 120x40 in true colour."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.terminal import Terminal

APP = Path(__file__).parents[1] / "tui" / "table_app.py"
UP_TO_THE_EDGE = b"j" * 38
EDGE = 5


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal([sys.executable, str(APP), "--count", "200"]) as opened:
        opened.wait_for("Midnight")
        opened.settle()
        yield opened


def test_a_key_that_does_nothing_costs_nothing(terminal: Terminal) -> None:
    assert terminal.sent_for(b"z") == b""


def test_an_update_in_which_nothing_differs_costs_nothing(terminal: Terminal) -> None:
    terminal.sent_for(b"c")
    assert terminal.sent_for(b"c") == b""


def test_one_changed_row_costs_300_bytes_at_most(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(b"c")) <= 300


def test_a_tick_costs_150_bytes_for_each_active_task_in_view_at_most(terminal: Terminal) -> None:
    active = 15
    assert 0 < len(terminal.sent_for(b"t")) <= 150 * active


def test_the_cursor_moves_for_1000_bytes_at_most(terminal: Terminal) -> None:
    for _ in range(8):
        assert 0 < len(terminal.sent_for(b"j")) <= 1000


def test_another_clip_costs_300_bytes_at_most(terminal: Terminal) -> None:
    terminal.sent_for(b"j")
    assert 0 < len(terminal.sent_for(b"l")) <= 300


def test_a_mark_and_a_flash_cost_their_own_cells(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(b" ")) <= 80
    assert 0 < len(terminal.sent_for(b"F")) <= 3 * 80


def test_five_rows_at_the_edge_cost_14000_bytes_at_most(terminal: Terminal) -> None:
    terminal.sent_for(UP_TO_THE_EDGE)
    costs = [len(terminal.sent_for(b"j")) for _ in range(EDGE)]
    assert sum(cost > 1000 for cost in costs) == 1
    assert sum(costs) <= 14_000


def test_a_page_costs_14000_bytes_at_most(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(b"\x1b[6~")) <= 14_000


def test_losing_and_taking_the_focus_costs_one_line(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(b"\x1b[O")) <= 500
    assert 0 < len(terminal.sent_for(b"\x1b[I")) <= 500


def test_moving_the_mouse_costs_nothing(terminal: Terminal) -> None:
    assert terminal.sent_for(b"\x1b[<35;20;10M\x1b[<35;119;12M\x1b[<35;120;12M") == b""
