"""Panes that lead, and the program beside them, by the true clock or by one that goes faster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from support.hurried import BEGUN, COMMAND, hurried
from support.other_pane import OtherPane
from support.slow_link import OpenOn, at_rest
from support.terminal import Open, Terminal

from ecovai_tui.tasks.model import Task


@pytest.fixture
def pane(environment: dict[str, str]) -> Iterator[OtherPane]:
    with OtherPane(environment) as other:
        yield other


@pytest.fixture
def colours() -> dict[str, str]:
    """The variables that tell how many colours there are; true colour unless a module says otherwise."""
    return {}


@pytest.fixture
def open_on(pane: OtherPane, open_quickly: Open, colours: dict[str, str]) -> OpenOn:
    def start(watched: list[Task], **size: int) -> Terminal:
        pane.watch(watched)
        terminal = open_quickly(environment=pane.environment | colours, knows_frames=False, **size)
        return at_rest(terminal, pane, watched)

    return start


@pytest.fixture
def hurried_pane(environment: dict[str, str]) -> Iterator[OtherPane]:
    begun = time.time()
    with OtherPane(environment | {BEGUN: str(begun)}, hurried(time.time, begun)) as other:
        yield other


@pytest.fixture
def hurry_on(hurried_pane: OtherPane, colours: dict[str, str]) -> Iterator[OpenOn]:
    """Open the program with a clock that goes faster, as that of the pane does that leads."""
    with ExitStack() as stack:

        def start(watched: list[Task]) -> Terminal:
            hurried_pane.watch(watched)
            terminal = Terminal(COMMAND, environment=hurried_pane.environment | colours, knows_frames=False)
            return at_rest(stack.enter_context(terminal), hurried_pane, watched)

        yield start
