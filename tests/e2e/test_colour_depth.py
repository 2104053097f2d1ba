"""The colours that the terminal has are the ones that are sent, also where ssh forwards no COLORTERM."""

from __future__ import annotations

import re

import pytest
from support.terminal import Open

TRUE, MANY = re.compile(rb"\x1b\[[\d;]*[34]8;2;"), re.compile(rb"\x1b\[[\d;]*[34]8;5;")


@pytest.mark.parametrize(("term", "sent", "not_sent"), [("xterm-kitty", TRUE, MANY), ("xterm-256color", MANY, TRUE)])
def test_the_depth_follows_the_terminal(
    open_program: Open,
    environment: dict[str, str],
    term: str,
    sent: re.Pattern[bytes],
    not_sent: re.Pattern[bytes],
) -> None:
    terminal = open_program("--demo", environment=environment | {"TERM": term, "COLORTERM": ""})
    terminal.wait_for("DEMO")
    assert sent.search(terminal.received)
    assert not not_sent.search(terminal.received)


def test_without_colours_none_are_sent(open_program: Open, environment: dict[str, str]) -> None:
    terminal = open_program("--demo", environment=environment | {"NO_COLOR": "1"})
    terminal.wait_for("DEMO")
    assert not TRUE.search(terminal.received)
    assert not MANY.search(terminal.received)
