"""Where the panel stands or has no room, what is as before after a zoom, and what a compact screen leaves out."""

from __future__ import annotations

import pytest
from app_harness import NOON, HandSession, MakeApp, MakeSession, said, song, until

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.pages.panel_page import Tab

TALL, WIDE_AND_LOW, CRAMPED = (120, 40), (120, 15), (99, 15)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*(song(number) for number in range(30)))


@pytest.fixture
def app(session: HandSession, make_app: MakeApp) -> MonitorApp:
    return make_app(session)


async def test_a_wide_pane_has_room_for_the_panel_however_low_it_is(app: MonitorApp) -> None:
    async with app.run_test(size=WIDE_AND_LOW) as pilot:
        main = app.main
        await until(pilot, lambda: bool(main.panes.panel.region), "the panel")
        assert main.panes.panel.region.x >= main.table.region.right
        assert main.panes.panel.region.y == main.table.region.y
        await pilot.press("d")
        assert not main.panes.shown
        await pilot.press("d", "enter")
        assert main.panes.focused
        assert main.table.display


async def test_d_says_why_there_is_no_panel_where_it_has_no_room(app: MonitorApp) -> None:
    async with app.run_test(size=CRAMPED, notifications=True) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: bool(said(app)), "the reason")
        assert said(app) == "The panel needs 100 columns or 16 lines to stand by the table; enter shows it alone"
        assert app.main.look.panel
        assert not app.main.panes.shown


async def test_d_takes_the_panel_away_that_stands_alone(app: MonitorApp) -> None:
    async with app.run_test(size=CRAMPED, notifications=True) as pilot:
        await pilot.press("enter")
        assert app.main.panes.shown
        await pilot.press("d")
        assert not app.main.panes.shown
        assert app.main.table.has_focus
        assert not said(app)


@pytest.mark.parametrize("size", [TALL, WIDE_AND_LOW, CRAMPED])
@pytest.mark.parametrize("back", ["escape", "f"])
async def test_a_panel_that_was_put_away_is_away_again_after_the_zoom(
    app: MonitorApp, size: tuple[int, int], back: str
) -> None:
    app.context.ui_state.state = app.context.ui_state.state._replace(panel=False)
    async with app.run_test(size=size) as pilot:
        await pilot.press("f")
        assert app.main.panes.place.size.width == size[0]
        await pilot.press(back)
        assert app.main.table.has_focus
        assert not app.main.panes.shown
        assert not app.main.look.panel


async def test_tabs_stay_as_they_are_while_the_panel_is_away(app: MonitorApp) -> None:
    async with app.run_test(size=TALL) as pilot:
        await pilot.press("d", "right_square_bracket", "right_square_bracket", "d")
        await until(pilot, lambda: bool(app.main.panes.panel.region), "the panel")
        assert app.main.panes.panel.tab is Tab.LYRICS
        await pilot.press("d", "left_square_bracket", "d")
        assert app.main.panes.panel.tab is Tab.LYRICS


@pytest.mark.parametrize("size", [(120, 10), (80, 24)])
@pytest.mark.parametrize("key", ["p", "exclamation_mark"])
async def test_a_compact_screen_has_a_status_bar_while_something_is_unusual(
    app: MonitorApp, size: tuple[int, int], key: str
) -> None:
    async with app.run_test(size=size) as pilot:
        bar, footer = app.main.query_one("#status"), app.main.query_one("#footer")
        await pilot.press("C")
        assert not bar.display
        await pilot.press(key)
        assert bar.display
        assert not footer.display
        await pilot.press(key)
        assert not bar.display


async def test_a_compact_screen_has_a_status_bar_while_there_is_trouble(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=WIDE_AND_LOW) as pilot:
        bar = app.main.query_one("#status")
        await pilot.press("C")
        session.engine.tell(Link(trouble=Trouble("The gateway does not answer.", since=NOON)))
        await until(pilot, lambda: bool(bar.display), "the bar")
        session.engine.tell(Link(last_reply=NOON))
        await until(pilot, lambda: not bar.display, "its end")


async def test_a_panel_with_the_keyboard_stays_in_sight_when_its_room_is_taken(app: MonitorApp) -> None:
    async with app.run_test(size=TALL) as pilot:
        await pilot.press("enter")
        await pilot.resize_terminal(*CRAMPED)
        await until(pilot, lambda: app.main.panes.place.size.width == CRAMPED[0], "the panel")
        assert app.main.panes.focused
        await pilot.press("escape")
        assert app.main.table.has_focus
        assert app.main.panes.table_place.display
