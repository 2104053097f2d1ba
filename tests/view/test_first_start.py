"""A first start shows what is there, what is missing, and lines that can be copied whole."""

from __future__ import annotations

import pytest

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.first_start import Emptiness, Start, broken_at_slashes, sentence_page, start_page

WITHOUT_KEY = Start("api.ecovai.cn", has_key=False, file="~/.config/ecovai-tui/config.toml", add_key="a", help_key="?")
WITH_KEY = WITHOUT_KEY._replace(has_key=True, seconds=0.24, create_key="c")
SIZES = [(75, 36), (80, 22), (66, 12), (40, 8), (40, 3)]
COPIED = [
    "export ECOVAI_API_KEY=sk-...",
    'api_key_command = "pass show ecovai"',
    'api_key = "sk-..."',
    "ecovai-tui add 346c5d10-a4a1-4f49-a851-66a7dae6cfaf",
    "| ecovai-tui add -",
    "ecovai-tui --demo",
    "https://api.ecovai.cn",
]


def text_of(start: Start, width: int, height: int) -> str:
    return "\n".join(line.text for line in start_page(start, width, height))


@pytest.mark.parametrize("size", [(75, 36), (80, 22)])
def test_without_a_key_every_line_to_copy_is_there_whole(size: tuple[int, int]) -> None:
    text = text_of(WITHOUT_KEY, *size)
    assert "✗ Key       none yet" in text
    assert [words for words in COPIED if words not in text] == []
    assert "create" not in text


def test_a_list_too_narrow_for_the_page_has_lines_to_copy_as_well() -> None:
    text = text_of(WITHOUT_KEY, 59, 26)
    assert [words for words in (COPIED[0], *COPIED[-3:]) if words not in text] == []
    assert "Keys are at" not in text_of(WITH_KEY, 59, 26)


def test_with_a_key_it_says_that_the_gateway_answers() -> None:
    text = text_of(WITH_KEY, 75, 36)
    assert "✓ Gateway   api.ecovai.cn answers in 0.2 s" in text
    assert "✓ Key       given" in text
    assert " c   create a new one" in text
    assert "sk-" not in text


def test_trouble_is_told_in_its_place() -> None:
    assert "✗ Gateway   api.ecovai.cn  No way to it." in text_of(WITH_KEY._replace(trouble="No way to it."), 75, 36)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("start", [WITHOUT_KEY, WITH_KEY, WITHOUT_KEY._replace(trouble="No way to it. " * 9)])
def test_nothing_of_it_is_cut_at_the_edge_and_the_first_step_is_always_told(
    start: Start, size: tuple[int, int]
) -> None:
    lines = start_page(start, *size)
    assert len(lines) <= size[1]
    assert all(cell_width(line.text) <= size[0] for line in lines)
    assert any("Nothing to watch yet." in line.text for line in lines)


def test_in_ascii_all_of_it_is_ascii() -> None:
    assert text_of(WITHOUT_KEY._replace(ascii=True), 75, 36).isascii()


@pytest.mark.parametrize("width", [8, 20, 40])
def test_a_path_is_broken_at_slashes_alone(width: int) -> None:
    path = "/Users/mira/Library/Application Support/ecovai-tui/config.toml"
    lines = broken_at_slashes(path, width)
    assert "".join(lines) == path
    assert all(part.endswith("/") for part in lines[:-1])


def test_a_sentence_is_folded_and_every_line_fills_its_width() -> None:
    told = Emptiness(lambda width, height: sentence_page("Nothing is watched.  u brings it back.", width, height))
    lines = [told.line(y, 30, 4) for y in range(5)]
    assert {cell_width(line.text) for line in lines} == {30}
    assert " ".join(" ".join(line.text for line in lines).split()) == "Nothing is watched. u brings it back."
