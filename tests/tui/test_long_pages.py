"""A page of any length is shown at once: of what is longer than anybody reads only the beginning."""

from __future__ import annotations

import pytest
from app_harness import song
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.screen import Screen

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.pages.panel_page import MOST_LYRICS, lyrics_page
from ecovai_tui.tui.widgets.panel import MOST_SHOWN, PageView
from ecovai_tui.view.folding import fold, pushed_down, shortened
from ecovai_tui.view.lines import Line, line

LONG = 200_000
WIDTH = 40
PAGES = {
    "one wide line": [line("雨" * LONG)],
    "one long word": [line("a" * LONG)],
    "one line of words": [line("rain and " * (LONG // 9))],
    "many lines": [line(f"雨 {number}") for number in range(LONG // 4)],
    "blanks": [line(" " * LONG + "a")],
}
WORDS = st.text(alphabet="ab 雨", max_size=30)


class PageScreen(Screen[None]):
    """A screen with the styles of a page."""

    def compose(self) -> ComposeResult:
        yield PageView()


class Page(App[int]):
    """A page alone on the screen."""

    def get_default_screen(self) -> PageScreen:
        return PageScreen()

    @property
    def view(self) -> PageView:
        return self.screen.query_one(PageView)


def characters(lines: list[Line]) -> int:
    return sum(len(part.text) for part in lines)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_too_long_ends_with_how_much_is_left_out(name: str) -> None:
    page = shortened(PAGES[name], 1_000)
    *shown, blank, last = page
    assert characters(shown) <= 1_000
    assert not blank.text
    assert last.text == f"{characters(PAGES[name]) - characters(shown):,} more characters are not shown here."


@given(st.lists(WORDS, max_size=20), st.integers(min_value=0, max_value=400))
def test_a_page_that_is_short_enough_is_shown_as_it_is(words: list[str], more: int) -> None:
    page = [line(text) for text in words]
    assert shortened(page, characters(page) + len(page) + more) == page


@given(st.lists(WORDS, max_size=20), st.integers(min_value=4, max_value=40))
def test_no_folded_line_is_wider_than_the_page_and_no_letter_is_lost(words: list[str], width: int) -> None:
    folded = fold([line(text) for text in words], width)
    assert all(cell_width(part.text) <= width for part in folded)
    assert "".join(part.text for part in folded).replace(" ", "") == "".join(words).replace(" ", "")


@pytest.mark.parametrize(
    ("before", "after", "place", "lower"),
    [
        ("abcd", "abcd", 2, 0),
        ("abcd", "xabcd", 2, 1),
        ("abcd", "cd", 2, -2),
        ("abcd", "abcdx", 2, 0),
        ("abcd", "abxcd", 1, 0),
        ("abcd", "abxcd", 2, 1),
        ("", "ab", 0, 0),
    ],
)
def test_what_is_read_moves_with_what_comes_above_it(before: str, after: str, place: int, lower: int) -> None:
    assert pushed_down([*map(line, before)], [*map(line, after)], place) == lower


def test_of_lyrics_that_nobody_sings_the_beginning_is_shown_and_nothing_else_is_lost() -> None:
    task = song(0, Phase.FAILED)._replace(fail_reason="the prompt is too loud")
    clip = task.clips[0]._replace(lyrics="la la\n" * LONG)
    page = lyrics_page(task, clip, task.phase)
    assert page[0].text == "the prompt is too loud"
    assert page[-1].text.endswith("more characters are not shown here.")
    assert characters(page) <= MOST_LYRICS + 200


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_of_any_length_is_whole_at_once_and_scrolls_to_its_end(name: str) -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES[name], from_the_top=True)
        assert characters(list(app.view.lines)) <= MOST_SHOWN + 50
        app.view.move(LONG)
        await pilot.pause()
        assert app.view.scroll_offset.y == max(0, len(fold(app.view.lines, app.view.size.width)) - 10)
        assert "not shown here." in " ".join(app.view.render_line(y).text.strip() for y in range(10))


async def test_the_place_in_a_long_page_stays_when_it_is_folded_to_another_width() -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES["many lines"])
        await pilot.pause()
        app.view.move(5_000)
        await pilot.resize_terminal(WIDTH + 10, 10)
        await pilot.pause()
        assert app.view.scroll_offset.y == 5_000


async def test_a_short_page_after_a_long_one_ends_where_it_ends() -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES["one wide line"])
        app.view.show([Line(), line("short")], from_the_top=True)
        await pilot.pause()
        assert app.view.virtual_size.height == 10
