"""Where the panel stands or has no room, what is as before after a zoom, and what a compact screen leaves out."""

from __future__ import annotations

import pytest
from app_harness import NOON, HandSession, MakeApp, MakeSession, said, screen_text, song, until

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.pages.panel_page import Tab

TALL, WIDE_AND_LOW, CRAMPED = (120, 40), (120, 15), (99, 15)


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


@pytest.mark.parametrize(("size", "key"), [((120, 10), "p"), ((80, 24), "p"), ((80, 24), "exclamation_mark")])
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


async def test_a_zoomed_panel_shows_all_lyrics_in_columns_and_the_details_where_there_is_room(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    verses = "\n\n".join(f"[Verse {number}]\n" + "\n".join(["la la la"] * 8) for number in range(1, 7))
    task = song(1)
    app = make_app(make_session(task._replace(clips=(task.clips[0]._replace(lyrics=verses),))))
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: "[Verse 6]" in screen_text(app), "the last verse")
        shown = screen_text(app).splitlines()
        assert "Song 1" in shown[1]
        assert any("[Verse 1]" in text and "[Verse 4]" in text and "phase      done" in text for text in shown)
        await pilot.resize_terminal(90, 40)
        await until(pilot, lambda: "phase      done" not in screen_text(app), "the room without the details")
        assert any("[Verse 1]" in text and "[Verse 4]" in text for text in screen_text(app).splitlines())
        await pilot.press("f")
        await until(pilot, lambda: "─ Song ─" in screen_text(app), "the panel by the table")


async def test_a_failure_that_is_zoomed_tells_its_reason_above_the_columns(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    failed = song(1, Phase.FAILED, fail_reason="the prompt is too loud")
    app = make_app(make_session(failed))
    async with app.run_test(size=TALL) as pilot:
        await until(pilot, lambda: "the prompt is too loud" in screen_text(app), "the card")
        await pilot.press("f")
        await until(pilot, lambda: "─ Song 1 ─" in screen_text(app), "the zoom")
        lines = screen_text(app).splitlines()
        [above] = [y for y, text in enumerate(lines) if 0 < text.find("the prompt is too loud") < 10]
        assert "[Verse]" in lines[above + 2]
