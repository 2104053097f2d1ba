"""How often the program wakes while nothing happens: that is what it costs who leaves it open all day."""

from __future__ import annotations

import pytest
from support.effort import wake_ups_of
from support.leading_pane import Lead
from support.terminal import Open, Terminal

SECONDS = 5.0
LOOKS_AT_FILES = 5
"""What a follower's looks at the files make in that time, one each second."""


@pytest.fixture
def terminal(lead: Lead, open_program: Open) -> Terminal:
    terminal = open_program(environment=lead(25).environment)
    terminal.wait_for("another pane asks")
    terminal.settle()
    return terminal


def test_a_program_at_rest_wakes_to_look_at_its_files_and_for_nothing_else(terminal: Terminal) -> None:
    before = wake_ups_of(terminal.process)
    terminal.read_for(SECONDS)
    assert 0 < wake_ups_of(terminal.process) - before <= 2 * LOOKS_AT_FILES


def test_what_was_typed_before_does_not_keep_it_awake(terminal: Terminal) -> None:
    terminal.sent_for("j", b"\x1b")
    before = wake_ups_of(terminal.process)
    terminal.read_for(SECONDS)
    assert 0 < wake_ups_of(terminal.process) - before <= 2 * LOOKS_AT_FILES
