"""A saved picture in the card as the terminal can draw it: asked, sent once, whole again behind a dialog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from support.other_pane import OtherPane, task
from support.terminal import ESCAPE, Open, Terminal

from ecovai_tui.tasks.model import Phase
from ecovai_tui.terminal.graphics import CELL_QUESTION, PLACEHOLDER, PROBE

BUDGET = 40_000
NAME, ATTRIBUTES = b"\x1b[>q", b"\x1b[c"
KITTY = {NAME: b"\x1bP>|kitty(0.42.1)\x1b\\", PROBE: b"\x1b_Gi=31;OK\x1b\\", ATTRIBUTES: b"\x1b[?62c"}
SIXELS = {NAME: b"\x1bP>|foot(1.17)\x1b\\", CELL_QUESTION: b"\x1b[6;20;10t", ATTRIBUTES: b"\x1b[?62;4;22c"}
OLD_KITTY = {NAME: b"\x1bP>|kitty(0.26.5)\x1b\\", PROBE.replace(b",U=1", b""): b"\x1b_Gi=31;OK\x1b\\"}
SENT = re.compile(rb"\x1b_Ga=T,U=1,q=2,f=100,i=(\d+)|\x1bP0;1q")


@pytest.fixture
def pane(environment: dict[str, str], tmp_path: Path) -> Iterator[OtherPane]:
    """A picture that was saved, and a song below it."""
    with OtherPane(environment) as pane:
        pane.watch_picture(tmp_path / "fox.png")
        yield pane


def opened(open_quickly: Open, pane: OtherPane, answers: dict[bytes, bytes], **variables: str) -> Terminal:
    terminal = open_quickly(environment=pane.environment | variables, answers=answers, columns=130)
    terminal.wait_for("A red fox")
    terminal.settle()
    return terminal


def pictures_in(sent: bytes) -> int:
    return len(SENT.findall(sent))


def test_kitty_is_handed_the_picture_once_and_then_shown_its_cells(open_quickly: Open, pane: OtherPane) -> None:
    terminal = opened(open_quickly, pane, KITTY)
    [name] = SENT.findall(bytes(terminal.received))
    colour = ";".join(map(str, int(name).to_bytes(3, "big"))).encode()
    assert re.search(rb"38;2;%b[;\d]*m\xf4\x8e\xbb\xae" % colour, terminal.received), "the cells bear its name"
    assert len(terminal.received) < BUDGET
    assert terminal.text.count(PLACEHOLDER) > 100
    cells = terminal.text.count(PLACEHOLDER)
    for away, back in (("?", ESCAPE), ("j", "k"), (":", ESCAPE)):
        before = len(terminal.received)
        terminal.sent_for(away)
        assert terminal.text.count(PLACEHOLDER) < cells
        terminal.sent_for(back)
        assert terminal.text.count(PLACEHOLDER) == cells
        assert not pictures_in(bytes(terminal.received[before:]))


def test_sixels_are_laid_on_blanks_when_all_of_them_stand(open_quickly: Open, pane: OtherPane) -> None:
    terminal = opened(open_quickly, pane, SIXELS)
    assert pictures_in(bytes(terminal.received)) == 1
    assert PLACEHOLDER.encode() not in terminal.received
    for away, back in (("?", ESCAPE), ("j", "k"), (":", ESCAPE)):
        gone = terminal.sent_for(away)
        assert not pictures_in(gone)
        shown = terminal.sent_for(back)
        assert pictures_in(shown) == 1
        assert len(shown) < BUDGET
        assert PLACEHOLDER.encode() not in shown


def test_a_picture_is_whole_again_once_the_panel_has_no_more_the_whole_screen(
    open_quickly: Open, pane: OtherPane, tmp_path: Path
) -> None:
    with Image.open(tmp_path / "fox.png") as image:
        image.resize((1600, 400)).save(tmp_path / "fox.png")
    terminal = opened(open_quickly, pane, SIXELS)
    terminal.sent_for("f")
    assert "What was asked for" in terminal.text
    pane.tell_prompt("A red fox in the snow")
    terminal.wait_for("in the snow")
    assert pictures_in(terminal.sent_for("f")) == 1


def test_sixels_that_were_wished_for_need_no_exact_colours(open_quickly: Open, pane: OtherPane) -> None:
    settings = Path(pane.environment["ECOVAI_CONFIG_DIR"]) / "config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('pictures = "sixel"\n')
    terminal = opened(open_quickly, pane, SIXELS, COLORTERM="")
    assert pictures_in(bytes(terminal.received)) == 1


@pytest.mark.parametrize("answers", [KITTY, SIXELS], ids=["kitty", "sixel"])
def test_what_changes_elsewhere_costs_nothing_for_the_picture(
    open_quickly: Open, pane: OtherPane, answers: dict[bytes, bytes]
) -> None:
    terminal = opened(open_quickly, pane, answers)
    before = len(terminal.received)
    pane.tell(task(1, Phase.FAILED))
    terminal.wait_for("✗")
    terminal.settle()
    sent = bytes(terminal.received[before:])
    assert len(sent) < 1_500
    assert not pictures_in(sent)


@pytest.mark.parametrize(
    ("answers", "variables", "drawn"),
    [
        ({}, {}, True),
        (KITTY, {"COLORTERM": ""}, True),
        (SIXELS | {CELL_QUESTION: b""}, {}, True),
        (OLD_KITTY, {}, True),
        (KITTY, {"SSH_CONNECTION": "1.2.3.4 1 5.6.7.8 22"}, False),
        (KITTY, {"LC_ALL": "C"}, False),
    ],
    ids=["nothing answered", "few colours", "no cell", "old kitty", "ssh", "ascii"],
)
def test_elsewhere_half_blocks_are_drawn_or_nothing(
    open_quickly: Open, pane: OtherPane, answers: dict[bytes, bytes], variables: dict[str, str], *, drawn: bool
) -> None:
    terminal = opened(open_quickly, pane, answers, **variables)
    assert ("▀▀▀" in terminal.text) is drawn
    assert not pictures_in(bytes(terminal.received))
    assert len(terminal.received) < BUDGET
