"""A saved picture inside the real tmux: handed through to kitty where tmux lets it, else in half blocks."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from support.other_pane import OtherPane
from support.terminal import PROGRAM, Terminal

from ecovai_tui.terminal.graphics import PLACEHOLDER

SETTINGS = """
set -g status off
set -g default-terminal tmux-256color
set -as terminal-features ",*:RGB"
set -g allow-passthrough {passes}
"""
ASKS_NAME, KITTY = b"\x1b[>q", b"\x1bP>|kitty(0.42.1)\x1b\\"


@pytest.mark.parametrize(
    ("passes", "name", "drawn"), [("on", KITTY, True), ("off", KITTY, False), ("on", b"\x1bP>|foot(1.17)\x1b\\", False)]
)
def test_a_picture_is_handed_to_kitty_through_tmux(
    environment: dict[str, str], tmp_path: Path, passes: str, name: bytes, *, drawn: bool
) -> None:
    settings, socket = tmp_path / "tmux.conf", str(tmp_path / "tmux.socket")
    settings.write_text(SETTINGS.format(passes=passes))
    command = ["tmux", "-f", str(settings), "-S", socket, "new-session", f"COLORTERM=truecolor {shlex.quote(PROGRAM)}"]
    with OtherPane(environment) as pane:
        pane.watch_picture(tmp_path / "fox.png")
        outside = pane.environment | {"LC_ALL": "C.UTF-8"}
        with Terminal(command, environment=outside, columns=130, lines=44, answers={ASKS_NAME: name}) as terminal:
            terminal.wait_for(PLACEHOLDER if drawn else "▀▀▀")
            sent = re.findall(rb"\x1b_Ga=T,U=1,q=2,f=100,i=(\d+)", terminal.received)
            assert len(sent) == drawn
            for number in sent:
                colour = b"[;:]".join(b"%d" % part for part in int(number).to_bytes(3, "big"))
                assert re.search(rb"38[;:]2[;:]+" + colour + rb"[\d;:]*m" + PLACEHOLDER.encode(), terminal.received)
    subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)
