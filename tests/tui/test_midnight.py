"""At midnight the times of today become those of yesterday, at the cost of one timer."""

from __future__ import annotations

import pytest
from app_harness import HandSession, MakeApp, MakeSession, song, until
from textual import events

from ecovai_tui.tasks.times import clock_time, next_midnight
from ecovai_tui.tui.app import MonitorApp

SIZE = (120, 40)
EVENING = next_midnight(1_716_206_400.0) - 0.1
"""A moment before midnight by the local clock."""
EARLIER = EVENING - 3600


@pytest.fixture
def session(make_session: MakeSession, monkeypatch: pytest.MonkeyPatch) -> HandSession:
    monkeypatch.setattr("ecovai_tui.tui.ticker.LATEST", 0.1)
    session = make_session(song(1, submitted_at=EARLIER, finished_at=EARLIER + 60))
    session.clock.time = EVENING
    return session


def first_row(app: MonitorApp) -> str:
    return app.main.table.line_at(1).text


async def test_a_final_row_tells_the_day_from_midnight_on(session: HandSession, make_app: MakeApp) -> None:
    app, yesterday = make_app(session), clock_time(EARLIER, EVENING + 1)
    async with app.run_test(size=SIZE) as pilot:
        assert yesterday not in first_row(app)
        session.clock.time += 1
        await until(pilot, lambda: yesterday in first_row(app), "the new day")
        assert app.main.ticker.midnight is not None
        assert app.main.ticker.midnight._interval > 3600


async def test_who_looks_back_after_midnight_sees_the_day_at_once(session: HandSession, make_app: MakeApp) -> None:
    app, yesterday = make_app(session), clock_time(EARLIER, EVENING + 1)
    async with app.run_test(size=SIZE) as pilot:
        app.post_message(events.AppBlur())
        await until(pilot, lambda: not session.engine.attended, "the blur")
        assert app.main.ticker.midnight is None
        session.clock.time += 1
        app.post_message(events.AppFocus())
        await until(pilot, lambda: session.engine.attended, "the focus")
        assert yesterday in first_row(app)


async def test_an_empty_list_waits_for_no_midnight(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert app.main.ticker.midnight is None
