"""Only what differs is sent, and what was sent bit by bit is what the whole screen would have been."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import Literal

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.textual_patches.screen_buffer import Difference, ScreenBuffer

Depth = Literal["standard", "256", "truecolor"]

WIDTH, HEIGHT = 24, 3
RED, BLUE, LINED = Style(color="red"), Style(color="blue", bgcolor="white", bold=True), Style(underline=True)
STYLES = [RED, BLUE, LINED]
DEPTHS: list[Depth] = ["standard", "256", "truecolor"]

COLOUR = st.sampled_from([None, "default", "red", "bright_blue", "color(120)", "#102030", "#e0c0a0"])
ATTRIBUTES = st.sampled_from(["bold", "dim", "italic", "underline", "reverse", "strike", "blink"])
ANY_STYLE = st.builds(
    lambda front, back, attributes: Style(color=front, bgcolor=back, **dict.fromkeys(attributes, True)),
    COLOUR,
    COLOUR,
    st.sets(ATTRIBUTES, max_size=3),
)
PIECE = st.tuples(st.text(st.sampled_from("ab  雨夜é—"), max_size=6), st.sampled_from(STYLES) | ANY_STYLE)
LINE = st.lists(PIECE, max_size=8)
PAGE = st.lists(LINE, min_size=HEIGHT, max_size=HEIGHT)
Pieces = Sequence[tuple[str, Style]]
Step = tuple[Sequence[Pieces], int, int, int]
"""Lines that are painted, from which column and line on, and how wide."""

COLUMN = st.integers(0, WIDTH - 8)
PART = st.tuples(st.lists(LINE, min_size=1, max_size=2), COLUMN, st.integers(0, HEIGHT - 2), st.integers(1, 8))


def console(depth: Depth = "truecolor") -> Console:
    return Console(file=StringIO(), force_terminal=True, color_system=depth, width=WIDTH, height=HEIGHT)


def update(page: Sequence[Pieces], x: int = 0, y: int = 0, width: int = WIDTH) -> LayoutUpdate:
    strips = [Strip(Segment(text, style) for text, style in line).adjust_cell_length(width, RED) for line in page]
    return LayoutUpdate([[strip] for strip in strips], Region(x, y, width, len(page)))


def sent(
    frame: ScreenBuffer,
    page: Sequence[Pieces],
    x: int = 0,
    y: int = 0,
    width: int = WIDTH,
    depth: Depth = "truecolor",
) -> str:
    return Difference(update(page, x, y, width), frame, console(depth)).sent


def painted(*data: str) -> list[list[tuple[object, ...]]]:
    """Return the cells of a terminal that received the data; what nobody sees on a blank does not count."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for part in data:
        stream.feed(part)
    return [[look(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def look(cell: pyte.screens.Char) -> tuple[object, ...]:
    """Return what is seen of a cell."""
    lines = cell.underscore, cell.strikethrough, cell.reverse
    if cell.data == " " and not any(lines):
        return cell.data, cell.bg
    return cell.data, cell.bg, lines, cell.fg, cell.bold, cell.italics, cell.blink


@pytest.mark.parametrize("depth", DEPTHS)
@settings(derandomize=True, max_examples=60)
@given(pages=st.lists(PAGE, min_size=1, max_size=5))
def test_pages_sent_one_after_the_other_look_like_the_last_one_alone(depth: Depth, pages: list[list[Pieces]]) -> None:
    frame = ScreenBuffer(erases=True)
    bit_by_bit = painted(*(sent(frame, page, depth=depth) for page in pages))
    assert bit_by_bit == painted(update(pages[-1]).render_segments(console(depth)))


@pytest.mark.parametrize("depth", DEPTHS)
@settings(derandomize=True, max_examples=60)
@given(first=PAGE, parts=st.lists(PART, max_size=6), last=PAGE)
def test_parts_that_were_painted_over_are_put_right_later(
    depth: Depth, first: list[Pieces], parts: list[Step], last: list[Pieces]
) -> None:
    frame = ScreenBuffer(erases=True)
    steps = [(first, 0, 0, WIDTH), *parts, (last, 0, 0, WIDTH)]
    data = [sent(frame, *step, depth=depth) for step in steps]
    assert painted(*data) == painted(update(last).render_segments(console(depth)))


@pytest.mark.parametrize("depth", DEPTHS)
@settings(derandomize=True, max_examples=60)
@given(first=PAGE, parts=st.lists(PART, min_size=1, max_size=6))
def test_parts_look_as_if_they_were_sent_in_full(depth: Depth, first: list[Pieces], parts: list[Step]) -> None:
    frame, steps = (
        ScreenBuffer(erases=True),
        [(narrow(first), 0, 0, WIDTH), *((narrow(page), *place) for page, *place in parts)],
    )
    in_full = "".join(update(*step).render_segments(console(depth)) for step in steps)
    assert painted(*(sent(frame, *step, depth=depth) for step in steps)) == painted(in_full)


def narrow(page: Sequence[Pieces]) -> list[Pieces]:
    """Return a page without wide characters: a terminal does with a half of one what it likes."""
    return [[(text.replace("雨", "r").replace("夜", "n"), style) for text, style in line] for line in page]


@given(PAGE)
def test_the_same_page_again_costs_nothing(page: list[Pieces]) -> None:
    frame = ScreenBuffer()
    sent(frame, page)
    assert sent(frame, page) == ""


def test_blanks_are_erased_where_that_is_shorter_and_the_terminal_keeps_the_ground() -> None:
    page = [[("a" + 11 * " " + "b" + 8 * " " + "c", RED)]]
    assert "a\x1b[11X\x1b[11Cb        c" in sent(ScreenBuffer(erases=True), page)
    assert "X" not in sent(ScreenBuffer(), page)


def test_no_wide_character_is_erased_as_terminals_do_what_they_like_with_half_of_one() -> None:
    frame = ScreenBuffer(erases=True)
    sent(frame, [[(16 * "a" + "雨" + "b", RED)]])
    assert "X" not in sent(frame, [[(17 * " " + "cd", RED)]])


def test_only_the_cells_that_differ_are_sent() -> None:
    frame = ScreenBuffer()
    sent(frame, [[("one two three four", RED)]])
    data = sent(frame, [[("one TWO three four", RED)]])
    assert "TWO" in data
    assert "one" not in data
    assert "three" not in data


def test_a_wide_character_is_sent_whole() -> None:
    frame = ScreenBuffer()
    sent(frame, [[("a雨b", RED)]])
    assert "夜" in sent(frame, [[("a夜b", RED)]])
    assert cell_width("夜") == len("夜") + 1


@pytest.mark.parametrize("character", ["e", "雨"])
def test_a_mark_on_a_character_is_sent_with_it(character: str) -> None:
    frame = ScreenBuffer()
    sent(frame, [[(f"a{character}b", RED)]])
    data = sent(frame, [[(f"a{character}\u0301b", RED)]])
    assert f"{character}\u0301" in data
    assert "b" not in data


def test_a_wide_character_of_which_half_was_painted_over_is_sent_again() -> None:
    frame, page = ScreenBuffer(), [[("a雨b", RED)]]
    sent(frame, page)
    sent(frame, [[("x", RED)]], x=2, width=1)
    assert "雨" in sent(frame, page)


def test_after_a_write_up_to_the_last_column_the_place_is_told_again() -> None:
    frame = ScreenBuffer()
    sent(frame, [[("a" * WIDTH, RED)]] * 2)
    data = sent(frame, [[("a" * (WIDTH - 1) + "b", RED)], [("a" * (WIDTH - 1) + "c", RED)]])
    before, after = re.split("b", re.sub(r"\x1b\[[\d;]*m", "", data))
    assert before == f"\x1b[;{WIDTH}H"
    assert after == f"\x1b[2;{WIDTH}Hc"


def test_after_forgetting_all_is_sent() -> None:
    frame, page = ScreenBuffer(), [[("one two", RED)]]
    sent(frame, page)
    frame.forget()
    assert "one two" in sent(frame, page)


@pytest.mark.parametrize("style", STYLES)
def test_blanks_between_words_do_not_break_a_run_of_one_look(style: Style) -> None:
    assert len(re.findall(r"\x1b\[[\d;]*m", sent(ScreenBuffer(), [[("one two", style)]]))) <= 4


def test_of_a_look_only_what_differs_from_the_last_one_is_sent() -> None:
    first = Style(color="#102030", bgcolor="#405060", bold=True)
    data = sent(
        ScreenBuffer(), [[("one", first), ("two", first + Style(color="#a0b0c0")), ("six", first + Style(bold=False))]]
    )
    assert data.startswith("\x1b[m\x1b[H\x1b[1;38;2;16;32;48;48;2;64;80;96mone\x1b[38;2;160;176;192mtwo")
    assert "\x1b[22;38;2;16;32;48msix" in data


def test_the_cursor_takes_the_shortest_way() -> None:
    frame = ScreenBuffer()
    sent(frame, [[("abcdefghij  klmnopqrst", RED)]] * HEIGHT)
    data = sent(frame, [[("Abcdefghij  klmnoPqRst", RED)], [("abcdefghij  klmnopqrsT", RED)], [("ab", RED)]])
    assert data.startswith("\x1b[HA\x1b[16CPqR\x1b[B\x1b[CT")


def test_after_a_character_of_disputed_width_the_place_is_told_again() -> None:
    frame = ScreenBuffer()
    sent(frame, [[("a—c       j", RED)]])
    assert "雨\x1b[11Gk" in sent(frame, [[("a雨       k", RED)]])


def test_an_address_is_one_link_wherever_it_stands_and_costs_nothing_while_it_stays() -> None:
    def page() -> list[list[tuple[str, Style]]]:
        return [
            [("https://exam", RED + Style(link="https://example.com"))],
            [("ple.com", RED + Style(link="https://example.com"))],
        ]

    frame = ScreenBuffer()
    data = sent(frame, page())
    assert len(set(re.findall(r"\x1b\]8;(id=[0-9a-f]+);https://example.com\x1b", data))) == 1
    assert sent(frame, page()) == ""


def test_a_write_ends_the_link_that_it_began() -> None:
    linked = Style(link="https://example.com")
    data = sent(ScreenBuffer(), [[("go ", RED), ("there now", linked), (" or not", RED)]])
    began, _, ended = data.partition("there now")
    assert re.search(r"\x1b\]8;id=[^;]+;https://example.com\x1b\\", began)
    assert "\x1b]8;;\x1b\\" in ended.partition("or not")[0]
    assert data.count("\x1b]8;") == 2


def test_looks_that_take_turns_in_a_line_are_drawn_one_after_the_other() -> None:
    keys = [("a ", RED), ("add ", LINED), ("c ", RED), ("create ", LINED), ("q ", RED), ("quit", LINED)]
    data = sent(ScreenBuffer(), [keys])
    assert len(re.findall(r"\x1b\[[\d;]+m", data)) == 2
    assert "".join(str(cell[0]) for cell in painted(data)[0]).rstrip() == "a add c create q quit"
