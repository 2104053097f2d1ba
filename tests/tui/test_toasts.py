"""What is said aloud: one sentence at a time, and no warning gives way to small talk."""

from __future__ import annotations

from app_harness import MakeApp, MakeSession, song, until
from textual.widgets._toast import Toast, ToastHolder

from ecovai_tui.tui.app import MonitorApp

NEXT = "Young tasks are asked for every 10 s in this run"


def told(app: MonitorApp) -> list[str]:
    return [toast._notification.message for toast in app.screen.query(Toast)]


async def test_a_toast_takes_the_place_of_the_one_before(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(song(1), song(2)))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        for key in "+-+-t":
            await pilot.press(key)
        await until(pilot, lambda: app.screen is not app.main and bool(told(app)), "a sentence")
        assert [said.message for said in app._notifications] == ["Young tasks are asked for every 5 s in this run"]


async def test_a_warning_stays_beside_what_is_said_later(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(song(1)))
    app.options.themes_folder.mkdir()
    (app.options.themes_folder / "mine.toml").write_text("name = 3")
    app = make_app(app.session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: len(told(app)) == 1, "the warning")
        await pilot.press("+")
        await until(pilot, lambda: len(told(app)) == 2, "the sentence beside it")
        assert "mine.toml" in told(app)[0]


async def test_a_toast_that_goes_leaves_no_gap(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(song(1)))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        for key in "+-t":
            await pilot.press(key)
        await until(pilot, lambda: app.screen is not app.main and bool(told(app)), "the sentence before the dialog")
        await pilot.press("escape", "+")
        await until(pilot, lambda: told(app) == [NEXT], "the next sentence")
        await until(pilot, lambda: len(app.main.query(ToastHolder)) == 1, "no place but its own")
