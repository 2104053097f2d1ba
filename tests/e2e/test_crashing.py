"""A fault of our own leaves the terminal as it was, and a sentence."""

from __future__ import annotations

import sys

from support.terminal import Terminal

CRASHING = """
import sys
from ecovai_tui.tui.main_screen import MainScreen

def crash(screen):
    secret = "sk-of-a-local-variable"
    raise ValueError("a fault of our own")

MainScreen.tell_asked = crash
from ecovai_tui.cli import main
sys.exit(main([]))
"""


def test_a_crash_leaves_a_sentence_and_no_traceback(on_simulator: dict[str, str]) -> None:
    with Terminal([sys.executable, "-c", CRASHING], environment=on_simulator) as terminal:
        terminal.wait_for("nothing due")
        terminal.press("r")
        assert terminal.exit_code() == 70
        assert terminal.modes_left_on() == set()
        assert terminal.line_modes_restored()
        assert b"unexpected went wrong" in terminal.received
        assert b"Traceback" not in terminal.received
        assert b"local-variable" not in terminal.received
