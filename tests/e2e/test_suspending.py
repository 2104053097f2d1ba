"""ctrl+z gives the terminal back, and the program comes back as it was."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from support.terminal import Open, Terminal

from ecovai_tui.simulator import Simulator

CTRL_Z = "\x1a"


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
    terminal.wait_for("leading")
    terminal.press("/", "x", "y", "\r")
    terminal.wait_for("No task matches")
    modes = terminal.modes_left_on()
    for _ in range(2):
        stop(terminal, how)
        assert terminal.modes_left_on() == set()
        assert terminal.line_modes_restored()
        terminal.screen.reset()
        terminal.kill(signal.SIGCONT)
        terminal.wait_for("No task matches")
        terminal.wait_for("leading")
        terminal.wait_for("Phase .*Title")
        assert terminal.modes_left_on() == modes
    terminal.press("?")
    terminal.wait_for("One line down")
    terminal.press("\x03")
    assert terminal.exit_code() == 0
    assert terminal.modes_left_on() == set()
    assert terminal.line_modes_restored()


def test_a_process_that_was_stopped_without_a_word_goes_on_and_leaves_cleanly(
    open_program: Open, on_simulator: dict[str, str]
) -> None:
    terminal = open_program(environment=on_simulator)
    terminal.wait_for("No tasks are watched")
    stop(terminal, signal.SIGSTOP)
    terminal.screen.reset()
    terminal.kill(signal.SIGCONT)
    terminal.wait_for("No tasks are watched")
    terminal.press("?")
    terminal.wait_for("One line down")
    terminal.press("q" if "q" in "" else "\x03")
    assert terminal.exit_code() == 0
    assert terminal.modes_left_on() == set()
    assert terminal.line_modes_restored()


def test_a_shell_can_put_it_away_and_take_it_back(on_simulator: dict[str, str], tmp_path: Path) -> None:
    with Terminal(["bash", "--norc", "--noprofile", "-i"], environment=on_simulator, folder=tmp_path) as shell:
        from conftest import PROGRAM

        shell.press(f"PS1='at the shell> '; {PROGRAM}\n")
        shell.wait_for("No tasks are watched")
        for _ in range(2):
            shell.press(CTRL_Z)
            shell.wait_for(r"Stopped[\s\S]*at the shell> $")
            shell.press("bg\n")
            shell.wait_for(r"bg\n[\s\S]*at the shell> $")
            shell.press("clear; fg\n")
            shell.wait_for("No tasks are watched")
        shell.press("q")
        shell.wait_for("at the shell> $")
        shell.press("echo left with $?; stty -a | grep -o '[-]*icanon'; exit\n")
        shell.wait_for("left with 0")
        shell.wait_for(r"\nicanon")
        assert os.WIFEXITED(0)
