"""Edges: a title at the left, a fact at the right, never wider or narrower than their room."""

from __future__ import annotations

import unicodedata

import pytest

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.lines import ASCII_SIGNS, FULL_SIGNS, NARROW, Span, Tone, edge_line, signs_of


def test_an_edge_has_its_title_left_and_its_fact_right() -> None:
    line = edge_line(Span("Tasks"), Span("38 watched"), 30, FULL_SIGNS, corners=FULL_SIGNS.top)
    assert line.text == "╭─ Tasks ─────── 38 watched ─╮"
    assert edge_line(None, Span("Id copied"), 20, FULL_SIGNS, corners=FULL_SIGNS.bottom).text == "╰────── Id copied ─╯"
    assert edge_line(Span("Song"), None, 12, ASCII_SIGNS).text == "- Song -----"


def test_the_line_has_its_tone_and_the_texts_theirs() -> None:
    spans = edge_line(Span("Song", Tone.TAG), None, 12, FULL_SIGNS, tone=Tone.ACCENT).spans
    assert list(dict.fromkeys(span.tone for span in spans)) == [Tone.ACCENT, Tone.TAG]
    assert [span.tone for span in spans if "Song" in span.text] == [Tone.TAG]


@pytest.mark.parametrize("width", range(1, 60))
@pytest.mark.parametrize("title", ["Song", "千里共婵娟 and a long title behind it"])
def test_an_edge_is_as_wide_as_it_has_to_be(width: int, title: str) -> None:
    corners = FULL_SIGNS.top if width > 1 else ("", "")
    line = edge_line(Span(title), Span("clip 1 of 2"), width, FULL_SIGNS, corners=corners)
    assert cell_width(line.text) == width


def test_every_sign_of_ambiguous_width_has_a_stand_in_that_is_none() -> None:
    signs = "".join("".join(part) for part in FULL_SIGNS)
    assert {sign for sign in signs if unicodedata.east_asian_width(sign) == "A"} <= NARROW.keys()
    assert not [sign for sign in NARROW.values() if unicodedata.east_asian_width(sign) == "A"]
    assert signs_of(ascii_only=True) is ASCII_SIGNS
    assert "".join("".join(part) for part in ASCII_SIGNS).isascii()
