"""What the screen leaves out on a slow link, and while nobody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from app_harness import MakeApp, MakeSession, song, until
from textual import events
from textual.screen import Screen

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.list_controller import FLASHED_FOR
from ecovai_tui.tui.ticker import SLOW, USUAL

SIZE = (120, 40)


def row(app: MonitorApp, line: int = 1) -> str:
    return app.main.table.line_at(line).text


async def test_on_a_slow_link_times_are_told_in_minutes(make_session: MakeSession, make_app: MakeApp) -> None:
    session = make_session(song(3, Phase.RUNNING))
    app = make_app(session, slow_link=True)
    async with app.run_test(size=SIZE):
        session.clock.time += 45
        app.main.tick()
        assert "3:00" in row(app)
        session.clock.time += 30
        app.main.tick()
        assert "4:00" in row(app)
        assert app.main.ticker.rate is SLOW


async def test_on_a_usual_link_they_are_told_in_seconds(make_session: MakeSession, make_app: MakeApp) -> None:
    session = make_session(song(3, Phase.RUNNING))
    app = make_app(session)
    async with app.run_test(size=SIZE):
        session.clock.time += 45
        app.main.tick()
        assert "3:45" in row(app)
        assert app.main.ticker.rate is USUAL


async def test_no_time_passes_while_nobody_looks(make_session: MakeSession, make_app: MakeApp) -> None:
    session = make_session(song(3, Phase.RUNNING), song(4, Phase.RUNNING))
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        before = row(app, 2)
        app.post_message(events.AppBlur())
        await until(pilot, lambda: not session.engine.attended, "the blur")
        session.clock.time += 120
        session.engine.learn(song(3, Phase.DONE))
        await pilot.pause()
        assert "done" in row(app)
        assert row(app, 2) == before
        app.post_message(events.AppFocus())
        await until(pilot, lambda: session.engine.attended, "the focus")
        session.engine.learn(song(4, Phase.RUNNING))
        await pilot.pause()
        assert "6:00" in row(app, 2)


def paints_a_second(screen: Screen[object]) -> float:
    return 1 / screen._update_timer._interval


async def test_on_a_slow_link_every_screen_paints_seldom(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(song(1)), slow_link=True)
    async with app.run_test(size=SIZE) as pilot:
        assert app.main.ticker.running is None
        assert paints_a_second(app.main) == SLOW.frames
        await pilot.press("question_mark")
        assert app.screen is not app.main
        assert paints_a_second(app.screen) == SLOW.frames


async def test_a_row_that_changed_says_so_for_a_moment(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecovai_tui.tui.list_controller.FLASHED_FOR", 0.05)
    session = make_session(song(3, Phase.RUNNING), song(4))
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        session.engine.learn(song(3, Phase.DONE))
        assert "∆" in row(app)
        assert "∆" not in row(app, 2)
        await until(pilot, lambda: "∆" not in row(app), "the end of the flash")
        await asyncio.sleep(0)


async def test_a_row_that_changes_again_says_so_for_as_long_as_if_it_had_not_before(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(song(3, Phase.RUNNING), song(4, Phase.RUNNING))
    app, ends = make_app(session), list[Callable[[], None]]()

    def set_timer(delay: float, callback: Callable[[], None]) -> None:
        if delay == FLASHED_FOR:
            ends.append(callback)

    async with app.run_test(size=SIZE):
        monkeypatch.setattr(app.main, "set_timer", set_timer)
        session.engine.learn(song(3, Phase.DONE), song(4, Phase.DONE))
        session.engine.learn(song(3, Phase.FAILED))
        first, second = ends
        first()
        assert "∆" in row(app)
        assert "∆" not in row(app, 2)
        second()
        assert "∆" not in row(app)
