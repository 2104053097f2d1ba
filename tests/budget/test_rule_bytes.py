"""What the screen may cost with 256 colours, as most links through tmux have: bytes for each event, as the rules say.

The terminal has 120x40 cells unless another size is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from support.hurried import SPEED
from support.other_pane import OtherPane, task, tasks
from support.slow_link import OpenOn, sent_within
from support.terminal import ESCAPE, Terminal

from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

REDRAW = b"\x0c"
"""Has the whole screen sent, as at the start."""
TITLE = re.compile(rb"\x1b]2;[^\x07]*\x07")
"""Names the window, and is no part of the screen."""


@pytest.fixture
def colours() -> dict[str, str]:
    return {"COLORTERM": "", "TERM": "xterm-256color"}


@pytest.fixture
def terminal(open_on: OpenOn) -> Terminal:
    return open_on(tasks(60))


def cost_until(terminal: Terminal, act: Callable[[], object], shows: str) -> int:
    """Return the bytes that come after an act, until something is shown and all is still."""
    terminal.settle()
    before = len(terminal.received)
    act()
    terminal.wait_for(shows)
    terminal.settle()
    return len(TITLE.sub(b"", bytes(terminal.received[before:])))


@pytest.mark.parametrize(
    ("columns", "lines", "most"),
    [(200, 50, 13_100), (120, 40, 9_500), (80, 24, 3_100)],
    ids=["200x50", "120x40", "80x24"],
)
def test_a_whole_screen_costs_what_the_first_paint_may(open_on: OpenOn, columns: int, lines: int, most: int) -> None:
    terminal = open_on(tasks(60), columns=columns, lines=lines)
    assert 0 < len(terminal.sent_for(REDRAW)) <= most


def test_the_cursor_one_row_down_costs_two_rows(open_on: OpenOn) -> None:
    first = task(0)
    below = first._replace(id="task_below", submitted_at=(first.submitted_at or 0) - 1)
    terminal = open_on([first, below])
    assert 0 < len(terminal.sent_for("j")) <= 370


def test_focus_and_filter_cost_their_cells(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(b"\t")) <= 860
    assert 0 < len(terminal.sent_for(b"\t")) <= 860
    assert 0 < len(terminal.sent_for("/")) <= 290


@pytest.mark.parametrize(("key", "most"), [("2", 1_500), (":", 2_300), ("c", 3_900), ("?", 5_300)])
def test_a_tab_and_the_dialogs_cost_what_they_cover(terminal: Terminal, key: str, most: int) -> None:
    assert 0 < len(terminal.sent_for(key)) <= most


def test_a_toast_and_trouble_cost_their_cells(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for("n")) <= 95
    terminal.sent_for(ESCAPE)
    assert 0 < cost_until(terminal, lambda: terminal.press("r"), "✗ .*✓60") <= 265


def test_a_failure_costs_a_row_two_counts_and_a_toast(terminal: Terminal, pane: OtherPane) -> None:
    assert 0 < cost_until(terminal, lambda: pane.tell(task(3, Phase.RUNNING)), "▸ 1") <= 300
    assert 0 < cost_until(terminal, lambda: pane.tell(task(3, Phase.FAILED)), "─ ✗ .* failed") <= 340


def test_a_song_that_is_done_costs_its_row_two_counts_and_a_toast(terminal: Terminal, pane: OtherPane) -> None:
    cost_until(terminal, lambda: pane.tell(task(3, Phase.STREAMING)), "► 1")
    assert 0 < cost_until(terminal, lambda: pane.tell(task(3)), "─ ✓ .* is done") <= 98 + 95 + 60


def test_a_step_of_a_progress_costs_29_bytes(terminal: Terminal, pane: OtherPane) -> None:
    def picture(progress: float) -> Task:
        clips = (Clip("clip", Phase.RUNNING, title="Lanterns", kind=Kind.PICTURE),)
        return task(3, Phase.RUNNING, age=3_605.0)._replace(kind=Kind.PICTURE, clips=clips, progress=progress)

    cost_until(terminal, lambda: pane.tell(picture(41.0)), "41 %")
    cost_until(terminal, lambda: pane.tell(picture(52.0)), "52 %")
    assert 0 < cost_until(terminal, lambda: pane.tell(picture(63.0)), "63 %") <= 29


def test_latencies_cost_34_bytes_where_they_are_uneven_and_nothing_where_they_are_even(
    hurried_pane: OtherPane, hurry_on: OpenOn
) -> None:
    terminal = hurry_on(tasks(3))
    assert b"\xe2\x96\x82" in sent_within(terminal, 30.0, lambda: hurried_pane.answer_after(0.2))
    assert sent_within(terminal, 10.0, lambda: hurried_pane.answer_after(0.2)) == b""
    assert 0 < cost_until(terminal, lambda: hurried_pane.answer_after(3.0), "▂▂▂▂▆") <= 34
    assert 0 < cost_until(terminal, lambda: hurried_pane.answer_after(0.2), "▂▂▂▆▂") <= 34


def test_a_tick_costs_28_bytes(hurried_pane: OtherPane, hurry_on: OpenOn) -> None:
    watched = [*tasks(3), task(3, Phase.RUNNING, age=3630.0)]
    terminal = hurry_on(watched)
    ticks = 6
    sent = sent_within(terminal, ticks * 10.0, lambda: hurried_pane.tell(*watched))
    assert 0 < len(sent) <= ticks * 28


def test_a_beat_of_the_card_costs_a_tick_of_its_row_and_one_of_its_line(
    hurried_pane: OtherPane, hurry_on: OpenOn
) -> None:
    watched = tasks(1, Phase.RUNNING, age=30.0)
    terminal = hurry_on(watched)
    ticks = 6
    sent = sent_within(terminal, ticks * 5.0, lambda: hurried_pane.tell(*watched))
    assert 0 < len(sent) <= ticks * 2 * 28


def test_no_answer_costs_99_bytes_and_31_a_step(hurried_pane: OtherPane, hurry_on: OpenOn) -> None:
    terminal = hurry_on(tasks(25))
    told = len(terminal.received)
    hurried_pane.ask()
    for seconds, most in ((4, 99), (8, 31), (12, 31), (16, 31), (20, 31)):
        terminal.wait_for(f"no answer for {seconds} s")
        terminal.read_for(1 / SPEED)
        cost, told = len(terminal.received) - told, len(terminal.received)
        assert 0 < cost <= most, seconds
    hurried_pane.hear()
    terminal.wait_until_gone("no answer")
    terminal.wait_for("nothing due")
