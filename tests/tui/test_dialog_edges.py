"""A dialog has a frame where there is room for one, and is told from what stands behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from app_harness import MakeApp, MakeSession, screen_text, song, until
from textual.app import App, ComposeResult
from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.dialogs.dialog import TextScreen
from ecovai_tui.tui.dialogs.fields import Button, Buttons, OneOf, Tick
from ecovai_tui.tui.widgets.panel import PageView

SIZES = [(120, 40), (80, 24), (60, 20), (40, 10)]
FRAMED = [("ecovai-dark", (120, 40)), ("ansi-dark", (120, 40)), ("ecovai-ansi", (80, 20))]
UNFRAMED = [(79, 40), (120, 19), (40, 10)]
KEYS = ["question_mark", "a", "e", "ctrl+y"]


@pytest.fixture
def app(make_session: MakeSession, make_app: MakeApp) -> MonitorApp:
    return make_app(make_session(song(0)))


def part(app: MonitorApp, selector: str) -> Widget | None:
    try:
        return app.screen.query_one(selector)
    except NoMatches:
        return None


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
        await until(pilot, lambda: page.scroll_offset.y == min(1, page.max_scroll_y), "the next line")
        assert "n k scroll" in screen_text(app)


async def dialogs_of(app: MonitorApp, pilot: Pilot[int]) -> AsyncIterator[Screen[object]]:
    """Open one dialog after the other."""
    for key in KEYS:
        await pilot.press(key)
        await until(pilot, lambda: bool((box := part(app, ".dialog")) and box.region), key)
        yield app.screen
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main, "the main screen")


@pytest.mark.parametrize(("theme", "size"), FRAMED, ids=str)
async def test_a_dialog_has_a_frame_between_the_bars_with_its_title_in_the_edge(
    make_session: MakeSession, make_app: MakeApp, theme: str, size: tuple[int, int]
) -> None:
    app = make_app(make_session(song(0)), theme=theme)
    async with app.run_test(size=size) as pilot:
        async for dialog in dialogs_of(app, pilot):
            box, ground = dialog.query_one(".dialog").region, dialog.query_one(".dialog-ground").region
            lines = screen_text(app).split("\n")
            assert 0 < box.y < box.bottom < size[1]
            assert (ground.x + 1, ground.right - 1) == (box.x, box.right)
            drawn = [line[box.x : box.right] for line in lines[box.y : box.bottom]]
            assert drawn[0].startswith("╭─ ")
            assert drawn[0].endswith("─╮")
            assert drawn[-1] == f"╰{'─' * (box.width - 2)}╯"
            assert {line[0] for line in drawn[1:-1]} == {"│"}


@pytest.mark.parametrize("size", UNFRAMED, ids=str)
async def test_where_there_is_no_room_for_a_frame_a_dialog_takes_all_between_the_bars(
    app: MonitorApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        async for dialog in dialogs_of(app, pilot):
            box = dialog.query_one(".dialog").region
            assert (box.x, box.y, box.width, box.height) == (0, 1, size[0], size[1] - 2)
            assert dialog.query_one("#dialog-top").region.y == 1
            assert "╭" not in screen_text(app).split("\n")[1]


class Parts(App[None]):
    """Shows the parts of dialogs and remembers what they tell."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield OneOf(["Song", "Lyrics", "Video"], tabs=True)
        yield Tick("No singing")
        yield Buttons(Button("Send", first=True), Button("Cancel"))

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        self.told.append(f"one of {event.chosen}")

    def on_tick_changed(self, event: Tick.Changed) -> None:
        self.told.append(f"tick {event.tick.on}")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.told.append(f"pressed {event.button.content}")


async def test_the_parts_of_a_dialog_work_with_keys() -> None:
    app = Parts()
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.press("right", "left", "left", "tab", "space", "enter", "tab", "tab", "enter", "space")
        await pilot.pause()
    cancel = "pressed  Cancel "
    assert app.told == ["one of 1", "one of 0", "one of 2", "tick True", "tick False", cancel, cancel]


async def test_the_parts_of_a_dialog_work_with_the_mouse() -> None:
    app = Parts()
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.click(OneOf, offset=(9, 0))
        await pilot.click(Tick)
        await pilot.click(Button)
        await pilot.pause()
        assert str(app.query_one(Tick).content) == "[x] No singing"
    assert app.told == ["one of 1", "tick True", "pressed  Send "]
