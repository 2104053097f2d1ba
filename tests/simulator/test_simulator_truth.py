"""The program's reader and the simulator were written apart; here each is held against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecovai_tui.gateway.families.suno import read_batch
from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.scripts import SCRIPTS
from ecovai_tui.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator_harness import Client, Connect, FakeClock, Run

STEP, STEPS = 4, 42
"""Simulated seconds between two looks, and how many looks: beyond the end of the longest script."""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_reader_reports_the_truth_about_every_script_at_every_time(
    dialect: str, run: Run, connect: Connect, clock: FakeClock
) -> None:
    simulator = run(dialect=dialect)
    names = {simulator.submit(script=script): script for script in SCRIPTS}
    client = connect(simulator)
    mistakes = []
    for step in range(STEPS):
        for task_id, phase in read(client, list(names)).items():
            if not agrees(phase, simulator, task_id):
                mistakes.append((step * STEP, names[task_id], phase, simulator.truth(task_id)))
        clock.advance(STEP)
    assert mistakes == []


def read(client: Client, ids: Sequence[str]) -> dict[str, str | None]:
    """Return the phase that the program's reader gives to each id, None where the reply leaves it out."""
    response = client.batch(ids)
    phases = {task.id: task.phase.value for task in read_batch(response.body, response.status, response.headers, ids)}
    return {task_id: phases.get(task_id) for task_id in ids}


def agrees(phase: str | None, simulator: Simulator, task_id: str) -> bool:
    """Return whether a reading is true; an id that is left out is waiting or missing, which time alone decides."""
    truth = simulator.truth(task_id)
    return truth in {"waiting", "missing"} if phase is None else truth == phase
