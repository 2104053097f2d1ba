"""A terminal of our own: runs a program, reads its screen, counts its bytes, and sees how it leaves."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

import pyte
from support.effort import Effort, effort_of
from support.forked import Forks

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")
"""The program as it is installed."""

LIMIT = 60.0
"""Seconds after which waiting for a condition is given up."""

QUIET = 0.4
"""Seconds of silence after which an event counts as over."""

AT_REST = 0.15
"""The same where it is known that the program did not work either: longer than the panel waits for the cursor."""

BREATH = 0.01
"""Seconds without a byte after which the program is looked at: whether it is writing still."""

RESTLESS = 0.5
"""Seconds for which what is waited for has to stay on a screen that goes on changing."""

ENTER, ESCAPE, TAB, CTRL_C = b"\r", b"\x1b", b"\t", b"\x03"

Found = TypeVar("Found")

_SWITCH = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_NOT_FOR_PYTE = re.compile(
    rb"\x1b_[^\x1b]*\x1b\\|\x1bP[^\x1b]*\x1b\\|\x1b\[[<>=][\d;]*[a-z]|\x1b\[\?[\d;]*\$p|\x1b\]22;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[\?\d+u"
)
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[_P][^\x1b]*\x1b\\|[^\[\]_P])")
_FRAME_ENDS = b"\x1b[?2026l"
_ASKS_FOR_FRAMES, _KNOWS_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_MODES_AT_REST = {7: True, 25: True}
"""Private modes that are on in a terminal that nobody has touched; all others are off."""


class Terminal:
    """One program in a terminal of a size; true colour unless the environment given says otherwise.

    It shows what is whole: frames, of which it tells the program that it knows them (mode 2026), and what comes without
    one as soon as the program does not write any more. Where bytes are counted it knows no frames: they have a price.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 40,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        knows_frames: bool = True,
        answers: Mapping[bytes, bytes] | None = None,
        forks: Forks | None = None,
    ) -> None:
        """``answers`` are what it says when it is asked; ``forks`` may start the program in place of a new process."""
        left_out = {"TMUX", "NO_COLOR", "TERM_PROGRAM", "LINES", "COLUMNS", "SSH_CONNECTION"}
        inherited = {name: value for name, value in os.environ.items() if name not in left_out}
        whole = (
            inherited
            | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            | dict(environment or {})
        )
        self.screen = pyte.Screen(columns, lines)
        self.received = bytearray()
        self._stream = pyte.ByteStream(self.screen)
        self._fed = 0
        self._answers = dict(answers or {}) | ({_ASKS_FOR_FRAMES: _KNOWS_FRAMES} if knows_frames else {})
        self._ended: int | None = None
        self._settled = False
        if forks is not None and forks.may_open(whole):
            self.file, terminal = os.openpty()
            self._size(self.file, columns, lines)
            self.process = forks.open(list(command[1:]), whole, terminal, folder or Path.cwd())
        else:
            self.process, self.file = pty.fork()
            if self.process == 0:
                os.chdir(folder or ".")
                self._size(0, columns, lines)
                os.execvpe(command[0], list(command), whole)
            self._size(self.file, columns, lines)
        self.modes_before = termios.tcgetattr(self.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        if self._ended is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.file)

    @property
    def text(self) -> str:
        """The screen as text, a line each; pyte's own ``display`` cannot do with half a wide character."""
        lines, columns = range(self.screen.lines), range(self.screen.columns)
        return "\n".join("".join(self.screen.buffer[y][x].data for x in columns).rstrip() for y in lines)

    def press(self, *keys: bytes | str) -> None:
        """Type these, one after the other."""
        self._settled = False
        for key in keys:
            os.write(self.file, key.encode() if isinstance(key, str) else key)

    def wait_for(self, pattern: str) -> str:
        """Read until a pattern is on a screen that is no longer painted, and return what it matched."""
        found = self.wait_until(
            lambda: self._stays(lambda: re.search(pattern, self.text)), f"{pattern!r} on the screen"
        )
        return found.group() if found else ""

    def wait_until_gone(self, pattern: str) -> None:
        """Read until a pattern is no longer on a screen that is no longer painted."""
        gone = f"{pattern!r} gone from the screen"
        self.wait_until(lambda: self._stays(lambda: not re.search(pattern, self.text)), gone)

    def pause(self) -> None:
        """Read until the program has done what it is at, be it that more is to come of it soon."""
        self._stays(lambda: True)

    def settle(self) -> None:
        """Read until nothing has come for a moment, nor was anything done."""
        deadline = time.monotonic() + LIMIT
        while not self._rests():
            assert time.monotonic() < deadline, "the program never falls silent"
        self._show_received(silent=True)
        self._settled = True

    def sent_for(self, *keys: bytes | str) -> bytes:
        """Return all that the program sends after these keys, until it falls silent."""
        self.read(0)
        if not self._settled:
            self.settle()
        before = len(self.received)
        self.press(*keys)
        self.settle()
        return bytes(self.received[before:])

    def _stays(self, condition: Callable[[], Found]) -> Found:
        """Return what a condition returns once the program has done what it is at."""
        until = time.monotonic() + RESTLESS
        while (found := condition()) and time.monotonic() < until and (self.read(BREATH) or self._is_at_work()):
            pass
        return found

    def _is_at_work(self) -> bool:
        effort = self._effort()
        return effort is not None and effort.busy

    def _rests(self) -> bool:
        before = self._effort()
        if before is None:
            return not self.read(QUIET)
        if self.read(AT_REST):
            return False
        after = self._effort()
        return after is not None and after.rested_since(before)

    def _effort(self) -> Effort | None:
        """Return what the program did up to now that has the terminal, be it started from a shell."""
        try:
            return effort_of(os.tcgetpgrp(self.file))
        except OSError:
            return None

    def kill(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._settled = False
        os.kill(self.process, number)

    def wait_for_stop(self) -> None:
        """Wait until the program is stopped, as by ctrl+z, and take in what it sent before."""

        def stopped() -> bool:
            ended, status = os.waitpid(self.process, os.WNOHANG | os.WUNTRACED)
            return bool(ended) and os.WIFSTOPPED(status)

        self.wait_until(stopped, "stopped")
        while self.read(0.05):
            pass

    def exit_code(self) -> int:
        """Wait for the program to end by itself, and return its exit code (minus the signal's number if killed)."""
        deadline = time.monotonic() + LIMIT
        while self._ended is None:
            assert time.monotonic() < deadline, f"the program never ends\n{self.text}"
            self.read(0.05)
            ended, status = os.waitpid(self.process, os.WNOHANG)
            if ended:
                self._ended = os.waitstatus_to_exitcode(status)
        while self.read(0.05):
            pass
        self._show_received(silent=True)
        return self._ended

    def modes_left_on(self) -> set[int]:
        """Return the private modes (alternate screen, mouse, …) that are not as in an untouched terminal."""
        state: dict[int, bool] = {}
        for numbers, switch in _SWITCH.findall(bytes(self.received)):
            state.update(dict.fromkeys(map(int, numbers.split(b";")), switch == b"h"))
        return {mode for mode, on in state.items() if on != _MODES_AT_REST.get(mode, False)}

    def line_modes_restored(self) -> bool:
        """Return whether echo and line editing are as they were."""
        return termios.tcgetattr(self.file)[:4] == self.modes_before[:4]

    def read(self, seconds: float) -> bool:
        """Take in what comes within so many seconds; False when nothing came."""
        ready, _, _ = select.select([self.file], [], [], seconds)
        try:
            data = os.read(self.file, 65536) if ready else b""
        except OSError:
            data = b""
        if not data:
            if self._fed < len(self.received) and not self._is_at_work():
                self._show_received(silent=True)
            return False
        self._settled = False
        self.received += data
        fresh = len(self.received) - len(data)
        for question, answer in self._answers.items():
            if self.received.find(question, max(0, fresh - len(question) + 1)) >= 0:
                os.write(self.file, answer)
        self._show_received()
        return True

    def read_for(self, seconds: float) -> None:
        """Take in all that comes in so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.read(left)

    def _show_received(self, *, silent: bool = False) -> None:
        """Show the frames that came, and all else where nothing more is on its way."""
        frames, ended, _ = bytes(self.received[self._fed :]).rpartition(_FRAME_ENDS)
        fresh = bytes(self.received[self._fed :]) if silent else frames + ended
        last = fresh.rfind(b"\x1b")
        whole = last if last >= 0 and not _SEQUENCE.match(fresh, last) else len(fresh)
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", fresh[:whole]))
        self._fed += whole

    def wait_until(self, condition: Callable[[], Found], what: str) -> Found:
        """Read until a condition holds, and return what it returned."""
        deadline = time.monotonic() + LIMIT
        while not (found := condition()):
            assert time.monotonic() < deadline, f"never {what}\n{self.text}"
            self.read(0.05)
        return found

    @staticmethod
    def _size(file: int, columns: int, lines: int) -> None:
        fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


Open = Callable[..., Terminal]
"""Starts the program with these arguments in a terminal."""
