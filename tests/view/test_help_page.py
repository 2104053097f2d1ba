"""The help tells of every action and every sign in columns of about one height, and finds them by words and keys."""

from __future__ import annotations

import pytest

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.dialogs.palette import find, row
from ecovai_tui.view.actions import ACTIONS, bound_actions
from ecovai_tui.view.help_page import IN_A_FEW_WORDS, LEAST, Section, columns_in, found, page, sections_of, signs_page
from ecovai_tui.view.lines import Line, Tone

ROOM = 21
"""Cells of a column's words in the narrowest column."""


def text_of(lines: list[Line]) -> str:
    return "\n".join(line.text.rstrip() for line in lines)


def rows_of(sections: list[Section]) -> list[str]:
    return [f"{entry.keys.text}: {entry.words}" for section in sections for entry in section.entries]


def test_every_action_is_told_of_in_words_that_fit() -> None:
    assert {action.id for action in ACTIONS} <= IN_A_FEW_WORDS.keys()
    assert all(cell_width(words) <= ROOM for words in IN_A_FEW_WORDS.values())
    told = [entry.known_as for section in sections_of(ACTIONS) for entry in section.entries]
    assert all(any(action.description in words for words in told) for action in ACTIONS)


def test_the_keys_are_those_of_the_user_and_an_action_without_any_says_so() -> None:
    rows = rows_of(sections_of(bound_actions({"refresh": "f5", "label": ""}, {"boats": "lyrics:boats"})))
    assert "f5: ask the gateway now" in rows
    assert "no key: label" in rows
    assert "no key: Show only lyrics:boats, or all again" in rows


@pytest.mark.parametrize("width", [38, 58, 72, 112, 192])
def test_the_columns_are_of_about_one_height_and_the_last_holds_the_signs(width: int) -> None:
    sections = sections_of(ACTIONS)
    lines = page(sections, width)
    most = -(-sum(section.height for section in sections) // columns_in(width))
    assert len(lines) <= most + max(section.height for section in sections)
    assert all(cell_width(line.text) <= width for line in lines)
    column = min(42, width // columns_in(width))
    last = [line.text[column * (columns_in(width) - 1) :] for line in lines]
    assert any("All" in text or "all is usable" in text for text in last)
    assert column >= min(width, LEAST)


def test_in_ascii_every_sign_is_ascii() -> None:
    assert text_of(page(sections_of(ACTIONS, ascii_only=True), 112, ascii_only=True)).isascii()


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("n", ["n N: next, previous failed"]),
        ("N", ["n N: next, previous failed"]),
        ("streaming", ["► streaming: some can be heard"]),
        ("gateway now", ["r: ask the gateway now"]),
        ("bring", ["x u: remove, bring back"]),
        ("nothing like it", []),
    ],
)
def test_a_search_finds_by_a_key_and_by_words(typed: str, rows: list[str]) -> None:
    hits = rows_of(found(sections_of(ACTIONS), typed))
    assert [row for row in hits if row in rows] == rows
    assert len(hits) < 4


def test_the_palette_finds_words_anywhere_the_nearest_first_and_marks_what_matched() -> None:
    hits = find(ACTIONS, "COPY id")
    assert hits[0].action.id == "copy-id"
    marked = [span.text for span in row(hits[0], 70).spans if span.tone is Tone.MATCH]
    assert marked == ["Copy", "id"]
    assert [hit.action.id for hit in find(ACTIONS, "")] == [action.id for action in ACTIONS]
    assert find(ACTIONS, "no such words") == []


@pytest.mark.parametrize(("typed", "action"), [("zo", "zoom"), ("them", "theme"), ("pla", "play"), ("pau", "pause")])
def test_the_palette_puts_the_action_that_is_called_so_before_those_that_speak_of_it(typed: str, action: str) -> None:
    assert find(ACTIONS, typed)[0].action.id == action


@pytest.mark.parametrize("width", [36, 40, 70])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_every_row_of_the_palette_has_its_width(width: int, ascii_only: bool) -> None:
    rows = [row(hit, width, under_cursor=True, ascii_only=ascii_only) for hit in find(ACTIONS, "a")]
    assert {cell_width(line.text) for line in rows} == {width - 2}
    assert all(phase.value in text_of(page(sections_of(ACTIONS), width)) for phase in Phase)


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("width", [36, 41, 68])
def test_beside_a_first_start_every_sign_and_the_times_are_told_whole(width: int, ascii_only: bool) -> None:
    text = text_of(told := signs_page(width, ascii_only=ascii_only))
    signs = [row for row in rows_of(sections_of(ACTIONS, ascii_only=ascii_only)[-1:]) if row]
    assert all(" ".join(row.replace(":", " ").split()) in " ".join(text.split()) for row in signs)
    assert "Took is how long the making took. Length is how long the song is." in " ".join(text.split())
    assert all(cell_width(line.text) <= width for line in told)
    assert text.isascii() is ascii_only
