"""A page of any length keeps no key waiting: it is folded in slices of bounded work."""

from __future__ import annotations

import pytest
from app_harness import until
from rich.cells import get_character_cell_size
from textual.app import App, ComposeResult
from textual.screen import Screen

from ecovai_tui.tui.pages import folding
from ecovai_tui.tui.pages.folding import SLICE, Folding, fold
from ecovai_tui.tui.pages.lines import FAR, Line, line
from ecovai_tui.tui.widgets import page_view
from ecovai_tui.tui.widgets.page_view import PageView

LONG = 200_000
WIDTH = 40
PAGES = {
    "one wide line": [line("雨" * LONG)],
    "one long word": [line("a" * LONG)],
    "one line of words": [line("rain and " * (LONG // 9))],
    "many lines": [line(f"雨 {number}") for number in range(LONG // 4)],
}


class Counter:
    """Counts the characters that are looked at one by one."""

    def __init__(self) -> None:
        self.looked_at = 0

    def __call__(self, character: str) -> int:
        self.looked_at += 1
        return get_character_cell_size(character)


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counting = Counter()
    monkeypatch.setattr(folding, "get_character_cell_size", counting)
    return counting


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


@pytest.mark.parametrize("name", PAGES)
def test_a_slice_looks_at_no_more_than_it_is_asked_for(name: str, counter: Counter) -> None:
    page = Folding(PAGES[name], WIDTH)
    page.advance(1_000)
    assert not page.done
    assert sum(len(part.text) for part in page.lines) <= 1_000 + WIDTH
    assert counter.looked_at <= 1_000 + 2 * WIDTH


def test_blanks_are_not_looked_at_one_by_one(counter: Counter) -> None:
    page = Folding([line(" " * LONG + "a")], WIDTH)
    page.advance(1_000)
    assert page.done
    assert counter.looked_at <= 2 * WIDTH


@pytest.mark.parametrize("name", PAGES)
def test_all_slices_together_are_the_whole_page(name: str) -> None:
    page = Folding(PAGES[name], WIDTH)
    while not page.done:
        page.advance(SLICE)
    assert page.lines == fold(PAGES[name], WIDTH)


async def test_a_long_page_is_shown_before_it_is_folded_and_is_whole_in_the_end(counter: Counter) -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        counter.looked_at = 0
        app.view.show(PAGES["one wide line"], from_the_top=True)
        assert 0 < counter.looked_at <= SLICE + 2 * WIDTH
        assert len(fold(PAGES["one wide line"], WIDTH - 1)) == 10_527
        await until(pilot, lambda: app.view.virtual_size.height == 10_527, "the whole page")


async def test_no_slice_is_longer_than_the_others(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []

    class Watched(Folding):
        def advance(self, characters: int) -> None:
            before = counter.looked_at
            super().advance(characters)
            steps.append(counter.looked_at - before)

    monkeypatch.setattr(page_view, "Folding", Watched)
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES["one wide line"])
        await until(pilot, lambda: app.view.virtual_size.height == 10_527, "the whole page")
    assert len(steps) >= LONG // SLICE
    assert max(steps) <= SLICE + 2 * WIDTH


async def test_the_end_is_reached_although_it_was_asked_for_before_it_was_known() -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES["many lines"], from_the_top=True)
        app.view.move(FAR)
        assert app.view.max_scroll_y < LONG // 4 - 10
        await until(pilot, lambda: app.view.scroll_offset.y == LONG // 4 - 10, "the end")


async def test_the_place_in_a_long_page_stays_when_it_is_folded_anew() -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES["many lines"])
        await until(pilot, lambda: app.view.virtual_size.height == LONG // 4, "the whole page")
        app.view.move(30_000)
        await pilot.resize_terminal(WIDTH + 10, 10)
        await until(pilot, lambda: app.view.size.width > WIDTH, "the new width")
        await until(pilot, lambda: bool(app.view._line_at(0).text), "the lines")
        assert app.view.scroll_offset.y == 30_000


async def test_a_short_page_after_a_long_one_ends_where_it_ends() -> None:
    app = Page()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.view.show(PAGES["one wide line"])
        app.view.show([Line(), line("short")], from_the_top=True)
        await pilot.pause()
        assert app.view.virtual_size.height == 10
