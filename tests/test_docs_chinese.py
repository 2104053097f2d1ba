"""The Chinese README says what the English one says: headings, commands, tables, figures, names and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
#: What the program shows, which is in the language of the page.
SHOWN = {"no answer for 12 s": "已 12 秒没有应答", "~1:20 left": "约剩 1:20"}


def headings(page: str) -> list[tuple[int, str]]:
    """Level and title of each heading, without the comments of code blocks."""
    return [(len(marks), title) for marks, title in re.findall(r"^(#+) (.+)$", BLOCK.sub("", page), re.MULTILINE)]


def sections(page: str) -> list[str]:
    """The text below each heading, without code blocks."""
    return re.split(r"^#+ .+$", BLOCK.sub("", page), flags=re.MULTILINE)


def commands(kind: str, block: str) -> list[str]:
    """The lines of a block without what is said about them; of a drawing, the lines with arrows."""
    if kind:
        return [re.sub(r"(^|\s+)# .*$", "", line) for line in block.splitlines()]
    pieces = (piece for line in block.splitlines() for piece in re.split(r"\s{2,}", line))
    return [piece for piece in pieces if piece.startswith("ecovai-tui ") or "─" in piece]


def tables(page: str) -> list[list[list[str]]]:
    """Each table as rows of cells."""
    found = re.findall(r"(?:^\|.*\|$\n?)+", BLOCK.sub("", page), re.MULTILINE)
    return [[re.split(r"(?<!\\)\|", row)[1:-1] for row in table.splitlines()] for table in found]


def rows_side_by_side() -> Iterator[tuple[list[str], list[str]]]:
    """Each row of a table with the same row in Chinese."""
    for english, chinese in zip(tables(ENGLISH), tables(CHINESE), strict=True):
        yield from zip(english, chinese, strict=True)


def links(page: str) -> list[str]:
    """Where each link leads; one within the page, as the number of the heading."""
    anchors = {"#" + title.lower().replace(" ", "-"): str(n) for n, (_, title) in enumerate(headings(page))}
    return [anchors[to] if to.startswith("#") else to for to in re.findall(r"\]\(([^)]+)\)", page)]


def code_spans(text: str) -> Counter[str]:
    return Counter(SHOWN.get(span, span) for span in CODE.findall(text))


def figures(row: list[str]) -> list[str]:
    """The numbers of a row, in no order, since sentences have another one in each language."""
    return sorted(re.findall(r"\d+(?:[,./-]\d+)*", " ".join(row)))


def test_each_page_begins_with_a_link_to_the_other() -> None:
    assert ENGLISH.splitlines()[2] == "[简体中文](README.zh-CN.md)"
    assert CHINESE.splitlines()[2] == "[English](README.md)"


def test_the_headings_are_the_same_in_level_and_order() -> None:
    assert [level for level, _ in headings(ENGLISH)] == [level for level, _ in headings(CHINESE)]


def test_the_commands_are_the_same() -> None:
    english, chinese = BLOCK.findall(ENGLISH), BLOCK.findall(CHINESE)
    assert [kind for kind, _ in english] == [kind for kind, _ in chinese]
    for (kind, told), (_, told_in_chinese) in zip(english, chinese, strict=True):
        assert commands(kind, told) == commands(kind, told_in_chinese)


def test_the_measurements_are_the_same() -> None:
    english, chinese = (page[page.index("</summary>") : page.index("</details>")] for page in (ENGLISH, CHINESE))
    assert english == chinese


def test_the_tables_have_the_same_rows_columns_and_figures() -> None:
    for english, chinese in rows_side_by_side():
        assert len(english) == len(chinese), (english, chinese)
        assert CODE.findall(english[0]) == CODE.findall(chinese[0])
        assert figures(english) == figures(chinese), (english, chinese)


@pytest.mark.parametrize("number", range(len(headings(ENGLISH)) + 1))
def test_each_section_names_the_same_commands_keys_and_settings(number: int) -> None:
    assert code_spans(sections(ENGLISH)[number]) == code_spans(sections(CHINESE)[number])


def test_each_link_leads_to_the_same_place() -> None:
    assert links(ENGLISH)[1:] == links(CHINESE)[1:]


def test_only_the_english_page_marks_the_command_that_runs_the_tests() -> None:
    assert "<!-- the test command -->" in ENGLISH
    assert "<!--" not in CHINESE


def test_no_blank_is_missing_between_chinese_and_latin() -> None:
    words = re.sub(r"\]\([^)]*\)|`[^`\n]*`", "]", BLOCK.sub("", CHINESE))
    pairs = (pair for line in words.splitlines() if not line.startswith("<summary>") for pair in pairwise(line))
    touching = [a + b for a, b in pairs if is_chinese(a) != is_chinese(b) and (a + b).isalnum()]
    assert touching == []


def is_chinese(sign: str) -> bool:
    return "一" <= sign <= "鿿"
