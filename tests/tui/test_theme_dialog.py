"""Themes are tried on the table that is in sight, those made for this program first."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, said, song, until

from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.dialogs.palette import ThemeScreen
from ecovai_tui.view.theme_choice import shipped_folder


@pytest.fixture
def app(make_session: MakeSession, make_app: MakeApp) -> MonitorApp:
    return make_app(make_session(song(0), song(1)))


async def test_the_table_stays_in_sight_while_themes_are_tried(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ThemeScreen), "the dialog")
        box = app.screen.query_one(".dialog-ground")
        await until(pilot, lambda: bool(box.region), "the box")
        assert box.region.right == 120
        assert box.region.x >= app.main.table.region.right


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_a_small_screen_keeps_a_part_of_the_table_in_sight(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ThemeScreen), "the dialog")
        box = app.screen.query_one(".dialog-ground")
        await until(pilot, lambda: bool(box.region), "the box")
        assert box.region.right == size[0]
        assert box.region.x >= size[0] // 4


def test_the_themes_made_for_this_program_come_first(app: MonitorApp) -> None:
    folder = app.context.options.themes_folder
    folder.mkdir()
    dark = (shipped_folder() / "ecovai-dark.toml").read_text()
    (folder / "mine.toml").write_text(dark.replace('name = "ecovai-dark"', 'name = "mine"'))
    own = [*(path.stem for path in shipped_folder().glob("*.toml")), "mine"]
    names = app.context.themes.names()
    assert names[: len(own)] == sorted(own)
    assert names[len(own) :] == sorted(app.available_themes.keys() - set(own))


async def test_a_theme_file_that_changes_is_shown_at_once_and_a_broken_one_is_told_once_and_survived(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    session = make_session(song(0))
    folder = make_app(session).context.options.themes_folder
    folder.mkdir()
    mine = folder / "mine.toml"
    dark = (shipped_folder() / "ecovai-dark.toml").read_text().replace('name = "ecovai-dark"', 'name = "mine"')
    mine.write_text(dark)
    app = make_app(session, theme="mine")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: session.engine.other_files is not None, "the engine")
        assert session.engine.other_files is not None
        fingerprint, changed = session.engine.other_files
        before = fingerprint()
        mine.write_text(dark.replace('background = "#14161a"', 'background = "#101010"'))
        assert fingerprint() != before
        changed()
        await until(pilot, lambda: app.main.table.background_colors[1].hex == "#101010", "the new ground")
        mine.write_text("name = 7")
        changed()
        await until(pilot, lambda: "mine.toml" in said(app), "the complaint")
        assert app.main.table.background_colors[1].hex == "#101010"
        told: list[str] = []
        app.context.themes.reload(told.append)
        assert told == []
        mine.write_text(dark)
        app.context.themes.reload(told.append)
        await until(pilot, lambda: app.main.table.background_colors[1].hex == "#14161A", "the ground of before")
        assert told == []
