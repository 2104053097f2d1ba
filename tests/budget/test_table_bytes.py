"""What the table alone may cost a slow link, in bytes that a terminal receives; the rest the whole program tells."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.terminal import Terminal

APP = Path(__file__).parents[1] / "tui" / "table_app.py"


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal([sys.executable, str(APP), "--count", "200"], knows_frames=False) as opened:
        opened.wait_for("Midnight")
        opened.settle()
        yield opened


def test_an_update_in_which_nothing_differs_costs_nothing(terminal: Terminal) -> None:
    terminal.sent_for(b"c")
    assert terminal.sent_for(b"c") == b""


def test_a_tick_costs_150_bytes_for_each_active_task_in_view_at_most(terminal: Terminal) -> None:
    active = 15
    assert 0 < len(terminal.sent_for(b"t")) <= 150 * active


def test_a_mark_and_a_flash_cost_their_own_cells(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(b" ")) <= 80
    assert 0 < len(terminal.sent_for(b"F")) <= 3 * 80


def test_25_rows_that_become_stale_at_once_cost_2700_bytes_at_most() -> None:
    with Terminal([sys.executable, str(APP), "--count", "25", "--phase", "running"], knows_frames=False) as terminal:
        terminal.wait_for("Midnight")
        terminal.settle()
        terminal.sent_for(b"t")
        cost = len(terminal.sent_for(b"t"))
        assert terminal.text.count("stale") == 25
        assert 0 < cost <= 2_700
