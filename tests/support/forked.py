"""Runs the program in forks of one process that has imported it: a start then takes a tenth of the time.

What is the interpreter's own cannot be chosen for a fork, nor what Textual reads as it is imported: tests of encodings,
signals and colours start real ones.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

PRELOADED = (
    "anyio._backends._asyncio", "filelock", "mutagen", "sqlite3", "tomli_w", "ecovai_tui.cli",
    "ecovai_tui.engine.engine", "ecovai_tui.engine.session", "ecovai_tui.engine.submitting",
    "ecovai_tui.gateway.client", "ecovai_tui.gateway.submit",
)  # fmt: skip
"""What commands load as they need it, beside the commands themselves."""

SCREEN = ("ecovai_tui.engine", "ecovai_tui.gateway", "ecovai_tui.store", "ecovai_tui.tui", "ecovai_tui.view")
"""What the monitor loads, beside the commands."""

INTERPRETERS_OWN = ("PYTHON", "LANG", "LC_")
"""How the names of variables begin that an interpreter reads as it starts."""

AS_IT_IS = "C.UTF-8"
"""The locale of the process that forks, and so of its forks."""

PATIENCE = 60.0
_STATUS = 4


USUAL_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
"""The one terminal on which a program can be opened that was forked."""

NOT_OF_A_FORK = ("TEXTUAL", "NO_COLOR", "ESCDELAY", *INTERPRETERS_OWN)
"""How the names of variables begin that the screen reads once, as it is imported."""

_ADOPT_ORPHANS = 36
"""The call of Linux by which the children of a child that ended become children of this process."""


class Forks:
    """A process that forks itself for each command."""

    def __init__(self, address: str) -> None:
        self._address = address

    @staticmethod
    def may_open(environment: Mapping[str, str]) -> bool:
        """Return whether a program with this environment may be a fork."""
        own = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
        own |= {"LANG": AS_IT_IS, "LC_ALL": AS_IT_IS, **USUAL_TERMINAL}
        chosen = {name: value for name, value in environment.items() if name in own or name.startswith(NOT_OF_A_FORK)}
        return sys.platform == "linux" and chosen.items() <= own.items()

    def open(self, words: list[str], environment: Mapping[str, str], terminal: int, cwd: Path) -> int:
        """Start ``ecovai-tui`` as the leader of a terminal, and return its process: a child of this one."""
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
        with self._asked(words, environment, cwd, [terminal]) as line:
            process = _status_from(line)
        while not _is_ours(process):
            time.sleep(0.001)
        return process

    def run(
        self, words: list[str], environment: Mapping[str, str], piped: bytes = b"", cwd: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run ``ecovai-tui`` with these words to its end, as ``subprocess.run`` does."""
        if any(name.startswith(INTERPRETERS_OWN) and value != AS_IT_IS for name, value in environment.items()):
            command = [sys.executable, "-m", "ecovai_tui", *words]
            return subprocess.run(
                command, env=environment, input=piped, capture_output=True, timeout=PATIENCE, cwd=cwd, check=False
            )
        pipes = [os.pipe() for _ in range(3)]
        with self._asked(words, environment, cwd or Path.cwd(), [pipes[0][0], pipes[1][1], pipes[2][1]]) as line:
            output = _exchange(pipes[0][1], [pipes[1][0], pipes[2][0]], piped)
            status = _status_from(line)
        return subprocess.CompletedProcess([sys.executable, "-m", "ecovai_tui", *words], status, *output)

    @contextmanager
    def _asked(
        self, words: list[str], environment: Mapping[str, str], cwd: Path, files: list[int]
    ) -> Iterator[socket.socket]:
        """Ask for a fork with these standard streams, which are closed here: three pipes, or one terminal."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._address)
            told = json.dumps([words, dict(environment), str(cwd.absolute())]).encode()
            socket.send_fds(line, [len(told).to_bytes(_STATUS, "big")], files)
            line.sendall(told)
            for file in files:
                os.close(file)
            line.settimeout(PATIENCE)
            yield line


def _status_from(line: socket.socket) -> int:
    return int.from_bytes(line.recv(_STATUS), "big", signed=True)


def _is_ours(process: int) -> bool:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()


@contextmanager
def forks(*preloaded: str) -> Iterator[Forks]:
    """Start the process, which loads these packages beside the commands; it ends with the block."""
    with TemporaryDirectory() as folder:
        address = f"{folder}/forks"
        variables = {**os.environ, "LC_ALL": AS_IT_IS}
        command = [sys.executable, __file__, address, *preloaded]
        with subprocess.Popen(command, env=variables, stdin=subprocess.PIPE) as process:
            while not os.path.exists(address):  # noqa: PTH110 - a socket is no file to pathlib's users
                if process.poll() is not None:
                    raise RuntimeError("the process that forks did not start")
                time.sleep(0.005)
            yield Forks(address)
            process.communicate()


def _exchange(into: int, outputs: list[int], piped: bytes) -> list[bytes]:
    """Write the input, and read both outputs to their ends."""
    read: dict[int, bytes] = {}

    def write() -> None:
        with os.fdopen(into, "wb") as pipe, suppress(BrokenPipeError):
            pipe.write(piped)
            pipe.flush()

    def read_all(file: int) -> None:
        with os.fdopen(file, "rb") as pipe:
            read[file] = pipe.read()

    threads = [threading.Thread(target=read_all, args=(file,)) for file in outputs]
    threads.append(threading.Thread(target=write))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [read[file] for file in outputs]


def serve(address: str, packages: list[str]) -> None:
    """Fork for each command until standard input ends."""
    os.environ |= {"TEXTUAL_COLOR_SYSTEM": "truecolor"}
    for name in (*PRELOADED, *_modules("ecovai_tui.commands", *packages)):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{address}.new")
        door.listen()
        os.rename(f"{address}.new", address)  # noqa: PTH104 - whoever sees it can connect
        while True:
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _serve_one(line)
            line.close()
            _collect_ended()


def _modules(*packages: str) -> Iterator[str]:
    for name in packages:
        package = importlib.import_module(name)
        yield from (module.name for module in pkgutil.walk_packages(package.__path__, f"{name}."))


def _end_with_the_tests() -> None:
    sys.stdin.read()
    os._exit(0)


def _collect_ended() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _serve_one(line: socket.socket) -> NoReturn:
    """Run one command in a fork of this fork, and send its exit code."""
    size, files, _, _ = socket.recv_fds(line, _STATUS, 3)
    told = b""
    while len(told) < int.from_bytes(size, "big"):
        told += line.recv(65536)
    words, environment, cwd = json.loads(told)
    child = os.fork()
    if child == 0:
        line.close()
        _become_program(words, environment, cwd, files if len(files) > 1 else _leading(*files))
    for file in files:
        os.close(file)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) if len(files) > 1 else child
    line.sendall(status.to_bytes(_STATUS, "big", signed=True))
    os._exit(0)


def _leading(terminal: int) -> list[int]:
    """Make a terminal that of this process, and return it as its three standard streams."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    return [terminal, os.dup(terminal), os.dup(terminal)]


def _become_program(words: list[str], environment: dict[str, str], cwd: str, files: list[int]) -> NoReturn:
    from ecovai_tui.cli import main  # noqa: PLC0415 - imported before the fork

    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(cwd)
    sys.argv = ["ecovai-tui", *words]
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    code = 1
    try:
        code = main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2:])
