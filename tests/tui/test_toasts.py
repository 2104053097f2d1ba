"""What is said aloud stands in the footer's place: it covers no text, and no warning gives way to small talk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from app_harness import HandSession, MakeSession, said, screen_text, song, until
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets._toast import Toast as TextualsToast

from ecovai_tui.tui import toasts as toasts_module
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.toasts import Gravity, Toast, Toasts

SIZES = [(40, 10), (60, 20), (80, 24), (120, 40), (200, 50)]
OPENING = ["a", "e", "ctrl+y", "t", "question_mark", "colon"]
GRAVITIES: Sequence[Gravity] = ("information", "error")
LONG = "A sentence that is so long that it does not fit into one line of any pane, however wide that may be. " * 3


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*(song(number) for number in range(60)))


def small_talk(text: str) -> Toast:
    return Toast(text)


def warning(text: str) -> Toast:
    return Toast(text, gravity="warning")


OLD, KEY = None, "key"


@pytest.mark.parametrize(
    ("story", "shown"),
    [
        ([], []),
        ([small_talk("a")], ["a"]),
        ([small_talk("a"), small_talk("b")], ["b"]),
        ([small_talk("a"), OLD], []),
        ([small_talk("a"), KEY], ["a"]),
        ([warning("w"), small_talk("a")], ["a"]),
        ([warning("w"), small_talk("a"), OLD], ["w"]),
        ([warning("w"), KEY], ["w"]),
        ([warning("w"), OLD], ["w"]),
        ([warning("w"), OLD, KEY], []),
        ([warning("w"), OLD, KEY, small_talk("a")], ["a"]),
        ([warning("w"), OLD, small_talk("a"), KEY], ["a"]),
        ([warning("v"), small_talk("a"), warning("w")], ["w"]),
        ([warning("v"), OLD, warning("w"), KEY], ["w"]),
        ([Toast("two\nlines", "A title")], ["A title  two  lines"]),
    ],
)
def test_what_stands_after_what_was_said(story: Sequence[Toast | str | None], shown: Sequence[str]) -> None:
    toasts = Toasts()
    for step in story:
        if isinstance(step, Toast):
            toasts.add(step)
        elif step is OLD:
            toasts.grow_old()
        else:
            toasts.take_key()
    assert [toast.line.text for toast in (toasts.shown,) if toast] == shown


async def test_a_toast_takes_the_place_of_the_one_before(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"+-+-")
        assert said(app) == "Young tasks are asked for every 5 s in this run"
        await until(pilot, lambda: screen_text(app).count(said(app)) == 1, "it in the footer")


async def test_the_footer_comes_back(app: MonitorApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "? help" in screen_text(app), "the keys")
        app.say("Something")
        await until(pilot, lambda: "Something" in screen_text(app), "the sentence")
        monkeypatch.setattr(toasts_module, "SHOWN_FOR", 0.01)
        app.say("Something")
        await until(pilot, lambda: "Something" not in screen_text(app), "its end")
        await until(pilot, lambda: "? help" in screen_text(app), "the keys again")


async def test_a_warning_stays_until_a_key_is_pressed(app: MonitorApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toasts_module, "SHOWN_FOR", 0.01)
    async with app.run_test(size=(120, 40)) as pilot:
        app.say("Beware", gravity="warning")
        app.say("Something")
        await until(pilot, lambda: said(app) == "Beware", "the warning alone")
        await until(pilot, lambda: "Beware" in screen_text(app), "it in the footer")
        await pilot.press("j")
        assert not said(app)
        await until(pilot, lambda: "? help" in screen_text(app), "the keys again")


async def test_what_was_said_over_a_dialog_goes_to_its_place_as_the_dialog_goes(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("e")
        await until(pilot, lambda: app.screen is not app.main, "the dialog")
        app.say("A word")
        await until(pilot, lambda: "A word" in last_line(app), "it in the footer")
        await pilot.press("escape")
        await until(pilot, lambda: "─ A word ─" in screen_text(app).splitlines()[-2], "it in the panel's edge")
        assert "? help" in last_line(app)


def lines_of(screen: Screen[object], region: Region) -> list[str]:
    """Return what stands in a part of a screen."""
    strips = screen._compositor.render_strips()
    return [strips[y].crop(region.x, region.right).text for y in region.line_range]


def last_line(app: MonitorApp) -> str:
    """Return the last line of the main screen, which no dialog covers."""
    return lines_of(app.main, Region(0, app.size.height - 1, app.size.width, 1))[0]


def box_of(app: MonitorApp) -> Region:
    """Return where the dialog or the palette is."""
    parts = [part.region for part in app.screen.query(".dialog")]
    return Region.from_union([part for part in parts if part] or [Region()])


def silence(app: MonitorApp) -> None:
    """Let nothing have been said."""
    app.main.toasts._toasts = Toasts()
    app.main.toasts.show_again()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_toast_covers_no_dialog_and_no_menu(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size, notifications=True) as pilot:
        for key in OPENING:
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not app.main and bool(box_of(app)), f"the dialog of {key}")
            await pilot.pause()
            place = box_of(app)
            before = lines_of(app.screen, place)
            assert place.bottom < size[1], key
            app.notify("A word")
            await until(pilot, lambda: "A word" in last_line(app), "it in the last line")
            app.say(LONG, gravity="error")
            app.say(LONG)
            await until(pilot, lambda: "A word" not in last_line(app), "the next")
            assert box_of(app) == place, key
            assert lines_of(app.screen, place) == before, key
            assert not app.screen.query(TextualsToast)
            silence(app)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.main, "the main screen")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_toast_covers_neither_the_filter_nor_the_table(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("slash", *"song")
        for text, gravity in product(["A word", LONG], GRAVITIES):
            app.say(text, gravity=gravity)
            await until(pilot, lambda text=text: text[:20] in screen_text(app), "the sentence")  # type: ignore[misc]
            line, table = (app.main.query_one(name).region for name in ("#filter", "#table"))
            assert table.bottom <= size[1] - 1, (text, gravity)
            assert line.height == 1, (text, gravity)
            assert table.height >= 2, (text, gravity)
            assert lines_of(app.main, line)[0].split()[:2] == ["/", "song"], (text, gravity)
            silence(app)
            await until(pilot, lambda text=text: text[:20] not in screen_text(app), "silence")  # type: ignore[misc]


async def test_what_fits_stands_in_the_edge_of_the_panel_and_moves_nothing(app: MonitorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(app.main.panes.place.region), "the panel")
        before = app.main.table.region, screen_text(app).splitlines()[-1]
        app.say("3 removed, u brings them back")
        edge = "─ 3 removed, u brings them back ─╯"
        await until(pilot, lambda: screen_text(app).splitlines()[-2].endswith(edge), "it in the edge")
        assert (app.main.table.region, screen_text(app).splitlines()[-1]) == before


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_without_a_footer_a_toast_has_the_last_line_for_its_time(
    app: MonitorApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("C")
        await until(pilot, lambda: app.main.panes.table_place.region.y == 0, "the table alone")
        alone = app.main.panes.table_place.region
        app.say("Something")
        await until(pilot, lambda: "Something" in last_line(app), "the sentence")
        monkeypatch.setattr(toasts_module, "SHOWN_FOR", 0.01)
        app.say("Something")
        await until(pilot, lambda: "Something" not in last_line(app), "its end")
        assert app.main.panes.table_place.region == alone
        assert "? help" not in screen_text(app)
