"""The key is in no argument, log or file of a running program, whichever way it came in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.key_guard import KeyGuard
from support.terminal import PROGRAM, Open, Terminal

from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


def arguments_of_family(process: int) -> list[str]:
    """Return the command line of a process and of all that it started."""
    family = {process}
    for pid, parent in sorted(tuple(map(int, row.split())) for row in listed("-A", "-o", "pid=,ppid=")):
        if parent in family:
            family.add(pid)
    return listed("-ww", "-o", "args=", "-p", ",".join(map(str, family)))


def listed(*words: str) -> list[str]:
    """Return the lines of ps, asked for the arguments of ours alone: others may have keys of their own."""
    return subprocess.run(["ps", *words], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("from_command", [False, True], ids=["environment", "key command"])
def test_no_process_has_the_key_among_its_arguments(
    open_program: Open, on_simulator: dict[str, str], home: Path, files_with_key: set[Path], from_command: bool
) -> None:
    guard = KeyGuard()
    (home / "config").mkdir(parents=True)
    if from_command:
        with_key_command(home, on_simulator, files_with_key)
    terminal: Terminal = open_program("--log", str(home / "log.txt"), environment=on_simulator)
    terminal.wait_for("nothing due")
    arguments = arguments_of_family(terminal.process)
    assert any("ecovai-tui" in words for words in arguments)
    for words in arguments:
        guard.look(words, "arguments")
    assert not guard.found


def with_key_command(home: Path, variables: dict[str, str], files_with_key: set[Path]) -> None:
    command = home / "print-key"
    command.write_text(f"#!/bin/sh\necho {variables.pop('ECOVAI_API_KEY')}\nsleep 0.2\n")
    command.chmod(0o700)
    files_with_key.add(command)
    profile = f'[profiles.simulator]\nbase_url = "{variables.pop("ECOVAI_BASE_URL")}"\napi_key_command = "{command}"\n'
    (home / "config" / "config.toml").write_text(profile)


@pytest.mark.parametrize("fault", ["", "401-exhausted", "500", "garbage", "reset"])
@pytest.mark.parametrize("command", ["fetch", "wait"])
def test_the_log_says_what_happened_but_not_the_key(
    environment: dict[str, str], home: Path, command: str, fault: str
) -> None:
    home.mkdir()
    log = home / "log.txt"
    with Simulator(Options(faults=(Fault(fault),) if fault else ())) as simulator:
        variables = environment | {
            "ECOVAI_PROFILE": "simulator",
            "ECOVAI_BASE_URL": simulator.base_url,
            "ECOVAI_API_KEY": simulator.key,
        }
        words = [PROGRAM, command, simulator.ids[0], "--log", str(log), *(["--timeout", "2"] * (command == "wait"))]
        subprocess.run(words, env=variables, capture_output=True, check=False)
        written = log.read_bytes()
        assert written
        assert simulator.key.encode() not in written
        assert simulator.key.removeprefix("sk-").encode() not in written
