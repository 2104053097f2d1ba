"""The program on tasks that another pane leads: opened and at rest, so that what an event sends can be counted."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from support.hurried import SPEED
from support.other_pane import OtherPane
from support.terminal import Terminal

from ecovai_tui.tasks.model import Task

OpenOn = Callable[..., Terminal]
"""Opens the program on tasks that another pane leads; more is as of ``Terminal``."""

TOLD_EVERY = 5.0
"""Seconds between two replies, as in earnest."""
TRIES = 4


def at_rest(terminal: Terminal, pane: OtherPane, watched: list[Task]) -> Terminal:
    """Wait until all is shown, and nothing more comes by itself."""
    terminal.wait_for("nothing due")
    terminal.wait_for(r"\[Verse")
    pane.tell(watched[0])
    terminal.wait_until_gone("as of")
    terminal.settle()
    return terminal


def sent_within(terminal: Terminal, seconds: float, meanwhile: Callable[[], object]) -> bytes:
    """Return all that a hurried program sends in so many of its seconds; ``meanwhile`` is done every few of them.

    Where this process is held up, what it tells comes too late and a task is rightly called stale: then it tries again.
    """

    def tell(times: int) -> bytes:
        before = len(terminal.received)
        for _ in range(times):
            meanwhile()
            terminal.read_for(TOLD_EVERY / SPEED)
        return bytes(terminal.received[before:])

    for _ in range(TRIES):
        tell(2)
        if b"stale" not in (sent := tell(ceil(seconds / TOLD_EVERY))):
            break
    return sent
