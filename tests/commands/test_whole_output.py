"""What is printed is there to the last byte, or the exit code says otherwise, whatever stands behind the streams."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import resource
import socket
import subprocess
import sys
import termios
import threading
import tty
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.commands.shared.output import ExitCode, whole_stream
from ecovai_tui.store.watchlist import WatchListFile

MANY = 4_000
"""Tasks whose list as JSON is larger than any pipe or buffer."""

PROGRAM = [sys.executable, "-m", "ecovai_tui"]
UNBUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])


@pytest.fixture
def many(home: Path) -> None:
    """A watch list of very many tasks."""
    WatchListFile(home / "data" / "watchlist.toml").add([f"task_{number:032}" for number in range(MANY)], now=1.0)


def pipe() -> tuple[int, int]:
    return os.pipe()


def connection() -> tuple[int, int]:
    here, there = socket.socketpair()
    return here.detach(), there.detach()


def terminal() -> tuple[int, int]:
    here, there = pty.openpty()
    tty.setraw(there, termios.TCSANOW)
    return here, there


def let_not_wait(descriptor: int) -> None:
    """Make a file one that says so when it has no room, as programs leave it that share it."""
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_NONBLOCK)


def read_to_the_end(descriptor: int) -> bytes:
    pieces = []
    while piece := read_or_nothing(descriptor):
        pieces.append(piece)
    os.close(descriptor)
    return b"".join(pieces)


def read_or_nothing(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 30_000)
    except OSError:  # the other side of a terminal has gone
        return b""


@UNBUFFERED
@pytest.mark.parametrize("words", [["ls", "--json"], ["export", "--format", "csv"]], ids=["ls", "export"])
@pytest.mark.parametrize("make", [pipe, connection, terminal])
def test_an_output_that_does_not_wait_gets_everything(
    *, environment: dict[str, str], many: None, make: Callable[[], tuple[int, int]], words: list[str], unbuffered: str
) -> None:
    here, there = make()
    let_not_wait(there)
    variables = environment | {"PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen([*PROGRAM, *words], env=variables, stdout=there, stderr=subprocess.PIPE) as process:
        os.close(there)
        received = read_to_the_end(here)
        assert process.stderr is not None
        assert (process.wait(timeout=60), process.stderr.read()) == (ExitCode.WELL, b"")
    if "--json" in words:
        assert len(json.loads(received)["tasks"]) == MANY
    else:
        assert received.count(b"\n") == MANY + 1


@UNBUFFERED
@pytest.mark.parametrize("room", [1, 4096, 100_001])
@pytest.mark.parametrize("words", [["ls", "--json"], ["ls", "--ids"], ["export"]], ids=" ".join)
def test_a_file_that_takes_only_a_part_ends_in_a_sentence(
    *, environment: dict[str, str], many: None, tmp_path: Path, words: list[str], room: int, unbuffered: str
) -> None:
    with (tmp_path / "out").open("wb") as file:
        done = subprocess.run(
            [*PROGRAM, *words], env=environment | {"PYTHONUNBUFFERED": unbuffered}, check=False,
            stdout=file, stderr=subprocess.PIPE, encoding="utf-8", timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        )  # fmt: skip
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.endswith("ecovai-tui: The output cannot be written: File too large.\n")
    assert (tmp_path / "out").stat().st_size == room


@UNBUFFERED
@pytest.mark.parametrize("make", [pipe, connection])
@pytest.mark.parametrize("reads", [0, 1, 100_000])
def test_a_reader_that_goes_is_exit_code_141_whenever_it_goes(
    *, environment: dict[str, str], many: None, make: Callable[[], tuple[int, int]], reads: int, unbuffered: str
) -> None:
    here, there = make()
    let_not_wait(there)
    variables = environment | {"PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen([*PROGRAM, "ls", "--json"], env=variables, stdout=there, stderr=subprocess.PIPE) as process:
        os.close(there)
        while reads > 0:
            reads -= len(os.read(here, reads))
        os.close(here)
        assert process.stderr is not None
        assert (process.wait(timeout=60), process.stderr.read()) == (ExitCode.PIPE_CLOSED, b"")


def test_who_does_not_read_an_output_that_does_not_wait_holds_nobody_who_presses_ctrl_c(
    environment: dict[str, str], many: None
) -> None:
    here, there = pipe()
    let_not_wait(there)
    with subprocess.Popen([*PROGRAM, "ls", "--json"], env=environment, stdout=there, stderr=subprocess.PIPE) as process:
        while "poll" not in Path(f"/proc/{process.pid}/wchan").read_text() and not polls(process.pid):
            assert process.poll() is None
        process.send_signal(2)
        assert process.wait(timeout=20) == ExitCode.INTERRUPTED
    os.close(here)
    os.close(there)


def polls(pid: int) -> bool:
    """Return whether a process waits for a descriptor: by its system call, where the kernel names no more."""
    try:
        return Path(f"/proc/{pid}/syscall").read_text().split()[0] in {"7", "271", "73"}
    except OSError:
        return False


def test_a_log_that_cannot_be_written_is_told_in_one_sentence_and_changes_nothing_else(
    environment: dict[str, str],
) -> None:
    nowhere = {"ECOVAI_BASE_URL": "http://127.0.0.1:9", "ECOVAI_API_KEY": "sk-sim-of-a-full-log"}
    done = subprocess.run(
        [*PROGRAM, "fetch", "task_00000001", "--log", "/dev/full"], env=environment | nowhere, check=False,
        capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    *before, last = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (ExitCode.GATEWAY, "")
    assert last == "ecovai-tui: The log is not whole, since /dev/full cannot be written: No space left on device."
    assert before[0].startswith("ecovai-tui: Nothing accepts connections")
    assert "Traceback" not in done.stderr


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60_000), max_size=6), st.integers(1, 70_000))
def test_whatever_is_written_arrives_whole_however_it_is_read(texts: list[str], size: int) -> None:
    here, there = os.pipe()
    let_not_wait(there)
    received: list[bytes] = []

    def read() -> None:
        while piece := os.read(here, size):
            received.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    stream = whole_stream(there, "utf-8")
    for text in texts:
        stream.write(text)
    stream.flush()
    os.close(there)
    reader.join()
    os.close(here)
    assert b"".join(received).decode() == "".join(texts)


def test_a_stream_shows_its_kind_as_pythons_own_does() -> None:
    here, there = terminal()
    stream = whole_stream(there, "ascii")
    stream.write("夜\n")
    assert stream.isatty()
    assert stream.fileno() == there
    assert os.read(here, 10) == b"?\n", "a line goes to a terminal at once"
    assert isinstance(stream, io.TextIOWrapper)
    os.close(there)
    os.close(here)
