"""A dialog is told from what stands behind it."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, song, until

from ecovai_tui.tui.dialogs.dialog import TextScreen
from ecovai_tui.tui.widgets.panel import PageView

SIZES = [(120, 40), (80, 24), (60, 20), (40, 10)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_help_shows_its_lines_at_every_size(
    make_session: MakeSession, make_app: MakeApp, size: tuple[int, int]
) -> None:
    app = make_app(make_session(song(0), keys={"down": "n", "next-failed": ""}))
    async with app.run_test(size=size) as pilot:
        await pilot.press("?")
        await until(pilot, lambda: isinstance(app.screen, TextScreen), "the help")
        page = app.screen.query_one(PageView)
        await until(pilot, lambda: page.size.height > 0, "its lines")
        await pilot.press("n")
        await until(pilot, lambda: page.scroll_offset.y == 1, "the next line")
        assert "n k scroll" in "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("theme", ["ansi-dark", "ecovai-ansi"])
async def test_where_a_box_has_no_colour_it_has_a_line(
    make_session: MakeSession, make_app: MakeApp, theme: str
) -> None:
    app = make_app(make_session(song(0)), theme=theme)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await until(pilot, lambda: app.screen is not app.main, "the dialog")
        await pilot.pause()
        assert app.screen.query_one(".dialog").styles.border_top[0] == "solid"
