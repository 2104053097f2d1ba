"""What the screen may cost with 256 colours, as most links through tmux have: bytes for each event at 120x40."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.other_pane import OtherPane, task, tasks
from support.terminal import Open, Terminal

from ecovai_tui.tasks.model import Phase


@pytest.fixture
def pane(environment: dict[str, str]) -> Iterator[OtherPane]:
    with OtherPane(environment) as other:
        yield other


@pytest.fixture
def terminal(pane: OtherPane, open_quickly: Open) -> Terminal:
    pane.watch(tasks(60))
    colours = {"COLORTERM": "", "TERM": "xterm-256color"}
    terminal = open_quickly(environment=pane.environment | colours, knows_frames=False)
    terminal.wait_for("nothing due")
    terminal.wait_for(r"\[Verse")
    pane.tell(task(0))
    terminal.wait_until_gone("as of")
    terminal.settle()
    return terminal


def test_cursor_focus_and_filter_cost_their_cells(terminal: Terminal) -> None:
    terminal.sent_for("d")
    assert 0 < len(terminal.sent_for("j")) <= 445
    terminal.sent_for("d")
    assert 0 < len(terminal.sent_for(b"\t")) <= 860
    assert 0 < len(terminal.sent_for(b"\t")) <= 970
    assert 0 < len(terminal.sent_for("/")) <= 450


def test_a_tab_a_toast_and_trouble_cost_their_cells(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for("2")) <= 1_400
    assert 0 < len(terminal.sent_for("n")) <= 90
    before = len(terminal.received)
    terminal.press("r")
    terminal.wait_for("✗ .*✓60")
    terminal.settle()
    assert 0 < len(terminal.received) - before <= 420


def test_a_failure_costs_a_row_two_counts_and_a_toast(terminal: Terminal, pane: OtherPane) -> None:
    for phase, shows, most in ((Phase.RUNNING, "▸ 1", 300), (Phase.FAILED, "─ ✗ .* failed", 340)):
        before = len(terminal.received)
        pane.tell(task(3, phase))
        terminal.wait_for(shows)
        terminal.settle()
        assert 0 < len(terminal.received) - before <= most
