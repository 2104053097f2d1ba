"""ctrl+z gives the terminal back, and the program comes back as it was."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from support.terminal import Open, Terminal

from ecovai_tui.simulator.server import Simulator

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")
CTRL_Z = "\x1a"
RUNS = r"every \d|nothing due|next look"


def stop(terminal: Terminal, how: str | signal.Signals) -> None:
    if isinstance(how, signal.Signals):
        terminal.kill(how)
    else:
        terminal.press(how)
    terminal.wait_for_stop()


@pytest.mark.parametrize("how", [CTRL_Z, signal.SIGTSTP], ids=["ctrl+z", "SIGTSTP"])
def test_the_program_comes_back_as_it_was(
    open_program: Open, on_simulator: dict[str, str], simulator: Simulator, how: str | signal.Signals
) -> None:
    terminal = open_program(*simulator.ids[:3], environment=on_simulator)
    terminal.wait_for(RUNS)
    terminal.press("/", "x", "y", "\r")
    terminal.wait_for("Nothing has all of this")
    modes = terminal.modes_left_on()
    for _ in range(2):
        stop(terminal, how)
        assert terminal.modes_left_on() == set()
        assert terminal.line_modes_restored()
        terminal.screen.reset()
        terminal.kill(signal.SIGCONT)
        terminal.wait_for("Nothing has all of this")
        terminal.wait_for(RUNS)
        terminal.wait_for("Phase .*Title")
        assert terminal.modes_left_on() == modes
    terminal.press("\x1b")
    terminal.wait_for("watched ─")
    terminal.press("\x03")
    assert terminal.exit_code() == 0
    assert terminal.modes_left_on() == set()
    assert terminal.line_modes_restored()


def test_a_process_that_was_stopped_without_a_word_goes_on_and_leaves_cleanly(
    open_program: Open, on_simulator: dict[str, str]
) -> None:
    terminal = open_program(environment=on_simulator)
    terminal.wait_for("Nothing to watch yet")
    stop(terminal, signal.SIGSTOP)
    terminal.screen.reset()
    terminal.kill(signal.SIGCONT)
    terminal.wait_for("Nothing to watch yet")
    terminal.press("/", "a", "b", "c", "\r")
    terminal.wait_for("/ abc ─")
    terminal.press("\x03")
    assert terminal.exit_code() == 0
    assert terminal.modes_left_on() == set()
    assert terminal.line_modes_restored()


def test_a_shell_can_put_it_away_and_take_it_back(on_simulator: dict[str, str], tmp_path: Path) -> None:
    with Terminal(["bash", "--norc", "--noprofile", "-i"], environment=on_simulator, folder=tmp_path) as shell:
        shell.press(f"{PROGRAM}\n")
        shell.wait_for("Nothing to watch yet")
        for _ in range(2):
            on_a_clean_screen(shell, CTRL_Z, r"Stopped.*ecovai-tui")
            on_a_clean_screen(shell, "bg\n", r"ecovai-tui.*&")
            on_a_clean_screen(shell, "fg\n", "Nothing to watch yet")
        on_a_clean_screen(shell, "q", r"bash.*[#$]")
        assert shell.modes_left_on() <= {2004}, "bash itself asks for bracketed paste"
        on_a_clean_screen(shell, "echo left with $?; stty -a\n", "left with 0")
        shell.wait_for(r" icanon")


def on_a_clean_screen(terminal: Terminal, keys: str, wanted: str) -> None:
    """Press keys once the screen is wiped: pyte, which draws it, knows no alternate screen."""
    terminal.settle()
    terminal.screen.reset()
    terminal.press(keys)
    terminal.wait_for(wanted)
