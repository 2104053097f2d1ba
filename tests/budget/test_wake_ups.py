"""How often the program wakes while nothing happens: that is what it costs who leaves it open all day."""

from __future__ import annotations

import sys

import pytest
from support.effort import wake_ups_of
from support.other_pane import BesidePane
from support.terminal import Open, Terminal

SECONDS = 5.0
TRIES = 4
LOOKS_AT_FILES = 3
"""How often the files are looked at in that time."""

WAKES_A_LOOK = 3
"""The timer, the replica's thread, and the event loop with what that found."""


@pytest.fixture
def terminal(beside: BesidePane, open_program: Open) -> Terminal:
    terminal = open_program(environment=beside(25).environment)
    terminal.wait_for("nothing due")
    terminal.settle()
    return terminal


def fewest_wake_ups(terminal: Terminal) -> int:
    """Return how often the program wakes in five seconds: the fewest of a few tries, as it may come to rest late.

    What keeps a program awake is there in each of them.
    """
    fewest = sys.maxsize
    for _ in range(TRIES):
        before = wake_ups_of(terminal.process)
        terminal.read_for(SECONDS)
        fewest = min(fewest, wake_ups_of(terminal.process) - before)
        if fewest <= WAKES_A_LOOK * LOOKS_AT_FILES:
            break
    return fewest


def test_a_program_at_rest_wakes_to_look_at_its_files_and_for_nothing_else(terminal: Terminal) -> None:
    assert 0 < fewest_wake_ups(terminal) <= WAKES_A_LOOK * LOOKS_AT_FILES


def test_what_was_typed_before_does_not_keep_it_awake(terminal: Terminal) -> None:
    terminal.sent_for("j", b"\x1b")
    assert 0 < fewest_wake_ups(terminal) <= WAKES_A_LOOK * LOOKS_AT_FILES
