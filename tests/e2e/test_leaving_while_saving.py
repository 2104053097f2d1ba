"""Whoever leaves while a change of the watch list is held up hears of it, unless it is saved after all."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from filelock import FileLock
from support.terminal import CTRL_C, ENTER, Open, Terminal

from ecovai_tui.store.watchlist import WatchListFile

NEW = "0f0f0f0f-1111-2222-3333-444444444444"
HELD_UP = b"was not saved"


@pytest.fixture
def watch_list(home: Path) -> Path:
    return home / "data" / "watchlist-simulator.toml"


@pytest.fixture
def terminal(open_program: Open, on_simulator: dict[str, str]) -> Terminal:
    terminal = open_program(environment=on_simulator)
    terminal.wait_for("nothing due")
    return terminal


def add_new(terminal: Terminal) -> None:
    """Add an id by the dialog, as far as the keyboard goes."""
    terminal.press("a")
    terminal.wait_for("Add tasks")
    terminal.press(NEW)
    terminal.wait_for("1 new id")
    terminal.press(ENTER)
    terminal.wait_until_gone("Add tasks")


def test_a_change_that_is_held_up_to_the_end_is_told_of(terminal: Terminal, watch_list: Path) -> None:
    with FileLock(f"{watch_list}.lock"):
        add_new(terminal)
        terminal.press(CTRL_C)
        assert terminal.exit_code() == 2
    assert HELD_UP in terminal.received
    assert WatchListFile(watch_list).read().ids == ()


@pytest.mark.parametrize("leave", [CTRL_C, signal.SIGTERM], ids=["ctrl+c", "SIGTERM"])
def test_a_change_whose_way_becomes_free_in_time_is_saved_without_a_word(
    terminal: Terminal, watch_list: Path, leave: bytes | signal.Signals
) -> None:
    lock = FileLock(f"{watch_list}.lock")
    with lock:
        add_new(terminal)
        if isinstance(leave, bytes):
            terminal.press(leave)
        else:
            terminal.kill(leave)
        terminal.wait_until(lambda: 1049 not in terminal.modes_left_on(), "the shell's own screen")
    assert terminal.exit_code() == 0
    assert HELD_UP not in terminal.received
    assert WatchListFile(watch_list).read().ids == (NEW,)
