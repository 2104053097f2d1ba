"""A practice gateway, the monitor and a script, each a program of its own."""

from __future__ import annotations

import re
import signal
import sys
from subprocess import PIPE, Popen

from support.terminal import Open

TASKS = 20


def test_they_work_together_over_the_socket(open_program: Open, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "ecovai_tui", "simulate", "--speed", "20", "--no-arrivals"]
    with Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True) as gateway:
        assert gateway.stdout is not None
        assert gateway.stderr is not None
        gateway.stderr.readline()
        ready_line = gateway.stderr.readline().split()
        ids = [gateway.stdout.readline().strip() for _ in range(TASKS)]
        told = environment | dict(word.split("=", 1) for word in ready_line[:-1])

        engine = open_program(ids[0], environment=told)
        engine.wait_for("[✓►✗◒▸] 1")
        script = open_program("add", *ids[1:], environment=told)
        assert script.exit_code() == 0
        engine.wait_until(lambda: _counted(engine.text) == TASKS, "all tasks in the status bar")

        engine.press("q")
        assert engine.exit_code() == 0
        gateway.send_signal(signal.SIGINT)
        assert gateway.wait() == 0


def _counted(text: str) -> int:
    """Return how many tasks the status bar counts."""
    return sum(map(int, re.findall(r"[◌▸►✓◒✗?!] (\d+)", text.splitlines()[0])))
