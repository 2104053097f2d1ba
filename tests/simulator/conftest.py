from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from simulator_harness import Client, Connect, FakeClock, Run

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def run(clock: FakeClock) -> Iterator[Run]:
    """Start simulators; by default with nobody on stage and nobody arriving."""
    started: list[Simulator] = []

    def start(*, on_new_id: Callable[[str], None] | None = None, **options: Any) -> Simulator:
        chosen = Options(**{"arrivals": False, "population": 0, "own_files": False, **options})
        started.append(Simulator(chosen, clock=clock, on_new_id=on_new_id).start())
        return started[-1]

    yield start
    for simulator in started:
        simulator.stop()


@pytest.fixture
def connect() -> Iterator[Connect]:
    clients: list[Client] = []

    def to(simulator: Simulator) -> Client:
        clients.append(Client(simulator))
        return clients[-1]

    yield to
    for client in clients:
        client.connection.close()
