"""Copying: each rung of the ladder, and what the user is told of it."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.terminal.sequences import (
    CLIPBOARD_LIMIT,
    Copied,
    CopyWay,
    clipboard_sequence,
    copy_text,
    load_tmux_buffer,
)

PLAIN = Capabilities(depth=ColourDepth.MANY, unicode=True)
IN_TMUX = Capabilities(depth=ColourDepth.MANY, unicode=True, tmux=True)
IN_SCREEN = Capabilities(depth=ColourDepth.MANY, unicode=True, screen=True)

OSC52 = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


class Terminal:
    """Remembers what is written to it, and what is given to tmux."""

    def __init__(self, *, tmux_works: bool = True) -> None:
        self.written = b""
        self.buffers: list[bytes] = []
        self.tmux_works = tmux_works

    def write(self, data: bytes) -> None:
        """Take bytes for the terminal."""
        self.written += data

    def load(self, data: bytes) -> bool:
        """Stand in for tmux."""
        self.buffers.append(data)
        return self.tmux_works

    def copy(self, text: str, capabilities: Capabilities) -> Copied:
        """Copy by this terminal."""
        return copy_text(text, capabilities, self.write, self.load)


def test_a_plain_terminal_gets_one_osc_52_sequence() -> None:
    terminal = Terminal()
    copied = terminal.copy("abc", PLAIN)
    assert terminal.written == b"\x1b]52;c;YWJj\x07"
    assert (copied.way, copied.done, copied.message) == (CopyWay.TERMINAL, True, "Sent to the terminal's clipboard")
    assert terminal.buffers == []


def test_inside_tmux_the_text_goes_to_its_buffer_and_no_byte_to_the_terminal() -> None:
    terminal = Terminal()
    copied = terminal.copy("abc", IN_TMUX)
    assert (terminal.buffers, terminal.written) == ([b"abc"], b"")
    assert copied.way is CopyWay.TMUX
    assert "tmux buffer" in copied.message


def test_where_tmux_refuses_both_forms_of_osc_52_are_sent() -> None:
    terminal = Terminal(tmux_works=False)
    copied = terminal.copy("abc", IN_TMUX)
    assert terminal.written == b"\x1b]52;c;YWJj\x07" + b"\x1bPtmux;\x1b\x1b]52;c;YWJj\x07\x1b\\"
    assert copied.way is CopyWay.TERMINAL
    assert "set-clipboard on" in copied.message


def test_screen_gets_the_sequence_in_pieces_that_fit_its_buffer() -> None:
    terminal = Terminal()
    terminal.copy("x" * 3_000, IN_SCREEN)
    pieces = re.findall(rb"\x1bP(.*?)\x1b\\", terminal.written, re.DOTALL)
    assert b"".join(b"\x1bP" + piece + b"\x1b\\" for piece in pieces) == terminal.written
    assert max(len(piece) for piece in pieces) < 768
    assert b"".join(pieces) == clipboard_sequence(b"x" * 3_000)


def test_the_longest_text_makes_a_sequence_that_terminals_still_take() -> None:
    terminal = Terminal()
    assert terminal.copy("x" * CLIPBOARD_LIMIT, PLAIN).done
    assert len(terminal.written) == 100_000


def test_a_text_over_the_limit_is_not_sent_and_that_is_said() -> None:
    terminal = Terminal()
    copied = terminal.copy("x" * (CLIPBOARD_LIMIT + 1), PLAIN)
    assert (terminal.written, copied.done) == (b"", False)
    assert copied.message == "Not copied: 74,995 bytes, and terminals take 74,994"


def test_the_limit_counts_bytes_and_not_characters() -> None:
    assert not Terminal().copy("音" * 30_000, PLAIN).done


def test_tmux_takes_more_than_the_terminal_does_and_says_so() -> None:
    terminal = Terminal()
    copied = terminal.copy("id\n" * 100_000, IN_TMUX)
    assert copied.way is CopyWay.TMUX
    assert len(terminal.buffers[0]) == 300_000
    assert "too long for the terminal" in copied.message


@pytest.mark.parametrize(
    "capabilities",
    [
        Capabilities(depth=ColourDepth.SIXTEEN, unicode=False, console=True),
        Capabilities(depth=ColourDepth.NONE, unicode=False, dumb=True),
        Capabilities(depth=ColourDepth.NONE, unicode=True, terminal=False),
    ],
    ids=["linux console", "dumb", "pipe"],
)
def test_where_there_is_no_clipboard_nothing_is_written_and_that_is_said(capabilities: Capabilities) -> None:
    terminal = Terminal()
    copied = terminal.copy("abc", capabilities)
    assert (terminal.written, copied.way) == (b"", CopyWay.NOWHERE)
    assert copied.message == "Not copied: this terminal has no clipboard"


@pytest.mark.parametrize("text", ["", "\x1b[31m", "\u200b"])
def test_nothing_is_not_copied(text: str) -> None:
    terminal = Terminal()
    assert terminal.copy(text, IN_TMUX) == Copied(CopyWay.NOWHERE, "Nothing to copy")
    assert (terminal.written, terminal.buffers) == (b"", [])


def test_lines_and_tabs_of_lyrics_are_kept() -> None:
    terminal = Terminal()
    terminal.copy("[Verse]\n\t歌 ♪", IN_TMUX)
    assert terminal.buffers == ["[Verse]\n\t歌 ♪".encode()]


@given(st.text(), st.sampled_from([PLAIN, IN_TMUX, IN_SCREEN]))
def test_no_text_can_put_a_control_into_the_sequence_or_the_clipboard(text: str, capabilities: Capabilities) -> None:
    terminal = Terminal(tmux_works=False)
    if not terminal.copy(text, capabilities).done:
        return
    joined = terminal.written.replace(b"\x1b\\\x1bP", b"").replace(b"\x1b\x1b", b"\x1b")
    found = OSC52.findall(joined)
    assert len(found) == (2 if capabilities.tmux else 1)
    rest = OSC52.sub(b"", joined)
    assert rest in {b"", b"\x1bP\x1b\\", b"\x1bPtmux;\x1b\\"}
    for payload in found:
        pasted = base64.b64decode(payload, validate=True).decode()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", pasted)


def test_a_tmux_that_is_gone_is_told_and_does_not_raise(tmp_path: Path) -> None:
    gone = {**os.environ, "TMUX": f"{tmp_path / 'no.socket'},1,0"}
    assert load_tmux_buffer(b"abc", gone) is False


def test_a_machine_without_the_tmux_program_is_told_and_does_not_raise(tmp_path: Path) -> None:
    assert load_tmux_buffer(b"abc", {"PATH": os.fspath(tmp_path), "TMUX": "x,1,0"}) is False


def test_a_tmux_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tmux"
    program.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    program.chmod(0o755)
    monkeypatch.setattr("ecovai_tui.terminal.sequences.TMUX_TIMEOUT", 0.1)
    assert load_tmux_buffer(b"abc", {"PATH": f"{tmp_path}:{os.environ['PATH']}"}) is False
