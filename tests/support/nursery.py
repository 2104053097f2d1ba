"""Children of one process that has imported the program, killed at any moment; for scripts that kill very often."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from ecovai_tui.simulator.server import Simulator


class Tally(Protocol):
    """What was seen in all rounds."""

    @property
    def well(self) -> bool:
        """Whether all was as it has to be."""

    @property
    def line(self) -> str:
        """The result in one line."""


def kill_and_tell(kill: Callable[[int, int, Path], Tally]) -> int:
    """Kill as often as the arguments say, with their seed; tell the result, and return the exit code."""
    numbers = [int(word) for word in sys.argv[1:]]
    kills, seed = (numbers + [300, 1][len(numbers) :])[:2]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill(kills, seed, Path(folder))
    sys.stdout.write(f"{tally.line} (seed {seed}, {time.monotonic() - began:.0f} s)\n")
    return 0 if tally.well else 1


class Nursery:
    """A process that has imported the program, and forks one child after the other to kill it."""

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        """``folder`` is the home of all children, and ``simulator`` the gateway that they ask."""
        directories = {f"ECOVAI_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
        gateway = {"ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **directories, **gateway},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, words: list[str], life: float | None = None) -> float:
        """Run the program, for so many seconds at most, and return how long it lived."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([words, life]) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def nursery(orders: IO[str]) -> None:
    """Fork a child for each order, kill it when its time is over, and report how long it lived."""
    import ecovai_tui.commands.submit  # noqa: PLC0415 - imported once, and not by each child
    import ecovai_tui.engine.submitting  # noqa: F401, PLC0415 - as above
    from ecovai_tui.cli import main  # noqa: PLC0415 - as above

    for order in orders:
        words, life = json.loads(order)
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            silence = os.open(os.devnull, os.O_RDWR)
            for descriptor in range(3):
                os.dup2(silence, descriptor)
            os._exit(main(words))
        if life is not None:
            time.sleep(life)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        sys.stdout.write(f"{time.monotonic() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nursery(sys.stdin)
