"""However the program is left, the terminal is as it was."""

from __future__ import annotations

import os
import signal

import pytest
from support.terminal import CTRL_C, Open, Terminal

from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


def leave(terminal: Terminal, how: str | signal.Signals) -> None:
    if isinstance(how, signal.Signals):
        terminal.kill(how)
    else:
        terminal.press(how)


WAYS = pytest.mark.parametrize("how", ["q", CTRL_C.decode(), signal.SIGTERM, signal.SIGHUP], ids=repr)


@WAYS
def test_the_terminal_is_as_it_was(open_program: Open, on_simulator: dict[str, str], how: str | signal.Signals) -> None:
    terminal = open_program(environment=on_simulator)
    terminal.wait_for("watch")
    terminal.settle()
    leave(terminal, how)
    terminal.exit_code()
    assert terminal.modes_left_on() == set()
    assert terminal.line_modes_restored()
    assert terminal.screen.cursor.attrs == terminal.screen.default_char
    assert b"Traceback" not in terminal.received


@WAYS
def test_a_request_in_flight_does_not_delay_the_exit(
    open_program: Open, environment: dict[str, str], how: str | signal.Signals
) -> None:
    with Simulator(Options(faults=(Fault("hang"),))) as simulator:
        variables = environment | {
            "ECOVAI_PROFILE": "simulator",
            "ECOVAI_BASE_URL": simulator.base_url,
            "ECOVAI_API_KEY": simulator.key,
        }
        terminal = open_program(simulator.ids[0], environment=variables)
        terminal.wait_for(simulator.ids[0][:12])
        terminal.wait_until(lambda: simulator.under_way, "a request in flight")
        leave(terminal, how)
        terminal.exit_code()
        assert terminal.modes_left_on() == set()


def test_a_dropped_line_ends_the_program(open_program: Open, on_simulator: dict[str, str]) -> None:
    terminal = open_program(environment=on_simulator)
    terminal.wait_for("watch")
    terminal.settle()
    os.close(terminal.file)
    terminal.file = os.open(os.devnull, os.O_RDWR)
    _, status = os.waitpid(terminal.process, 0)
    terminal._ended = status
    assert os.waitstatus_to_exitcode(status) in {0, 129, -signal.SIGHUP}
