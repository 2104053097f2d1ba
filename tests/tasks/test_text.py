"""Untrusted text is cleaned at one door, and measured in cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ecovai_tui.tasks.text import (
    cell_width,
    clean_line,
    clean_text,
    fit,
    folded,
    shorten_sentence,
    truncate,
    without_accents,
)

FORBIDDEN_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
FORMAT_CONTROLS = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\u061c\ufe0f\U0001f3fd\U000e0041"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\picture", "picture"),
        ("\x1b]0;never ended", ""),
        ("a\x1b", "a"),
        ("bell\x07 back\x08 null\x00", "bell back null"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("heart ❤\ufe0f", "heart ❤"),
        ("thumb 👍\U0001f3fd", "thumb 👍"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("  many   blanks ", "many blanks"),
        ("[Verse] [/Verse]", "[Verse] [/Verse]"),
        ("e\u0301", "é"),
        ("快乐周末", "快乐周末"),
    ],
)
def test_one_line_keeps_its_words_and_loses_everything_that_steers(dirty: str, clean: str) -> None:
    assert clean_line(dirty) == clean


def test_lyrics_keep_their_lines_and_tabs() -> None:
    assert clean_text("[Verse]\r\n\tla la\rla\n") == "[Verse]\n\tla la\nla\n"


def test_a_line_is_capped() -> None:
    assert len(clean_line("x" * 10_000)) == 500


@given(st.text(alphabet=st.characters() | st.sampled_from("\x1b\x9b\x07[]8;m" + FORMAT_CONTROLS)))
def test_no_control_character_passes_the_door(dirty: str) -> None:
    clean = clean_text(dirty)
    assert not [c for c in clean if unicodedata.category(c) in FORBIDDEN_CATEGORIES and c not in "\t\n"]
    assert not set(clean) & set(FORMAT_CONTROLS)
    clean.encode()


@given(st.text())
def test_cleaning_twice_changes_nothing(dirty: str) -> None:
    assert clean_text(clean_text(dirty)) == clean_text(dirty)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Mn", "Me", "Cf"])), st.integers(0, 60), st.booleans())
def test_a_fitted_text_takes_exactly_its_cells(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(text, width, right=right)) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Electric Dance Party", 9, "Electric…"),
        ("快乐周末", 5, "快乐…"),
        ("快乐周末", 6, "快乐…"),
        ("abc", 3, "abc"),
        ("abc", 0, ""),
    ],
)
def test_a_long_text_ends_in_an_ellipsis_within_its_width(text: str, width: int, expected: str) -> None:
    assert truncate(text, width) == expected
    assert cell_width(truncate(text, width)) <= width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain", "rain"),
        ("CAFÉ", "cafe"),
        ("Ａｂｃ１", "abc1"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ﾗｲﾄ", "ライト"),
        ("が", "が"),
        ("雨夜ABC", "雨夜abc"),
        ("한강", "한강"),
        ("℡", "tel"),
    ],
)
def test_texts_are_compared_without_case_accents_and_width(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text(st.characters(min_codepoint=0x3040, max_codepoint=0xD7FF)) | st.text())
def test_the_short_way_to_a_folded_text_leads_to_the_same(text: str) -> None:
    assert folded(text) == without_accents(text).casefold() or text.isascii()


SENTENCE = (
    "The list /home/mira/.local/share/ecovai-tui/watchlist.toml, line 2, cannot be read: see https://x.example/a/b"
)


@pytest.mark.parametrize(
    ("width", "cut"),
    [
        (200, SENTENCE),
        (80, "The list watchlist.toml, line 2, cannot be read: see https://x.example/a/b"),
        (54, "The list watchlist.toml, line 2, cannot be read: see…"),
        (40, "The list watchlist.toml, line 2, cannot…"),
        (39, "The list watchlist.toml, line 2…"),
        (12, "The list…"),
        (2, "T…"),
    ],
)
def test_a_sentence_is_cut_behind_a_word_and_folders_go_first(width: int, cut: str) -> None:
    assert shorten_sentence(SENTENCE, width) == cut


def test_a_sentence_without_blanks_is_cut_where_the_room_ends() -> None:
    assert shorten_sentence("获取渠道信息失败请联系管理员", 10) == "获取渠道…"
