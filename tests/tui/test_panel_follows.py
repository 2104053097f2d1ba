"""The panel follows the cursor once it rests, and paints only what changed."""

from __future__ import annotations

import pytest
from app_harness import HandSession, MakeApp, MakeSession, plain, song, until
from textual.geometry import Region

from ecovai_tui.tasks.model import Phase, Task
from ecovai_tui.tui import panel_controller
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.pages.panel_page import Tab
from ecovai_tui.tui.widgets.panel import PageView

WIDE = (120, 40)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*(song(number, Phase.RUNNING if number == 0 else Phase.DONE) for number in range(6)))


def page_text(app: MonitorApp) -> str:
    return plain(app.main.panes.panel.page.lines)


async def test_it_shows_the_first_task_at_once(app: MonitorApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "Words of song 0, clip 0" in page_text(app), "the lyrics")


async def test_it_shows_the_task_on_which_the_cursor_rests(app: MonitorApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "j", "j", "l")
        await until(pilot, lambda: "Words of song 3, clip 1" in page_text(app), "the lyrics")


async def test_it_reads_no_task_that_the_cursor_only_passes(
    app: MonitorApp, session: HandSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_controller, "RESTED_AFTER", 3600.0)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "song 0" in page_text(app), "the first task")
        read: list[str] = []
        monkeypatch.setattr(type(session.replica), "task", lambda _, name: read.append(name))
        await pilot.press(*"jjjjj")
        assert read == []
        app.main.panes.fill()
        await until(pilot, lambda: read == ["task-5"], "the task")


async def test_the_same_content_again_is_not_painted(
    app: MonitorApp, session: HandSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "song 0" in page_text(app), "the first task")
        await pilot.pause()
        painted: list[tuple[Region, ...]] = []
        monkeypatch.setattr(PageView, "refresh", lambda self, *regions, **_: painted.append(regions))
        session.engine.learn(song(0, Phase.RUNNING))
        await pilot.pause()
        assert painted == []
        session.engine.learn(song(0, Phase.DONE, title="Another"))
        await pilot.press("]")
        assert painted != []


def long_song(phase: Phase) -> Task:
    """Return the first task with 500 lines of lyrics that name its phase."""
    task = song(0, phase, clips=1)
    verses = "\n".join(f"line {number} {phase}" for number in range(500))
    return task._replace(clips=(task.clips[0]._replace(lyrics=verses),))


async def test_a_clip_is_chosen_by_a_click_on_it_in_the_card(app: MonitorApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "clip 0" in page_text(app), "the first clip")
        lines = [one.text for one in app.main.panes.panel.card_lines]
        row = next(y for y, text in enumerate(lines) if text.startswith(" [1 ▸"))
        await pilot.click("#panel-card", offset=(lines[row].index("2 ▸"), row))
        await until(pilot, lambda: "clip 1" in page_text(app), "the second clip")
        assert app.main.table.clip_index == 1


async def test_the_place_in_a_page_stays_over_a_refresh(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "song 0" in page_text(app), "the first task")
        session.engine.learn(long_song(Phase.RUNNING))
        await until(pilot, lambda: "line 499 running" in page_text(app), "the long lyrics")
        await pilot.press("tab", "pagedown")
        place = app.main.panes.panel.page.scroll_offset.y
        session.engine.learn(long_song(Phase.DONE))
        await until(pilot, lambda: "line 499 done" in page_text(app), "the news")
        assert app.main.panes.panel.page.scroll_offset.y == place > 0


async def test_another_task_is_shown_from_its_top(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.press("f", "]", "]", "]")
        page = app.main.panes.panel.page
        await until(pilot, lambda: bool(page.lines), "the JSON")
        page.move(3)
        await pilot.press("escape", "j", "f")
        await until(pilot, lambda: "task-1" in page_text(app), "the next task")
        assert page.scroll_offset.y == 0


async def test_a_tab_can_be_clicked(app: MonitorApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: bool(app.main.panes.panel.page.size), "the panel")
        await pilot.click("#panel-tabs", offset=(12, 0))
        assert app.main.panes.panel.tab is Tab.DETAILS


async def test_a_number_shows_its_tab(app: MonitorApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: bool(page_text(app)), "the first task")
        for key, tab in zip("3421", (Tab.HISTORY, Tab.JSON, Tab.DETAILS, Tab.LYRICS), strict=True):
            await pilot.press(key)
            assert app.main.panes.panel.tab is tab


async def test_all_tabs_show_something_of_the_task(app: MonitorApp) -> None:
    seen = {}
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: bool(page_text(app)), "the first task")
        for _ in Tab:
            seen[app.main.panes.panel.tab] = page_text(app)
            await pilot.press("]")
    assert "Words of song 0" in seen[Tab.LYRICS]
    assert "clip-0-0" in seen[Tab.DETAILS]
    assert "▸ running" in seen[Tab.HISTORY]
    assert '"task_id": "task-0"' in seen[Tab.JSON]


@pytest.mark.parametrize("links", [True, False])
async def test_addresses_are_links_where_the_terminal_knows_them(app: MonitorApp, links: bool) -> None:
    app.links = links
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "cdn.example" in page_text(app), "the details")
        page = app.main.panes.panel.page
        strips = page.render_lines(Region(0, 0, *page.outer_size))
        found = {segment.style.link for strip in strips for segment in strip if segment.style and segment.style.link}
        assert found == ({"https://cdn.example/0-0.mp3"} if links else set())


async def test_a_panel_that_is_away_reads_nothing(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: bool(page_text(app)), "the first task")
        await pilot.press("d", "j")
        session.engine.learn(song(1, title="New words"))
        await pilot.pause(0.2)
        assert "song 0" in page_text(app)
        await pilot.press("d")
        await until(pilot, lambda: "song 1" in page_text(app), "the selected task")


async def test_a_section_tag_and_hostile_markup_reach_the_screen_as_text(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    app = make_app(make_session(song(1, title="[/] [bold]Rain[/bold] [@click=quit]x[/]")))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "[Verse]" in page_text(app), "the lyrics")
        title = "[/] [bold]Rain[/bold] [@click=quit]x[/]"
        await until(pilot, lambda: title in plain(app.main.panes.panel.card_lines), "the card")
