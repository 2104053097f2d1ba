"""The installed program with a home of its own, and a simulated gateway for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.terminal import Open, Terminal

from ecovai_tui.simulator import Options, Simulator

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder under which everything lies that the program may write."""
    return tmp_path / "home"


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """Variables that keep the program away from the real home."""
    return {
        "HOME": str(home),
        "ECOVAI_CONFIG_DIR": str(home / "config"),
        "ECOVAI_DATA_DIR": str(home / "data"),
        "ECOVAI_STATE_DIR": str(home / "state"),
        "TZ": "UTC",
    }


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A gateway with twenty tasks, ten times as fast as the real one."""
    with Simulator(Options(speed=10.0)) as running:
        yield running


@pytest.fixture
def on_simulator(environment: dict[str, str], simulator: Simulator) -> dict[str, str]:
    """Variables that lead the program to the simulator."""
    return environment | {
        "ECOVAI_PROFILE": "simulator",
        "ECOVAI_BASE_URL": simulator.base_url,
        "ECOVAI_API_KEY": simulator.key,
    }


@pytest.fixture
def open_program(environment: dict[str, str]) -> Iterator[Open]:
    """Start the program in a terminal; it is ended with the test."""
    with ExitStack() as stack:

        def start(*arguments: str, **options: object) -> Terminal:
            chosen = {"environment": environment, **options}
            return stack.enter_context(Terminal([PROGRAM, *arguments], **chosen))  # type: ignore[arg-type]

        yield start
