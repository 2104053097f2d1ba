"""Tests that need programs of Debian, as .ci/run lists them. They run only where this folder is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave these tests out of a run that does not ask for them by name."""
    return None if any("debian" in argument for argument in config.args) else True


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    """A gateway without any tasks, on which ten minutes are over in a second."""
    with Simulator(Options(speed=600.0, arrivals=False, population=0)) as running:
        yield running


@pytest.fixture
def shell_environment(environment: dict[str, str], gateway: Simulator) -> dict[str, str]:
    """What a user's shell has: our program on the path, the gateway and its key."""
    return environment | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "ECOVAI_BASE_URL": gateway.base_url,
        "ECOVAI_API_KEY": gateway.key,
        "LC_ALL": "C.UTF-8",
    }
