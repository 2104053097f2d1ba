"""After a crash the terminal is as it was, and the attempt itself never harms."""

from __future__ import annotations

import contextlib
import os
import re
import termios
import threading
import tty
from pathlib import Path

import pyte
import pytest
import textual.drivers.linux_driver as textual_driver

from ecovai_tui.terminal import restore
from ecovai_tui.terminal.restore import RESTORE, remember_modes, restore_terminal


@pytest.mark.parametrize(
    "sequence",
    [
        b"\x1b[?1049l",
        b"\x1b[?1000l",
        b"\x1b[?1002l",
        b"\x1b[?1003l",
        b"\x1b[?1006l",
        b"\x1b[?1015l",
        b"\x1b[?1016l",
        b"\x1b[?1004l",
        b"\x1b[?2004l",
        b"\x1b[?2026l",
        b"\x1b[?2048l",
        b"\x1b[<u",
        b"\x1b[0m",
        b"\x1b[?7h",
        b"\x1b[?25h",
    ],
)
def test_each_mode_is_undone_once(sequence: bytes) -> None:
    assert RESTORE.count(sequence) == 1


def test_every_mode_that_textual_sets_is_undone() -> None:
    lines = Path(textual_driver.__file__).read_text().splitlines()
    source = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    assert {"1000", "1049", "2004"} <= set(re.findall(r"\[\?(\d+)h", source))
    opened = set(re.findall(r"\[\?(\d+)h", source)) - {"7", "25"}
    closed = {number.decode() for number in re.findall(rb"\[\?(\d+)l", RESTORE)}
    assert opened <= closed


def test_the_keyboard_is_put_back_before_the_screen_and_the_mouse_after_it() -> None:
    assert RESTORE.index(b"\x1b[<u") < RESTORE.index(b"\x1b[?1049l") < RESTORE.index(b"\x1b[?1000l")


def test_a_terminal_shows_its_cursor_wraps_lines_and_has_no_colour_afterwards() -> None:
    screen = pyte.Screen(20, 4)
    stream = pyte.ByteStream(screen)
    stream.feed(b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[31;7m")
    assert screen.cursor.hidden
    stream.feed(RESTORE)
    assert not screen.cursor.hidden
    assert pyte.modes.DECAWM in screen.mode
    assert (screen.cursor.attrs.fg, screen.cursor.attrs.reverse) == ("default", False)


def test_all_bytes_reach_the_terminal() -> None:
    ours, theirs = os.openpty()
    try:
        assert restore_terminal(theirs)
        assert os.read(ours, 4_096) == RESTORE
    finally:
        os.close(ours)
        os.close(theirs)


def test_echo_and_whole_lines_come_back() -> None:
    ours, theirs = os.openpty()
    try:
        modes = remember_modes(theirs)
        assert modes is not None
        tty.setraw(theirs)
        assert termios.tcgetattr(theirs) != modes
        assert restore_terminal(theirs, modes)
        assert termios.tcgetattr(theirs) == modes
    finally:
        os.close(ours)
        os.close(theirs)


def test_what_is_no_terminal_has_no_modes_and_raises_nothing(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    modes = remember_modes(theirs)
    os.close(ours)
    os.close(theirs)
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    assert remember_modes(descriptor) is None
    assert restore_terminal(descriptor, modes) is False
    os.close(descriptor)
    assert remember_modes(descriptor) is None
    assert remember_modes(-1) is None


@pytest.mark.parametrize("how", ["closed", "negative", "read only"])
def test_a_terminal_that_is_gone_raises_nothing(how: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    descriptor = os.open(path, os.O_RDONLY)
    if how == "read only":
        assert restore_terminal(descriptor) is False
    os.close(descriptor)
    assert restore_terminal(-1 if how == "negative" else descriptor) is False


def test_a_hung_up_terminal_raises_nothing() -> None:
    ours, theirs = os.openpty()
    os.close(ours)
    assert restore_terminal(theirs) is False
    os.close(theirs)


def test_a_terminal_that_reads_no_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "WRITE_TIMEOUT", 0.01)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writing, b"x" * 65_536):
            pass
    assert restore_terminal(writing) is False
    os.close(reading)
    os.close(writing)


def test_a_terminal_that_takes_few_bytes_at_a_time_gets_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    write = os.write
    monkeypatch.setattr(restore.os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.extend(iter(lambda: os.read(reading, 64), b"")))
    reader.start()
    assert restore_terminal(writing)
    os.close(writing)
    reader.join()
    os.close(reading)
    assert b"".join(received) == RESTORE
