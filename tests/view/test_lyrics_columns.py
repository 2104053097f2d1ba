"""The lyrics on the whole screen: all of them at once, in columns of about one height, no verse cut in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.folding import BETWEEN_COLUMNS, WIDEST_COLUMN, beside, centred, in_columns, span_of
from ecovai_tui.view.lines import Line, Tone, line

VERSE = ["[Verse]", "one line", "another, the longest", "a third"]


def song(verses: int) -> list[Line]:
    lines = [line(text, Tone.TAG if text.startswith("[") else Tone.PLAIN) for text in VERSE]
    return [shown for number in range(verses) for shown in (*([line()] if number else []), *lines)]


def texts(lines: list[Line]) -> list[str]:
    return [shown.text for shown in lines]


def test_what_fits_stands_in_one_column() -> None:
    assert in_columns(song(2), 100, 9) == song(2)


def test_as_many_columns_as_show_all_of_it_at_once() -> None:
    assert len(in_columns(song(4), 200, 9)) == 9
    assert len(in_columns(song(6), 200, 9)) == 9
    assert len(in_columns(song(12), 200, 9)) == 19, "three columns at most: this one scrolls"
    assert len(in_columns(song(4), 47, 9)) == 19, "there is no room for a second"


def test_each_column_is_as_wide_as_its_longest_line_and_begins_with_a_verse() -> None:
    page = in_columns(song(4), 200, 9)
    assert page[0].text == "[Verse]" + " " * (len(VERSE[2]) - len("[Verse]") + BETWEEN_COLUMNS) + "[Verse]"
    assert [span.tone for span in page[0].spans if span.text.strip()] == [Tone.TAG, Tone.TAG]
    assert page[4].text == ""


def test_a_line_that_is_too_long_is_folded_and_none_is_lost() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    page = in_columns([line(words, indent=2)], 200, 9)
    assert span_of(page) <= WIDEST_COLUMN
    assert " ".join(" ".join(texts(page)).split()) == words


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12), st.integers(20, 220), st.integers(3, 50))
def test_no_verse_is_cut_and_none_is_lost(heights: list[int], width: int, height: int) -> None:
    lines: list[Line] = []
    for number, rows in enumerate(heights):
        lines += [*([line()] if lines else []), *(line(f"v{number}l{row}") for row in range(rows))]
    page = in_columns(lines, width, height)
    assert sorted(" ".join(texts(page)).split()) == sorted(" ".join(texts(lines)).split())
    for number, rows in enumerate(heights):
        places = [(y, one.text.index(f"v{number}l{row} ".strip())) for row in range(rows) for y, one in enumerate(page)
                  if f"v{number}l{row}" in one.text.split()]  # fmt: skip
        assert [y - places[0][0] for y, _ in places] == list(range(rows))
    assert all(cell_width(one.text) <= width for one in page)


def test_one_column_stands_in_the_middle() -> None:
    assert texts(centred([line("abcd"), line(), line("ab")], 10)) == ["   abcd", "", "   ab"]


@pytest.mark.parametrize("left", [[], [line("a"), line("ab")], [line("a")] * 9])
def test_two_pages_stand_beside_each_other_with_a_line_as_high_as_the_room(left: list[Line]) -> None:
    page = texts(beside(left, [line("x"), line("y")], 4, 5, "│"))
    assert len(page) == max(5, len(left))
    assert all(text[4] == "│" for text in page)
    assert [text[6:] for text in page[:2]] == ["x", "y"]
