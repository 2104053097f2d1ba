"""What tmux hinders is told with the line that mends it, and nothing is advised that does not help."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecovai_tui.terminal.sequences import TmuxOptions, ask_tmux, lines_to_add

WELL = TmuxOptions(
    version="3.4",
    focus_events="1",
    set_clipboard="external",
    allow_passthrough="1",
    escape_time="10",
    client_termname="xterm-256color",
    client_termfeatures="256,clipboard,RGB,title",
)


def advised(options: TmuxOptions, *, notifies_desktop: bool = True, many_colours: bool = True) -> list[str]:
    return [line.text for line in lines_to_add(options, notifies_desktop=notifies_desktop, many_colours=many_colours)]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (WELL._replace(focus_events="0"), "set -g focus-events on"),
        (WELL._replace(set_clipboard="off"), "set -s set-clipboard external"),
        (WELL._replace(allow_passthrough="0"), "set -g allow-passthrough on"),
        (WELL._replace(allow_passthrough="off"), "set -g allow-passthrough on"),
        (WELL._replace(escape_time="500"), "set -s escape-time 10"),
        (WELL._replace(client_termfeatures="256,title"), "set -as terminal-features 'xterm-256color:RGB'"),
    ],
    ids=["focus", "clipboard", "pass-through", "pass-through by name", "escape", "colours"],
)
def test_each_option_that_hinders_is_told_with_its_line(options: TmuxOptions, line: str) -> None:
    assert advised(options) == [line]


@pytest.mark.parametrize(
    "options",
    [
        WELL,
        WELL._replace(set_clipboard="on"),
        WELL._replace(allow_passthrough="all"),
        WELL._replace(escape_time="50"),
        WELL._replace(allow_passthrough="", escape_time="", focus_events=""),
        WELL._replace(client_termname="", client_termfeatures=""),
    ],
    ids=["all well", "clipboard on", "all pass", "quick enough", "unknown to this version", "nobody attached"],
)
def test_nothing_is_advised_that_does_not_help(options: TmuxOptions) -> None:
    assert advised(options) == []


def test_what_the_user_does_not_use_needs_no_line() -> None:
    hindered = WELL._replace(allow_passthrough="0", client_termfeatures="256")
    assert advised(hindered, notifies_desktop=False, many_colours=False) == []


def test_each_line_says_what_it_is_good_for() -> None:
    hindered = TmuxOptions("3.3a", "0", "off", "0", "500", "xterm-256color", "256")
    lines = [*lines_to_add(hindered, notifies_desktop=True, many_colours=True)]
    assert len(lines) == 5
    assert all(line.good_for for line in lines)


@pytest.mark.parametrize(
    "program",
    [None, "exit 1", "echo", "echo 'a|b'", "printf '\\033]0;x\\007\\n'"],
    ids=["none", "fails", "silent", "of few words", "odd"],
)
def test_a_tmux_that_gives_no_answer_is_none(tmp_path: Path, program: str | None) -> None:
    if program is not None:
        (tmp_path / "tmux").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "tmux").chmod(0o755)
    assert ask_tmux({"PATH": str(tmp_path), "TMUX": "/nowhere,1,0"}) is None


def test_outside_of_tmux_nobody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "tmux").write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    (tmp_path / "tmux").chmod(0o755)
    assert ask_tmux({"PATH": str(tmp_path)}) is None
    assert not (tmp_path / "asked").exists()
