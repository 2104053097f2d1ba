"""How the screen was left is how it comes back, unless the settings say otherwise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from app_harness import HandSession, MakeApp, MakeSession, song, until

from ecovai_tui.store.ui_state import UiState, read_ui_state, remember
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import UiStateStore
from ecovai_tui.tui.dialogs.palette import ThemeScreen
from ecovai_tui.tui.pages.panel_page import Tab

SIZE = (120, 40)
DEPTH = "true"


@dataclass(frozen=True)
class Place:
    """Where things are remembered, and what opens the app there."""

    file: Path
    session: HandSession
    make_app: MakeApp

    def app(self, **options: object) -> MonitorApp:
        return self.make_app(self.session, ui_state=self.file, **options)


@pytest.fixture
def place(tmp_path: Path, make_session: MakeSession, make_app: MakeApp) -> Place:
    return Place(tmp_path / "state" / "ui.json", make_session(song(1, title="A"), song(0, title="B")), make_app)


async def leave(app: MonitorApp, *keys: str) -> None:
    """Press keys, leave, and do what the program does when it has left."""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys, "q")
        await until(pilot, lambda: app.return_value is not None, "the end")
    app.context.ui_state.save()


async def pick_next_theme(app: MonitorApp) -> str:
    """Pick the theme below the one in use; return its name."""
    async with app.run_test(size=SIZE) as pilot:
        former = app.theme
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ThemeScreen), "the dialog")
        await pilot.press("j")
        await until(pilot, lambda: app.theme != former, "another theme")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.main, "the main screen")
        await until(pilot, lambda: app.context.ui_state.theme == app.theme, "the memory")
        file = app.context.options.ui_state
        await until(pilot, lambda: app.context.options.demo or (file is not None and file.exists()), "the file")
        return app.theme


async def test_order_panel_and_tab_come_back(place: Place) -> None:
    await leave(place.app(), "s", "s", "S", "]", "]", "d")
    app = place.app()
    async with app.run_test(size=SIZE):
        assert app.main.task_list.order == Order(SortKey.TITLE, reverse=True)
        assert app.main.task_list.shown == ["task-0", "task-1"]
        assert not app.main.panes.shown
        assert app.main.panes.panel.tab is Tab.HISTORY


async def test_a_picked_theme_is_written_at_once_and_comes_back(place: Place) -> None:
    picked = await pick_next_theme(place.app())
    assert read_ui_state(place.file).themes == {DEPTH: picked}
    assert place.app().theme == picked


async def test_an_explicit_theme_wins(place: Place) -> None:
    remember(place.file, UiState(), UiState({DEPTH: "nord"}))
    assert place.app(theme="gruvbox").theme == "gruvbox"


async def test_a_theme_that_is_gone_and_one_for_other_terminals_are_left_alone(place: Place) -> None:
    usual = place.app().theme
    remember(place.file, UiState(), UiState({DEPTH: "was-mine", "sixteen": "nord"}))
    assert place.app().theme == usual


async def test_leaving_without_a_change_writes_nothing(place: Place) -> None:
    await leave(place.app(), "j", "k")
    assert not place.file.exists()


async def test_looking_at_themes_without_picking_one_writes_nothing(place: Place) -> None:
    await leave(place.app(), "t", "j", "escape")
    assert not place.file.exists()


async def test_the_demo_reads_the_theme_and_writes_nothing(place: Place) -> None:
    remember(place.file, UiState(), UiState({DEPTH: "nord"}))
    before = place.file.read_bytes()
    app = place.app(demo=True)
    assert app.theme == "nord"
    await pick_next_theme(app)
    await leave(place.app(demo=True), "s", "d")
    assert place.file.read_bytes() == before


async def test_a_foreign_file_does_no_harm(place: Place) -> None:
    place.file.parent.mkdir()
    place.file.write_text(json.dumps({"tab": "Lyrics and more", "sort": 7, "themes": "nord"}))
    app = place.app()
    async with app.run_test(size=SIZE):
        assert app.main.panes.panel.tab is Tab.LYRICS
        assert app.main.task_list.order == Order()


async def test_a_disk_that_takes_nothing_does_not_keep_anyone_from_leaving(place: Place) -> None:
    place.file.mkdir(parents=True)
    await leave(place.app(), "s")
    assert isinstance(place.app().context.ui_state, UiStateStore)
