"""The contract with scripts: each command, run as a process against a gateway, and each exit code that it can give."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_process import Run

from ecovai_tui.commands.shared.command_line import COMMANDS
from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options

NOBODYS = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
SCRIPTS = {
    "SONG": "song", "FAILS": "artist-name", "HALF": "one-clip-fails", "FROZEN": "frozen", "LIVE": "streams-abandoned",
    "LEFT": "left-queued", "NOWHERE": "finished-nowhere", "CANCELLED": "cancelled",
}  # fmt: skip
FAULTS = {"sound": (), "refusing": (Fault("401"),), "broken": (Fault("502-html"),)}
NOWHERE = "http://127.0.0.1:9"
PATIENCE = 20.0
"""Seconds; a request that nobody answers ends by itself after 30."""


@dataclass(frozen=True)
class Gateways:
    """One gateway for each way in which they behave, and the ids of the sound one's tasks."""

    by_name: dict[str, Simulator]
    ids: dict[str, str]

    def variables(self, name: str) -> dict[str, str]:
        if name == "no key":
            return {}
        sound = self.by_name["sound"]
        if name == "gone":
            return {"ECOVAI_BASE_URL": NOWHERE, "ECOVAI_API_KEY": sound.key}
        chosen = self.by_name[name]
        return {"ECOVAI_BASE_URL": chosen.base_url, "ECOVAI_API_KEY": chosen.key}

    def words(self, line: str) -> list[str]:
        return [self.ids.get(word, word) for word in line.split()]


@pytest.fixture(scope="module")
def gateways() -> Iterator[Gateways]:
    with ExitStack() as stack:
        by_name = {
            name: stack.enter_context(Simulator(Options(speed=600.0, arrivals=False, population=0, faults=faults)))
            for name, faults in FAULTS.items()
        }
        ids = {name: by_name["sound"].submit(script=script) for name, script in SCRIPTS.items()}
        yield Gateways(by_name, ids | {"NOBODYS": NOBODYS})


CASES = [
    ("submit lyrics rain", "sound", ExitCode.WELL),
    ("submit lyrics", "sound", ExitCode.USAGE),
    ("submit lyrics rain --again", "broken", ExitCode.UNKNOWN),
    ("submit lyrics rain --again", "gone", ExitCode.GATEWAY),
    ("submit lyrics rain --again", "refusing", ExitCode.KEY),
    ("submit lyrics rain", "no key", ExitCode.USAGE),
    ("submit lyrics rain --readonly", "sound", ExitCode.USAGE),
    ("submit lyrics rain --readonly --dry-run", "sound", ExitCode.WELL),
    ("receipts --settle 1 none --readonly", "no key", ExitCode.USAGE),
    ("receipts", "no key", ExitCode.WELL),
    ("receipts --settle 1 none", "no key", ExitCode.USAGE),
    ("add NOBODYS", "sound", ExitCode.WELL),
    ("add -", "sound", ExitCode.USAGE),
    ("rm --undo", "sound", ExitCode.USAGE),
    ("rm NOBODYS", "sound", ExitCode.USAGE),
    ("ls", "sound", ExitCode.WELL),
    ("ls --json --ids", "sound", ExitCode.USAGE),
    ("fetch SONG", "sound", ExitCode.WELL),
    ("fetch FAILS", "sound", ExitCode.WELL),
    ("fetch SONG", "no key", ExitCode.USAGE),
    ("fetch SONG", "broken", ExitCode.GATEWAY),
    ("fetch SONG", "gone", ExitCode.GATEWAY),
    ("fetch SONG", "refusing", ExitCode.KEY),
    ("fetch SONG NOBODYS", "sound", ExitCode.NOT_KNOWN),
    ("follow SONG --until-final", "sound", ExitCode.WELL),
    ("follow FAILS --until-final --json", "sound", ExitCode.WELL),
    ("follow SONG", "no key", ExitCode.USAGE),
    ("follow SONG", "refusing", ExitCode.KEY),
    ("wait SONG HALF", "sound", ExitCode.WELL),
    ("wait SONG HALF --strict", "sound", ExitCode.TASK_FAILED),
    ("wait LIVE", "sound", ExitCode.WELL),
    ("wait LIVE --strict", "sound", ExitCode.TASK_FAILED),
    ("wait LEFT NOWHERE --strict", "sound", ExitCode.WELL),
    ("wait CANCELLED", "sound", ExitCode.TASK_FAILED),
    ("wait SONG FAILS", "sound", ExitCode.TASK_FAILED),
    ("wait FAILS FROZEN --fail-fast", "sound", ExitCode.TASK_FAILED),
    ("wait SONG FROZEN --any", "sound", ExitCode.WELL),
    ("wait SONG", "no key", ExitCode.USAGE),
    ("wait SONG --timeout soon", "sound", ExitCode.USAGE),
    ("wait SONG --timeout 5", "broken", ExitCode.GATEWAY),
    ("wait SONG --timeout 5", "gone", ExitCode.GATEWAY),
    ("wait FROZEN --timeout 1", "sound", ExitCode.TIMED_OUT),
    ("wait NOBODYS --timeout 1", "sound", ExitCode.TIMED_OUT),
    ("wait SONG", "refusing", ExitCode.KEY),
    ("download SONG", "sound", ExitCode.WELL),
    ("download SONG FAILS", "sound", ExitCode.TASK_FAILED),
    ("download SONG NOBODYS", "sound", ExitCode.NOT_KNOWN),
    ("download SONG", "no key", ExitCode.USAGE),
    ("download SONG", "gone", ExitCode.GATEWAY),
    ("download SONG --readonly", "sound", ExitCode.USAGE),
    ("wait SONG --download", "sound", ExitCode.WELL),
    ("status", "gone", ExitCode.WELL),
    ("status --format {nonsense}", "sound", ExitCode.USAGE),
    ("prune --final", "gone", ExitCode.WELL),
    ("prune", "sound", ExitCode.USAGE),
    ("export", "gone", ExitCode.WELL),
    ("export --phase nonsense", "sound", ExitCode.USAGE),
    ("simulate --fault nonsense", "sound", ExitCode.USAGE),
    ("config path", "no key", ExitCode.WELL),
    ("config init", "no key", ExitCode.WELL),
    ("add SONG --readonly", "sound", ExitCode.USAGE),
    ("rm SONG --readonly", "sound", ExitCode.USAGE),
    ("prune --final --readonly", "sound", ExitCode.USAGE),
    ("ls --readonly", "sound", ExitCode.WELL),
    ("themes --print ecovai-light", "no key", ExitCode.WELL),
    ("themes --print ecovai-lihgt", "no key", ExitCode.USAGE),
    ("config show", "no key", ExitCode.WELL),
    ("config check", "no key", ExitCode.WELL),
    ("config check --profile NO", "sound", ExitCode.USAGE),
    ("doctor", "sound", ExitCode.WELL),
    ("doctor", "no key", ExitCode.USAGE),
    ("doctor", "broken", ExitCode.GATEWAY),
    ("doctor", "refusing", ExitCode.KEY),
    ("doctor --offline", "gone", ExitCode.WELL),
    ("themes", "no key", ExitCode.WELL),
    ("themes --nonsense", "sound", ExitCode.USAGE),
    ("keys", "no key", ExitCode.WELL),
    ("keys --interval 1", "sound", ExitCode.USAGE),
    ("completion zsh", "no key", ExitCode.WELL),
    ("completion csh", "sound", ExitCode.USAGE),
]


@pytest.mark.parametrize(("line", "gateway", "code"), CASES)
def test_a_command_ends_with_the_code_that_it_promises(
    run: Run, gateways: Gateways, line: str, gateway: str, code: ExitCode
) -> None:
    done = run(*gateways.words(line), **gateways.variables(gateway))
    assert done.returncode == code, done.stderr
    assert (code is ExitCode.USAGE) <= (done.stderr != "" or "doctor" in line)


def test_every_command_is_in_the_table() -> None:
    assert {line.split()[0] for line, _, _ in CASES} == set(COMMANDS)


def test_a_removal_ends_well(run: Run) -> None:
    run("add", NOBODYS)
    assert run("rm", NOBODYS).returncode == ExitCode.WELL
    assert run("rm", "--undo").returncode == ExitCode.WELL


@dataclass
class Children:
    """Starts commands that do not end by themselves, and ends them with the test."""

    environment: dict[str, str]
    stack: ExitStack

    def start(self, words: list[str], **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ecovai_tui", *words], env=self.environment | variables, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.stack.callback(process.communicate)
        self.stack.callback(process.kill)
        return process


@pytest.fixture
def children(environment: dict[str, str]) -> Iterator[Children]:
    with ExitStack() as stack:
        yield Children(environment | {"PATH": os.environ["PATH"]}, stack)


def interrupted(process: subprocess.Popen[str]) -> str:
    """Interrupt a command as ctrl+c does, and return what it says on standard error."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in errors
    return errors


def test_an_interrupted_add_keeps_what_it_had(children: Children, run: Run) -> None:
    process = children.start(["add", "-"])
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{NOBODYS}\n")
    process.stdin.flush()
    assert process.stdout.readline().strip() == NOBODYS
    interrupted(process)
    assert run("ls", "--ids").stdout.split() == [NOBODYS]


def test_a_reader_that_has_gone_does_not_keep_ids_from_being_added(children: Children, run: Run) -> None:
    process = children.start(["add", "-"])
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    for name in ("first-id-1", "behind-it-2", "behind-it-3"):
        process.stdin.write(f"{name}\n")
        process.stdin.flush()
        assert process.stderr.readline() == f"added: {name}\n"
        if not process.stdout.closed:
            assert process.stdout.readline() == "first-id-1\n"
            process.stdout.close()
    process.stdin.close()
    assert process.wait(timeout=PATIENCE) == ExitCode.PIPE_CLOSED
    process.stdin = process.stdout = None
    assert set(run("ls", "--ids").stdout.split()) == {"first-id-1", "behind-it-2", "behind-it-3"}


@pytest.mark.parametrize("command", ["fetch", "wait", "follow"])
def test_a_request_in_flight_does_not_delay_an_interruption(children: Children, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = children.start([command, NOBODYS], ECOVAI_BASE_URL=address, ECOVAI_API_KEY="sk-any")
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(4) == b"POST"
            assert interrupted(process).count("\n") <= 1


@pytest.mark.parametrize(
    "words",
    [["ls", "--json"], ["export"], ["status"], ["keys"], ["themes"], ["config", "show"], ["completion", "zsh"], ["-h"]],
)  # fmt: skip
def test_a_reader_that_has_gone_is_exit_code_141_and_quiet(children: Children, words: list[str]) -> None:
    process = children.start(words)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=30) == ExitCode.PIPE_CLOSED
    assert process.stderr.read() == ""
    process.stdout = None


def test_a_follower_whose_reader_goes_ends_with_the_next_line(children: Children, tmp_path: Path) -> None:
    with Simulator(Options(speed=10.0, arrivals=False, population=0)) as lively:
        young = [lively.submit() for _ in range(3)]  # their next lines come when the reader has gone
        process = children.start(
            ["follow", *young, "--json", "--interval", "2"],
            ECOVAI_BASE_URL=lively.base_url,
            ECOVAI_API_KEY=lively.key,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=60) == ExitCode.PIPE_CLOSED
        assert process.stderr.read() == ""
        process.stdout = None
