"""What is believed of a terminal, environment by environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth, is_ssh, read_capabilities, textual_environment

NONE, SIXTEEN, MANY, TRUE = ColourDepth
COLOURLESS = {"NO_COLOR": "1", "TEXTUAL_THEME": "ansi-dark"}
UTF8 = {"LANG": "en_US.UTF-8"}


def capabilities(encoding: str = "utf-8", *, is_terminal: bool = True, **environment: str) -> Capabilities:
    """Read the capabilities of a terminal with this environment."""
    return read_capabilities(environment, is_terminal=is_terminal, encoding=encoding)


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, TRUE),
        ({"TERM": "xterm-256color", "COLORTERM": " TrueColor "}, TRUE),
        ({"TERM": "xterm-256color", "COLORTERM": "yes"}, MANY),
        ({"TERM": "xterm-256color"}, MANY),
        ({"TERM": "tmux-256color", "TMUX": "/run/tmux/default,1,0"}, MANY),
        ({"TERM": "tmux-256color", "TMUX": "/run/tmux/default,1,0", "COLORTERM": "truecolor"}, TRUE),
        ({"TERM": "screen", "TMUX": "/run/tmux/default,1,0"}, MANY),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, MANY),
        ({"TERM": "screen.xterm-256color", "COLORTERM": "truecolor"}, MANY),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, MANY),
        ({"TERM": "screen"}, SIXTEEN),
        ({"TERM": "xterm"}, SIXTEEN),
        ({"TERM": "linux"}, SIXTEEN),
        ({"TERM": "rxvt"}, SIXTEEN),
        ({"TERM": "xterm-kitty"}, TRUE),
        ({"TERM": "alacritty"}, TRUE),
        ({"TERM": "foot"}, TRUE),
        ({"TERM": "foot-extra"}, TRUE),
        ({"TERM": "xterm-ghostty"}, TRUE),
        ({"TERM": "wezterm"}, TRUE),
        ({"TERM": "xterm-direct"}, TRUE),
        ({"TERM": "vt100"}, NONE),
        ({"TERM": "vt220"}, NONE),
        ({"TERM": "xterm-mono"}, NONE),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, NONE),
        ({"TERM": "unknown"}, NONE),
        ({"TERM": ""}, NONE),
        ({}, NONE),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, NONE),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, TRUE),
        ({"TERM": "xterm-kitty", "TEXTUAL_COLOR_SYSTEM": "256"}, MANY),
        ({"TERM": "xterm-kitty", "TEXTUAL_COLOR_SYSTEM": "standard"}, SIXTEEN),
        ({"TERM": "xterm-kitty", "TEXTUAL_COLOR_SYSTEM": "auto"}, TRUE),
        ({"TERM": "xterm-kitty", "TEXTUAL_COLOR_SYSTEM": "lots"}, TRUE),
    ],
)
def test_colours_are_counted_as_the_environment_tells(environment: dict[str, str], depth: ColourDepth) -> None:
    assert capabilities(**environment).depth is depth


@given(st.sampled_from(["", "-256color", ".xterm", "-bce", ".xterm-256color"]), st.sampled_from(["truecolor", "24bit"]))
def test_screen_never_gets_24_bit_colours_by_itself(suffix: str, colorterm: str) -> None:
    assert capabilities(TERM=f"screen{suffix}", COLORTERM=colorterm).depth <= MANY


def test_a_pipe_has_no_colours() -> None:
    read = capabilities(TERM="xterm-256color", COLORTERM="truecolor", is_terminal=False)
    assert (read.depth, read.terminal) == (NONE, False)


@pytest.mark.parametrize(
    ("environment", "encoding", "unicode"),
    [
        ({**UTF8}, "utf-8", True),
        ({**UTF8}, "UTF8", True),
        ({**UTF8}, "utf_8", True),
        ({**UTF8}, "iso8859-1", False),
        ({**UTF8}, "ascii", False),
        ({}, "utf-8", True),
        ({"LANG": "de_DE.utf8"}, "utf-8", True),
        ({"LANG": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "de_DE@euro"}, "utf-8", False),
        ({"LANG": "zh_CN.GBK"}, "utf-8", False),
        ({"LANG": "C"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", False),
        ({"LANG": "POSIX", "LC_CTYPE": "C.utf8"}, "utf-8", False),
        ({"LC_CTYPE": "UTF-8"}, "utf-8", True),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, "utf-8", True),
        ({**UTF8, "LC_CTYPE": "POSIX"}, "utf-8", False),
        ({**UTF8, "LC_ALL": "C"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "C", "LC_ALL": "en_GB.UTF-8"}, "utf-8", True),
        ({**UTF8, "LC_ALL": ""}, "utf-8", True),
        ({**UTF8, "TERM": "linux"}, "utf-8", False),
        ({**UTF8, "TERM": "linux-16color"}, "utf-8", False),
        ({**UTF8, "TERM": "vt100"}, "utf-8", False),
        ({**UTF8, "TERM": "dumb"}, "utf-8", False),
        ({**UTF8, "TERM": ""}, "utf-8", False),
    ],
)
def test_glyphs_are_ascii_where_unicode_is_not_safe(
    environment: dict[str, str], encoding: str, *, unicode: bool
) -> None:
    assert capabilities(encoding, **{"TERM": "xterm-256color", **environment}).unicode is unicode


@pytest.mark.parametrize(
    ("environment", "python", "encoding"),
    [
        (UTF8, "utf-8", "utf-8"),
        (UTF8, "UTF8", "utf-8"),
        ({}, "utf-8", "utf-8"),
        ({"LANG": "C"}, "utf-8", "utf-8"),
        ({"LC_ALL": "POSIX"}, "utf-8", "utf-8"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", "utf-8"),
        ({"LC_CTYPE": "UTF-8"}, "utf-8", "utf-8"),
        ({"LANG": "de_DE.utf8@euro"}, "utf-8", "utf-8"),
        ({"LANG": "de_DE@euro"}, "utf-8", "utf-8"),
        ({"LANG": "zh_CN.GBK"}, "gbk", "gbk"),
        ({"LANG": "de_DE@euro"}, "iso8859-15", "iso8859-15"),
        ({"LANG": "C"}, "ascii", "ascii"),
        ({"LANG": "zh_CN.GBK"}, "utf-8", "ascii"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, "utf-8", "ascii"),
        ({**UTF8, "TERM": "linux"}, "utf-8", "utf-8"),
    ],
)
def test_text_is_sent_in_what_the_terminal_reads(environment: dict[str, str], python: str, encoding: str) -> None:
    assert capabilities(python, **{"TERM": "xterm-256color", **environment}).encoding == encoding


def test_a_locale_of_c_is_seen_through_what_python_makes_of_it() -> None:
    program = (
        "import os, sys; from ecovai_tui.terminal.capabilities import read_capabilities as read;"
        "print(read(os.environ, is_terminal=True, encoding=sys.stdout.encoding).unicode)"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}

    def unicode_under(**locale: str) -> str:
        environment = {**plain, "TERM": "xterm", **locale}
        return subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert unicode_under(LANG="C") == "False"
    assert unicode_under(LC_ALL="C") == "False"
    assert unicode_under(LANG="C.UTF-8") == "True"


@pytest.mark.parametrize(
    ("environment", "tmux", "screen"),
    [
        ({"TERM": "tmux-256color", "TMUX": "/run/tmux/default,1,0"}, True, False),
        ({"TERM": "screen-256color", "TMUX": "/run/tmux/default,1,0"}, True, False),
        ({"TERM": "screen-256color", "TMUX": "/run/tmux/default,1,0", "STY": "1.pts"}, True, False),
        ({"TERM": "screen", "STY": "1234.pts-0.host"}, False, True),
        ({"TERM": "xterm-256color", "STY": "1234.pts-0.host"}, False, True),
        ({"TERM": "screen"}, False, True),
        ({"TERM": "xterm", "TMUX": "", "STY": ""}, False, False),
    ],
)
def test_the_multiplexer_in_between_is_named(environment: dict[str, str], *, tmux: bool, screen: bool) -> None:
    read = capabilities(**environment)
    assert (read.tmux, read.screen) == (tmux, screen)


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"])
def test_ssh_is_told_by_any_of_its_variables(name: str) -> None:
    assert is_ssh({name: "10.0.0.1 5000 10.0.0.2 22"})
    assert not is_ssh({name: ""})
    assert capabilities(TERM="xterm", **{name: "x"}).ssh


@pytest.mark.parametrize(("term", "dumb"), [("dumb", True), ("", True), ("unknown", True), ("xterm", False)])
def test_a_terminal_of_which_nothing_is_known_is_dumb(term: str, *, dumb: bool) -> None:
    assert capabilities(TERM=term).dumb is dumb
    assert capabilities().dumb


@pytest.mark.parametrize(
    ("environment", "changes"),
    [
        ({"TERM": "xterm-256color"}, {"TEXTUAL_COLOR_SYSTEM": "256"}),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, {"TEXTUAL_COLOR_SYSTEM": "truecolor"}),
        ({"TERM": "alacritty"}, {"TEXTUAL_COLOR_SYSTEM": "truecolor"}),
        ({"TERM": "xterm"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"}, {}),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "lots"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}),
        ({"TERM": "xterm", "NO_COLOR": ""}, {"TEXTUAL_COLOR_SYSTEM": "standard", **COLOURLESS}),
        ({"TERM": "vt100", "TEXTUAL_THEME": "nord"}, {"TEXTUAL_COLOR_SYSTEM": "standard", **COLOURLESS}),
        ({"TERM": "linux"}, {"TEXTUAL_COLOR_SYSTEM": "standard", "TEXTUAL_DISABLE_KITTY_KEY": "1"}),
        (
            {"TERM": "screen-256color", "COLORTERM": "truecolor"},
            {"TEXTUAL_COLOR_SYSTEM": "256", "TEXTUAL_DISABLE_KITTY_KEY": "1"},
        ),
        ({"TERM": "linux", "TEXTUAL_DISABLE_KITTY_KEY": "0"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}),
        ({"TERM": "tmux-256color", "TMUX": "x"}, {"TEXTUAL_COLOR_SYSTEM": "256"}),
    ],
)
def test_textual_is_told_only_what_the_user_did_not_tell_it(
    environment: dict[str, str], changes: dict[str, str]
) -> None:
    assert textual_environment(capabilities(**environment), environment) == changes


def textual_says(environment: dict[str, str], expression: str) -> str:
    """Start a Textual app under this environment, corrected as we correct it, and evaluate an expression about it."""
    capabilities_there = read_capabilities(environment, is_terminal=True, encoding="utf-8")
    program = f"from textual.app import App; app = App(); print({expression})"
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, **textual_environment(capabilities_there, environment)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


COLOURFUL = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLORTERM", "TMUX"}}


@pytest.mark.parametrize(
    ("term", "word"), [("xterm-256color", "256"), ("alacritty", "truecolor"), ("screen", "standard")]
)
def test_textual_has_as_many_colours_as_we_read(term: str, word: str) -> None:
    assert textual_says({**COLOURFUL, "TERM": term}, "app.console.color_system, app.no_color") == f"{word} False"


@pytest.mark.parametrize("environment", [{"TERM": "vt100"}, {"TERM": "xterm-256color", "NO_COLOR": "1"}])
def test_without_colours_textual_drops_them_and_does_not_paint_grey_on_grey(environment: dict[str, str]) -> None:
    filters = textual_says({**COLOURFUL, **environment}, "*(type(each).__name__ for each in app._filters)").split()
    assert "NoColor" in filters
    assert "Monochrome" not in filters


def test_erased_cells_take_the_ground_but_in_gnu_screen_and_where_little_is_known() -> None:
    for filling in ({"TERM": "xterm-256color"}, {"TERM": "screen-256color", "TMUX": "/run/tmux/default,1,0"}):
        assert capabilities(**filling).erases_in_colour
    for other in ({"TERM": "screen-256color"}, {"TERM": "xterm"}, {"TERM": "xterm-256color", "NO_COLOR": "1"}):
        assert not capabilities(**other).erases_in_colour
