"""Keys that come in one piece, as from a script or a paste of the terminal's, do what they do one by one."""

from __future__ import annotations

import pytest
from support.other_pane import BesidePane
from support.terminal import Open, Terminal


@pytest.fixture
def terminal(beside: BesidePane, open_quickly: Open) -> Terminal:
    terminal = open_quickly(environment=beside(60).environment, columns=200)
    terminal.wait_for("Midnight Rain")
    return terminal


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (b"/Harbour\r", r"/ Harbour ─+ \d+ of 60"),
        (b"/\x1b[200~Harbour\x1b[201~", r"/ Harbour .* of 60"),
        (b"/Harbour\rjjx", r"/ Harbour ─+ \d+ of 59"),
        (b"/Harbour\r\x1b[Bx", r"/ Harbour ─+ \d+ of 59"),
        (b"ehello\r", "hello"),
        (b"ehello\rjjx", "✓ 59"),
        (b"e\x1b[200~hello\x1b[201~\r", "hello"),
        (b"a\x1b[200~0f0f0f0f-1111-2222-3333-444444444444\x1b[201~", "0f0f0f0f"),
        (b"jjxxu", "✓ 59"),
    ],
)
def test_what_is_typed_in_one_piece_takes_effect_in_its_order(terminal: Terminal, typed: bytes, shown: str) -> None:
    terminal.press(typed)
    terminal.wait_for(shown)
