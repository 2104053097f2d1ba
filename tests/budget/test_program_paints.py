"""How often the whole program paints for each event: every paint costs a slow link a packet, and each is a flicker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.other_pane import OtherPane, task, tasks
from support.terminal import ESCAPE, Open, Terminal

from ecovai_tui.tasks.model import Phase

PAINT = b"\x1b[?2026h"
"""How the program marks where a paint begins, as the terminal knows frames."""

DOWN, PAGE_DOWN = b"\x1b[B", b"\x1b[6~"
FOCUS_LOST, FOCUS_TAKEN = b"\x1b[O", b"\x1b[I"


@pytest.fixture
def terminal(pane: OtherPane, open_quickly: Open) -> Terminal:
    pane.watch(tasks(200))
    terminal = open_quickly(environment=pane.environment)
    terminal.wait_for("nothing due")
    terminal.wait_for(r"\[Verse")
    terminal.settle()
    terminal.sent_for("j", "k")
    return terminal


def paints(terminal: Terminal, *keys: bytes | str) -> int:
    return terminal.sent_for(*keys).count(PAINT)


def paints_until(terminal: Terminal, tell: Callable[[], None], shows: str) -> int:
    terminal.settle()
    before = len(terminal.received)
    tell()
    terminal.wait_for(shows)
    terminal.settle()
    return terminal.received.count(PAINT, before)


def test_what_changes_nothing_paints_nothing(terminal: Terminal, pane: OtherPane) -> None:
    assert paints(terminal, "z") == 0
    assert paints(terminal, "g") == 0
    pane.tell(*tasks(5))
    assert paints(terminal) == 0


def test_one_changed_row_is_one_paint(terminal: Terminal, pane: OtherPane) -> None:
    renamed = task(3)
    renamed = renamed._replace(clips=tuple(clip._replace(title="Another name") for clip in renamed.clips))
    assert paints_until(terminal, lambda: pane.tell(renamed), "Another name") == 1


def test_a_failure_is_one_paint_and_one_for_the_notice(terminal: Terminal, pane: OtherPane) -> None:
    paints_until(terminal, lambda: pane.tell(task(3, Phase.RUNNING)), "▸ 1")
    assert 1 <= paints_until(terminal, lambda: pane.tell(task(3, Phase.FAILED)), "✗ 1") <= 2


def test_a_cursor_key_is_one_paint_and_one_for_the_panel(terminal: Terminal) -> None:
    for key in ("j", "k", "l", PAGE_DOWN, PAGE_DOWN):
        assert 1 <= paints(terminal, key) <= 2, key


def test_keys_that_come_together_share_a_paint(terminal: Terminal) -> None:
    assert 1 <= paints(terminal, "j" * 20) <= 3


@pytest.mark.parametrize("key", ["s", "S", "!", " ", "d", "C", "]", "\t", FOCUS_LOST])
def test_another_look_is_one_paint_and_one_for_the_panel(terminal: Terminal, key: bytes | str) -> None:
    assert 1 <= paints(terminal, key) <= 2
    assert paints(terminal, FOCUS_TAKEN) <= 1


def test_the_panel_alone_is_three_paints_at_most_for_layout_focus_and_page(terminal: Terminal) -> None:
    assert 1 <= paints(terminal, "f") <= 3
    assert 1 <= paints(terminal, "f") <= 3


@pytest.mark.parametrize(("key", "opening"), [("?", 3), (":", 4), ("t", 2), ("a", 1), ("e", 1)])
def test_a_dialog_opens_in_a_few_paints_and_leaves_in_one(terminal: Terminal, key: str, opening: int) -> None:
    assert 1 <= paints(terminal, key) <= opening
    assert paints(terminal, ESCAPE) == 1


def test_the_line_of_the_filter_opens_in_two_paints_and_leaves_in_two_for_focus_and_layout(terminal: Terminal) -> None:
    assert 1 <= paints(terminal, "/") <= 2
    assert 1 <= paints(terminal, ESCAPE) <= 2


def test_a_removal_is_three_paints_at_most_for_rows_panel_and_notice(terminal: Terminal) -> None:
    assert 1 <= paints(terminal, "x") <= 3


def test_a_theme_to_try_is_three_paints_at_most(terminal: Terminal) -> None:
    terminal.sent_for("t")
    for _ in range(3):
        assert 1 <= paints(terminal, DOWN) <= 3
