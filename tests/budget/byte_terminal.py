"""A pseudo-terminal that counts the bytes which a program sends to it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

QUIET = 0.4
"""Seconds of silence after which an event counts as over."""

LIMIT = 30.0
"""Seconds after which waiting is given up."""


class Terminal:
    """Runs a program in a terminal of a size; true colour, no synchronised output."""

    def __init__(self, command: Sequence[str], columns: int = 120, lines: int = 40) -> None:
        size = struct.pack("HHHH", lines, columns, 0, 0)
        left_out = {"TMUX", "NO_COLOR", "TERM_PROGRAM", "LINES", "COLUMNS"}
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process, self.file = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execvpe(command[0], list(command), environment)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, size)
        self.received = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        os.close(self.file)

    def wait_for(self, text: str) -> None:
        """Read until the program has sent a text; fails where it does not."""
        deadline = time.monotonic() + LIMIT
        while text.encode() not in self.received:
            if time.monotonic() > deadline or not self._read(LIMIT):
                raise AssertionError(f"{text!r} never came; the last was {bytes(self.received[-500:])!r}")

    def settle(self) -> None:
        """Read until nothing has come for a moment."""
        deadline = time.monotonic() + LIMIT
        while self._read(QUIET):
            assert time.monotonic() < deadline, "the program never falls silent"

    def sent_for(self, keys: bytes) -> bytes:
        """Return all that the program sends after these keys, until it falls silent."""
        self.settle()
        before = len(self.received)
        os.write(self.file, keys)
        self.settle()
        return bytes(self.received[before:])

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.file], [], [], seconds)
        if not ready:
            return False
        try:
            self.received += os.read(self.file, 65536)
        except OSError:
            return False
        return True
