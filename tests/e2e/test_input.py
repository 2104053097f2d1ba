"""What comes from the terminal piece by piece: nothing is lost, split or taken for something else."""

from __future__ import annotations

import pytest
from support.other_pane import BesidePane, OtherPane
from support.terminal import ENTER, ESCAPE, Open, Terminal

FILTERED = "12 of 60"


@pytest.fixture
def pane(beside: BesidePane) -> OtherPane:
    return beside(60)


@pytest.fixture
def terminal(pane: OtherPane, open_quickly: Open) -> Terminal:
    terminal = open_quickly(environment=pane.environment)
    terminal.wait_for("Midnight Rain")
    terminal.settle()
    return terminal


def press_with_pauses(terminal: Terminal, *pieces: bytes) -> None:
    for piece in pieces:
        terminal.press(piece)
        terminal.settle()


def test_a_character_that_comes_byte_by_byte_is_one(terminal: Terminal) -> None:
    press_with_pauses(terminal, b"/", *(bytes([byte]) for byte in "夜曲".encode()))
    terminal.wait_for(FILTERED)


def test_the_escape_key_needs_no_key_after_it(terminal: Terminal) -> None:
    press_with_pauses(terminal, "/夜曲".encode(), ENTER)
    terminal.wait_for(FILTERED)
    press_with_pauses(terminal, ESCAPE)
    terminal.wait_until_gone(FILTERED)


def test_a_sequence_that_comes_in_two_pieces_is_one_key(pane: OtherPane, open_quickly: Open) -> None:
    terminal = open_quickly(environment=pane.environment | {"ESCDELAY": "30000"})
    terminal.wait_for("Midnight Rain")
    press_with_pauses(terminal, "/夜曲".encode(), ENTER)
    terminal.wait_for(FILTERED)
    press_with_pauses(terminal, ESCAPE, b"[B", b"x")
    terminal.wait_for("11 of 59")


def test_a_paste_of_many_pieces_comes_as_a_whole(terminal: Terminal) -> None:
    ids = [f"0f0f0f0f-1111-2222-3333-{number:012}" for number in range(2_000)]
    terminal.press(b"a")
    terminal.settle()
    terminal.press(b"\x1b[200~", *("\n".join(ids).encode()[at : at + 1000] for at in range(0, 37 * 2_000, 1000)))
    terminal.press(b"\x1b[201~")
    terminal.wait_for("2000 new ids")
