"""Copying inside the real tmux."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.terminal.sequences import CopyWay, copy_text, load_tmux_buffer

IN_TMUX = Capabilities(depth=ColourDepth.MANY, unicode=True, tmux=True)


@pytest.fixture
def tmux_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Start a tmux server of our own with default settings, and return the environment of a program inside it."""
    socket = tmp_path / "tmux.socket"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TMUX")}
    environment = {**clean, "TERM": "xterm-256color"}
    command = ["tmux", "-f", "/dev/null", "-S", os.fspath(socket)]
    subprocess.run([*command, "new-session", "-d", "-x", "80", "-y", "24", "cat"], env=environment, check=True)
    pid = subprocess.run(
        [*command, "display-message", "-p", "#{pid}"], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()
    yield {**environment, "TMUX": f"{socket},{pid},0"}
    subprocess.run([*command, "kill-server"], env=environment, check=False)


def tmux_buffer(environment: dict[str, str]) -> bytes:
    """Return what tmux would paste."""
    return subprocess.run(["tmux", "show-buffer"], env=environment, check=True, capture_output=True).stdout


@pytest.mark.parametrize("text", ["346c5d10-a4a1-4f49-a851-66a7dae6cfaf", "-w\n; kill-server\n$(id) 歌", "x" * 200_000])
def test_a_real_tmux_holds_exactly_the_copied_text(tmux_environment: dict[str, str], text: str) -> None:
    written: list[bytes] = []
    copied = copy_text(text, IN_TMUX, written.append, lambda data: load_tmux_buffer(data, tmux_environment))
    assert copied.way is CopyWay.TMUX
    assert tmux_buffer(tmux_environment) == text.encode()
    assert written == []


def read_until(descriptor: int, sought: bytes) -> bytes:
    """Read from a terminal until the bytes have come; give up when nothing comes for half a minute."""
    received = b""
    while sought not in received:
        assert select.select([descriptor], [], [], 30)[0], f"{sought!r} did not come: {received!r}"
        received += os.read(descriptor, 65_536)
    return received


def test_a_real_tmux_with_default_settings_passes_the_text_to_the_terminal_outside(
    tmux_environment: dict[str, str],
) -> None:
    socket = tmux_environment["TMUX"].split(",")[0]
    plain = {name: value for name, value in tmux_environment.items() if name != "TMUX"}
    outside, inside = os.openpty()
    client = subprocess.Popen(["tmux", "-S", socket, "attach"], env=plain, stdin=inside, stdout=inside, stderr=inside)
    try:
        read_until(outside, b"\x1b[?1049h")
        assert load_tmux_buffer(b"abc", tmux_environment)
        assert re.search(rb"\x1b\]52;[a-z]*;YWJj", read_until(outside, b"YWJj"))
    finally:
        client.terminate()
        client.wait()
        os.close(outside)
        os.close(inside)


def test_the_doctor_tells_what_a_real_tmux_hinders_until_it_is_set(
    tmux_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {**tmux_environment, "HOME": str(tmp_path), "LANG": "C"}

    def doctor() -> str:
        command = [str(Path(sys.executable).with_name("ecovai-tui")), "doctor", "--offline"]
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True).stdout

    before = doctor()
    lines = re.findall(r"set -[a-z]+ [a-z-]+ \w+", before)
    assert lines == ["set -g focus-events on", "set -s escape-time 10"], before
    for line in lines:
        subprocess.run(["tmux", *line.split()], env=environment, check=True)
    assert "with all that the monitor needs" in doctor()
