"""Only what differs is sent, and what was sent bit by bit is what the whole screen would have been."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.frame import Difference, Frame

WIDTH, HEIGHT = 24, 3
RED, BLUE, LINED = Style(color="red"), Style(color="blue", bgcolor="white", bold=True), Style(underline=True)
STYLES = [RED, BLUE, LINED]

PIECE = st.tuples(st.text(st.sampled_from("ab  雨夜é—"), max_size=6), st.sampled_from(STYLES))
LINE = st.lists(PIECE, max_size=8)
PAGE = st.lists(LINE, min_size=HEIGHT, max_size=HEIGHT)
Pieces = Sequence[tuple[str, Style]]


def console() -> Console:
    return Console(file=StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH, height=HEIGHT)


def update(page: Sequence[Pieces], x: int = 0, y: int = 0, width: int = WIDTH) -> LayoutUpdate:
    strips = [Strip(Segment(text, style) for text, style in line).adjust_cell_length(width, RED) for line in page]
    return LayoutUpdate([[strip] for strip in strips], Region(x, y, width, len(page)))


def sent(frame: Frame, page: Sequence[Pieces], x: int = 0, y: int = 0, width: int = WIDTH) -> str:
    return Difference(update(page, x, y, width), frame).render_segments(console())


def painted(*data: str) -> list[list[tuple[object, ...]]]:
    """Return the cells of a terminal that received the data; what nobody sees on a blank does not count."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for part in data:
        stream.feed(part)
    return [[look(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def look(cell: pyte.screens.Char) -> tuple[object, ...]:
    seen = cell.data, cell.bg, cell.underscore, cell.reverse
    return seen if cell.data == " " else (*seen, cell.fg, cell.bold)


@given(st.lists(PAGE, min_size=1, max_size=5))
def test_pages_sent_one_after_the_other_look_like_the_last_one_alone(pages: list[list[Pieces]]) -> None:
    frame = Frame()
    bit_by_bit = painted(*(sent(frame, page) for page in pages))
    assert bit_by_bit == painted(update(pages[-1]).render_segments(console()))


@given(PAGE, LINE, st.integers(0, WIDTH - 8), PAGE)
def test_a_part_that_was_painted_over_is_put_right_later(
    first: list[Pieces], part: Pieces, x: int, last: list[Pieces]
) -> None:
    frame = Frame()
    data = [sent(frame, first), sent(frame, [part], x, 1, 8), sent(frame, last)]
    assert painted(*data) == painted(update(last).render_segments(console()))


@given(PAGE)
def test_the_same_page_again_costs_nothing(page: list[Pieces]) -> None:
    frame = Frame()
    sent(frame, page)
    assert sent(frame, page) == ""


def test_only_the_cells_that_differ_are_sent() -> None:
    frame = Frame()
    sent(frame, [[("one two three four", RED)]])
    data = sent(frame, [[("one TWO three four", RED)]])
    assert "TWO" in data
    assert "one" not in data
    assert "three" not in data


def test_a_wide_character_is_sent_whole() -> None:
    frame = Frame()
    sent(frame, [[("a雨b", RED)]])
    assert "夜" in sent(frame, [[("a夜b", RED)]])
    assert cell_width("夜") == len("夜") + 1


def test_after_forgetting_all_is_sent() -> None:
    frame, page = Frame(), [[("one two", RED)]]
    sent(frame, page)
    frame.forget()
    assert "one two" in sent(frame, page)


@pytest.mark.parametrize("style", STYLES)
def test_blanks_between_words_do_not_break_a_run_of_one_look(style: Style) -> None:
    assert sent(Frame(), [[("one two", style)]]).count("\x1b[0m") <= 2
