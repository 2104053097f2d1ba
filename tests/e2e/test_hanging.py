"""A gateway that takes a request and never answers is told of within seconds, everywhere where somebody waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.terminal import Open

from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options

NO_ANSWER = r"no answer for (4|8|12|16|20|24) s"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A gateway that leaves every request without an answer."""
    with Simulator(Options(faults=parse_faults("hang"))) as running:
        yield running


def test_every_pane_and_a_wait_say_that_no_answer_comes(
    open_quickly: Open, simulator: Simulator, on_simulator: dict[str, str]
) -> None:
    task = simulator.submit()
    asking = open_quickly(task, environment=on_simulator)
    asking.wait_for("◌ 1")
    beside = open_quickly(environment=on_simulator)
    beside.wait_for("◌ 1")
    waiting, waiting_for_own = (
        open_quickly("wait", environment=on_simulator),
        open_quickly("wait", task, environment=on_simulator),
    )
    for terminal in (asking, beside, waiting, waiting_for_own):
        terminal.wait_for(NO_ANSWER)
