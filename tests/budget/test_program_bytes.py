"""What the whole program may cost a slow link: bytes for each event on a terminal of 120x40 in true colour."""

from __future__ import annotations

import pytest
from support.hurried import SPEED
from support.other_pane import OtherPane, task, tasks
from support.slow_link import TOLD_EVERY, OpenOn, sent_within
from support.terminal import ESCAPE, Terminal

from ecovai_tui.tasks.model import Phase, Task

PAGE_DOWN = b"\x1b[6~"
FOCUS_LOST, FOCUS_TAKEN = b"\x1b[O", b"\x1b[I"


@pytest.fixture
def terminal(open_on: OpenOn) -> Terminal:
    return open_on(tasks(200))


def sent_after(terminal: Terminal, pane: OtherPane, *told: Task, shows: str) -> bytes:
    """Return what the program sends because the gateway told something, until that is on the screen."""
    terminal.settle()
    before = len(terminal.received)
    pane.tell(*told)
    terminal.wait_for(shows)
    terminal.settle()
    return bytes(terminal.received[before:])


def test_25_final_tasks_cost_nothing_in_ten_seconds(hurried_pane: OtherPane, hurry_on: OpenOn) -> None:
    final = tasks(25)
    terminal = hurry_on(final)
    assert sent_within(terminal, 10.0, lambda: hurried_pane.tell(*final)) == b""


def test_25_active_tasks_cost_100_bytes_a_second_at_most(hurried_pane: OtherPane, hurry_on: OpenOn) -> None:
    active = tasks(25, Phase.RUNNING, age=30.0)
    terminal = hurry_on(active)
    seconds = 20.0
    assert 0 < len(sent_within(terminal, seconds, lambda: hurried_pane.tell(*active))) <= 100 * seconds


def test_the_beat_of_the_task_under_the_cursor_costs_its_row_and_its_card(
    hurried_pane: OtherPane, hurry_on: OpenOn
) -> None:
    active = tasks(1, Phase.RUNNING, age=30.0)
    terminal = hurry_on(active)
    ticks = 4
    assert 0 < len(sent_within(terminal, ticks * TOLD_EVERY, lambda: hurried_pane.tell(*active))) <= ticks * 2 * 45


def test_one_changed_row_costs_200_bytes_at_most(terminal: Terminal, pane: OtherPane) -> None:
    renamed = task(3)
    renamed = renamed._replace(clips=tuple(clip._replace(title="Another name") for clip in renamed.clips))
    assert 0 < len(sent_after(terminal, pane, renamed, shows="Another name")) <= 200


def test_a_task_that_fails_costs_1000_bytes_with_counts_and_notice(terminal: Terminal, pane: OtherPane) -> None:
    sent_after(terminal, pane, task(3, Phase.RUNNING), shows="▸ 1")
    assert 0 < len(sent_after(terminal, pane, task(3, Phase.FAILED), shows="✗ 1")) <= 1000


def test_a_key_without_a_meaning_costs_nothing(terminal: Terminal) -> None:
    assert terminal.sent_for("z") == b""


def test_the_cursor_moves_for_600_bytes_at_most(terminal: Terminal) -> None:
    terminal.sent_for("d")
    assert 0 < len(terminal.sent_for("j")) <= 600


def test_the_panel_follows_for_2000_bytes_at_most(terminal: Terminal) -> None:
    for _ in range(4):
        assert 0 < len(terminal.sent_for("j")) <= 600 + 2000


def test_the_panel_waits_until_the_cursor_rests(terminal: Terminal) -> None:
    steps = 12
    assert 0 < len(terminal.sent_for("j" * steps)) <= 600 * steps + 2000
    assert len(terminal.sent_for("j" * steps)) < steps * len(terminal.sent_for("j"))


def test_the_clip_and_the_tab_cost_what_they_show(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for("l")) <= 210
    assert 0 < len(terminal.sent_for("]")) <= 1_650


def test_the_focus_costs_a_line_and_the_edges(terminal: Terminal) -> None:
    assert 0 < len(terminal.sent_for(FOCUS_LOST)) <= 250
    assert 0 < len(terminal.sent_for(FOCUS_TAKEN)) <= 250
    assert 0 < len(terminal.sent_for(b"\t")) <= 1_080


def test_five_rows_at_the_edge_cost_5000_bytes_at_most(terminal: Terminal) -> None:
    terminal.sent_for("d")
    terminal.sent_for("j" * 36)
    costs = [len(terminal.sent_for("j")) for _ in range(5)]
    assert sum(cost > 600 for cost in costs) == 1
    assert sum(costs) <= 5_400


@pytest.mark.parametrize(
    ("key", "bytes_at_most"),
    [(PAGE_DOWN, 4_500), (b"s", 150), (b"S", 3_750), (b"!", 3_900), (b" ", 2_900), (b"C", 6_650)],
)
def test_a_page_a_sort_a_filter_a_mark_and_other_rows_cost_no_more_than_their_rows(
    terminal: Terminal, key: bytes, bytes_at_most: int
) -> None:
    assert 0 < len(terminal.sent_for(key)) <= bytes_at_most


@pytest.mark.parametrize(
    ("key", "opening", "leaving"),
    [
        (b"?", 7_000, 9_900),
        (b":", 3_000, 4_200),
        (b"c", 4_400, 8_000),
        (b"t", 4_800, 3_100),
        (b"f", 4_600, 9_800),
        (b"a", 2_400, 4_000),
        (b"e", 1_300, 1_900),
        (b"/", 600, 1_050),
    ],
)
def test_every_screen_opens_and_goes_for_what_it_covers(
    terminal: Terminal, key: bytes, opening: int, leaving: int
) -> None:
    assert 0 < len(terminal.sent_for(key)) <= opening
    assert 0 < len(terminal.sent_for(ESCAPE)) <= leaving


def test_a_theme_to_try_costs_one_screen(terminal: Terminal) -> None:
    terminal.sent_for("t")
    for _ in range(3):
        assert 0 < len(terminal.sent_for(b"\x1b[B")) <= 16_500


def test_moving_the_mouse_costs_nothing(terminal: Terminal) -> None:
    assert terminal.sent_for(b"\x1b[<35;20;10M\x1b[<35;100;12M\x1b[<35;119;30M\x1b[<35;10;1M") == b""


def test_that_no_answer_comes_costs_99_bytes_and_60_a_step(hurried_pane: OtherPane, hurry_on: OpenOn) -> None:
    terminal = hurry_on(tasks(25))
    told = len(terminal.received)
    hurried_pane.ask()
    for seconds, most in [(4, 99), (8, 60), (12, 99), (16, 60), (20, 60)]:
        terminal.wait_for(f"no answer for {seconds} s")
        terminal.read_for(1 / SPEED)
        cost, told = len(terminal.received) - told, len(terminal.received)
        assert 0 < cost <= most, seconds
    hurried_pane.hear()
    terminal.wait_until_gone("no answer")
    terminal.wait_for("nothing due")


def test_no_time_passes_while_nobody_looks(hurried_pane: OtherPane, hurry_on: OpenOn) -> None:
    active = tasks(5, Phase.RUNNING, age=30.0)
    terminal = hurry_on(active)
    terminal.sent_for(FOCUS_LOST)
    assert sent_within(terminal, 12.0, lambda: hurried_pane.tell(*active)) == b""
    assert len(terminal.sent_for(FOCUS_TAKEN)) > 0
