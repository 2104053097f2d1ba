"""The screen at every size, and what the mouse does."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, said, song, until
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Static

from ecovai_tui.store.errors import SettingsError
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import SortKey
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options
from ecovai_tui.tui.widgets.lines import LineBar
from ecovai_tui.view.theme_faults import ThemeError


@pytest.fixture
def app(make_session: MakeSession, make_app: MakeApp) -> MonitorApp:
    return make_app(make_session(*(song(number) for number in range(30))))


async def regions(app: MonitorApp, pilot: Pilot[int]) -> tuple[Region, Region]:
    """Return where the table and the panel stand, once they do."""
    await until(pilot, lambda: bool(app.main.panes.panel.region), "the panel")
    return app.main.table.region, app.main.panes.panel.region


async def test_from_100_columns_the_panel_stands_right_of_the_table(app: MonitorApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        table, panel = await regions(app, pilot)
        assert panel.x >= table.right
        assert panel.y == table.y


async def test_below_100_columns_the_panel_stands_below_the_table(app: MonitorApp) -> None:
    async with app.run_test(size=(99, 30)) as pilot:
        table, panel = await regions(app, pilot)
        assert panel.y >= table.bottom
        assert panel.x == table.x == 0


@pytest.mark.parametrize("size", [(40, 10), (60, 20), (80, 24), (120, 40), (300, 100)])
async def test_every_size_shows_the_table_and_the_bars(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size):
        assert app.main.query_one("#status").region.y == 0
        assert app.main.query_one("#footer").region.y == size[1] - 1
        assert app.main.table.size.height >= 5


async def test_a_low_screen_shows_the_panel_only_when_asked(app: MonitorApp) -> None:
    async with app.run_test(size=(40, 10)) as pilot:
        assert not app.main.panes.shown
        await pilot.press("enter")
        assert app.main.panes.shown
        assert not app.main.panes.table_place.display
        await pilot.press("escape")
        assert app.main.table.has_focus


@pytest.mark.parametrize("size", [(39, 10), (40, 9), (1, 1)])
async def test_a_window_that_is_too_small_says_so_and_recovers(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        sentence = app.main.query_one("#too-small", Static)
        await until(pilot, lambda: bool(sentence.display), "the sentence")
        assert f"{size[0]} x {size[1]}" in str(sentence.content)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not sentence.display, "the screen")
        assert app.main.panes.table_place.display


async def test_resizing_keeps_the_cursor_on_its_task(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("G", "k")
        task = app.main.table.cursor_id
        for size in ((60, 20), (40, 10), (30, 8), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.main.table.cursor_id == task


async def test_the_footer_can_be_clicked(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        line = app.main.query_one("#footer").line.text  # type: ignore[attr-defined]
        await pilot.click("#footer", offset=(line.index("sort"), 0))
        assert app.main.task_list.order.key is SortKey.PHASE


async def test_a_count_can_be_clicked_to_show_what_was_counted_and_again_for_all(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    app = make_app(make_session(song(1), song(2, Phase.FAILED)))
    async with app.run_test(size=(120, 40)) as pilot:
        bar = app.main.query_one("#status", LineBar)
        await until(pilot, lambda: "✗" in bar.line.text, "the counts")
        for shown in (["task-2"], ["task-1", "task-2"]):
            await pilot.click("#status", offset=(bar.line.text.index("✗"), 0))
            assert list(app.main.task_list.shown) == shown


async def test_a_header_can_be_clicked_to_sort_and_again_to_turn_round(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click("#table", offset=(4, 0))
        assert app.main.task_list.order.key is SortKey.PHASE
        await pilot.click("#table", offset=(4, 0))
        assert app.main.task_list.order.reverse


async def test_a_double_click_opens_the_panel(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click("#table", offset=(4, 3), times=2)
        await until(pilot, lambda: app.main.panes.focused, "the panel")
        assert app.main.table.cursor_id == "task-2"


async def test_no_cell_of_the_screen_is_wider_than_the_screen(app: MonitorApp) -> None:
    async with app.run_test(size=(57, 19)):
        for strip in app.main._compositor.render_strips():
            assert strip.cell_length == 57


async def test_the_theme_is_the_one_that_suits_the_terminal(make_session: MakeSession, make_app: MakeApp) -> None:
    assert make_app(make_session()).theme == "ecovai-dark"
    poor = Options(
        Capabilities(depth=ColourDepth.SIXTEEN, unicode=True), make_app(make_session()).context.options.themes_folder
    )
    assert MonitorApp(make_session(), poor).theme == "ecovai-ansi"  # type: ignore[arg-type]  # a stand-in


def test_an_unknown_theme_is_refused_with_the_list_of_known_ones(make_session: MakeSession, make_app: MakeApp) -> None:
    with pytest.raises(ThemeError, match=r"ecovai-dark.*textual-dark"):
        make_app(make_session(), theme="nope")


def test_keys_that_cannot_be_used_are_refused_before_the_screen_opens(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    with pytest.raises(SettingsError, match="refrsh"):
        make_app(make_session(keys={"refrsh": "r"}))


async def test_a_broken_theme_of_the_user_is_told_and_stops_nothing(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    folder = make_app(make_session()).context.options.themes_folder
    folder.mkdir()
    (folder / "mine.toml").write_text("name = 3")
    app = make_app(make_session())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "mine.toml" in said(app), "the toast")


@pytest.mark.parametrize(
    "text", ['name = "mine"\nprimray = "#fff"\ndark = "yes"\n[phases]\ndone = "green"\ndnoe = "#fff"\n', "name = oops"]
)
async def test_in_place_of_a_chosen_theme_with_faults_the_usual_one_is_shown_and_one_sentence_says_so(
    make_session: MakeSession, make_app: MakeApp, text: str
) -> None:
    folder = make_app(make_session()).context.options.themes_folder
    folder.mkdir()
    (folder / "mine.toml").write_text(text)
    app = make_app(make_session(), theme="mine")
    assert app.theme == "ecovai-dark"
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.main.toasts.lines), "the toast")
        [told] = [line.text for line in app.main.toasts.lines]
    assert "mine.toml" in told
    assert told.endswith("ecovai-dark is shown instead.")


@pytest.mark.parametrize("key", ["question_mark", "t", "a", "e", "ctrl+y"])
@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
async def test_every_dialog_shows_its_keys_at_every_size(app: MonitorApp, key: str, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: bool(app.screen.query("#dialog-keys")), "the dialog")
        await pilot.pause()
        keys = app.screen.query_one("#dialog-keys", LineBar)
        assert (keys.region.bottom, keys.region.right) == (size[1], size[0])
        assert "esc" in keys.line.text
