"""Runs the program's commands in forks of one process that has imported it: a start then takes a tenth of the time.

What is the interpreter's own cannot be chosen for a fork, so tests of encodings, signals and terminals start real ones.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
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

INTERPRETERS_OWN = ("PYTHON", "LANG", "LC_")
"""How the names of variables begin that an interpreter reads as it starts."""

AS_IT_IS = "C.UTF-8"
"""The locale of the process that forks, and so of its forks."""

PATIENCE = 60.0
_STATUS = 4


class Forks:
    """A process that forks itself for each command."""

    def __init__(self, address: str) -> None:
        self._address = address

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
        theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._address)
            told = json.dumps([words, dict(environment), str(cwd or Path.cwd())]).encode()
            socket.send_fds(line, [len(told).to_bytes(_STATUS, "big")], theirs)
            line.sendall(told)
            for file in theirs:
                os.close(file)
            output = _exchange(pipes[0][1], [pipes[1][0], pipes[2][0]], piped)
            line.settimeout(PATIENCE)
            status = int.from_bytes(line.recv(_STATUS), "big", signed=True)
        return subprocess.CompletedProcess([sys.executable, "-m", "ecovai_tui", *words], status, *output)


@contextmanager
def forks() -> Iterator[Forks]:
    """Start the process; it ends with the block."""
    with TemporaryDirectory() as folder:
        address = f"{folder}/forks"
        variables = {**os.environ, "LC_ALL": AS_IT_IS}
        with subprocess.Popen([sys.executable, __file__, address], env=variables, stdin=subprocess.PIPE) as process:
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


def serve(address: str) -> None:
    """Fork for each command until standard input ends."""
    for name in (*PRELOADED, *_commands()):
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


def _commands() -> Iterator[str]:
    import ecovai_tui.commands as every  # noqa: PLC0415 - what only forks imports the program nowhere else

    return (module.name for module in pkgutil.walk_packages(every.__path__, f"{every.__name__}."))


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
        _become_program(words, environment, cwd, files)
    for file in files:
        os.close(file)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    line.sendall(status.to_bytes(_STATUS, "big", signed=True))
    os._exit(0)


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
    serve(sys.argv[1])
