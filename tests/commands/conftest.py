"""The program as a process of its own, and a gateway on which tasks end within a second."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from command_process import Run

from ecovai_tui.simulator.options import Options
from ecovai_tui.simulator.server import Simulator


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run the program with a home of its own; a variable that is empty is not set."""

    def start(*arguments: str, piped: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        chosen = {name: value for name, value in (environment | variables).items() if value}
        command = [sys.executable, "-m", "ecovai_tui", *arguments]
        done = subprocess.run(
            command, env=chosen, input=piped, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        assert "Traceback" not in done.stderr
        return done

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
