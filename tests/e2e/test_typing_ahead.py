"""What is typed before a dialog stands on the screen goes into the dialog, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.terminal import CTRL_C, Open, Terminal

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.watchlist import WatchListFile


@pytest.fixture
def simulator() -> Simulator:
    """A gateway on which nothing happens by itself."""
    with Simulator(Options(arrivals=False)) as running:
        yield running


@pytest.fixture
def terminal(open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator) -> Terminal:
    """The monitor with one task, long finished."""
    opened = open_quickly(simulator.ids[0], environment=on_simulator)
    opened.wait_for("✓ 1")
    opened.settle()
    return opened


@pytest.fixture
def watch_list(home: Path) -> WatchListFile:
    return WatchListFile(home / "data" / "watchlist-simulator.toml")


def test_a_label_typed_in_one_breath_is_the_label(terminal: Terminal, watch_list: WatchListFile) -> None:
    terminal.press("exyz\r")
    labels = terminal.wait_until(lambda: watch_list.read().labels, "a label")
    assert list(labels.values()) == ["xyz"]
    assert len(watch_list.read().ids) == 1


def test_an_id_typed_in_one_breath_is_added(
    terminal: Terminal, watch_list: WatchListFile, simulator: Simulator
) -> None:
    terminal.press(f"a{simulator.ids[1]}\r")
    terminal.wait_for("[✓✗] 2|✗ 1")
    assert watch_list.read().ids == simulator.ids[:2]


@pytest.mark.parametrize("keys", [":x", "tx", "?x", "\x19x"], ids=["palette", "theme", "help", "copy menu"])
def test_a_letter_behind_the_key_of_a_dialog_removes_nothing(
    terminal: Terminal, watch_list: WatchListFile, keys: str
) -> None:
    terminal.press(keys)
    terminal.settle()
    assert len(watch_list.read().ids) == 1


def test_ctrl_c_leaves_also_while_a_dialog_opens(terminal: Terminal) -> None:
    terminal.press(b"e" + CTRL_C)
    assert terminal.exit_code() == 0
