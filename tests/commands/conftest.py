"""The program as a process of its own, and a gateway on which tasks end within a second."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from command_process import Run
from support.forked import Forks

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


@pytest.fixture
def run(environment: dict[str, str], forked: Forks) -> Run:
    """Run the program with a home of its own; a variable that is empty is not set."""

    def start(*arguments: str, piped: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        chosen = {name: value for name, value in (environment | variables).items() if value}
        done = forked.run(list(arguments), chosen, piped.encode())
        told = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in told.stderr
        return told

    return start


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    """A gateway without any tasks, on which a minute is over in a tenth of a second."""
    with Simulator(Options(speed=600.0, arrivals=False, population=0)) as running:
        yield running


@pytest.fixture
def asking(run: Run, gateway: Simulator) -> Run:
    """Run the program on that gateway."""

    def start(*arguments: str, piped: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        there = {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
        return run(*arguments, piped=piped, **(there | variables))

    return start
