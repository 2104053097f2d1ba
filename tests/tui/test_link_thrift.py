"""What the screen leaves out on a slow link, and while nobody looks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from app_harness import MakeApp, MakeSession, said, song, until
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from ecovai_tui.tasks.model import Phase
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.list_controller import FLASHED_FOR
from ecovai_tui.tui.terminal_window import LinkProbe
from ecovai_tui.tui.ticker import SLOW, USUAL

SIZE = (120, 40)


def row(app: MonitorApp, line: int = 1) -> str:
    return app.main.table.line_at(line).text


@pytest.mark.parametrize(("answers", "verdict"), [([0.02], False), ([0.5, 0.02], False), ([0.5, 0.4, 0.3], True)])
def test_the_probe_asks_until_it_knows(answers: list[float], verdict: bool) -> None:
    now = 0.0
    sent: list[str] = []
    probe = LinkProbe(sent.append, lambda: now)
    probe.ask()
    said: bool | None = None
    for round_trip in answers:
        assert said is None
        now += round_trip
        said = probe.answered(now)
    assert said is verdict
    assert sent == ["\x1b[6n"] * len(answers)


def test_an_answer_that_nobody_asked_for_says_nothing() -> None:
    probe = LinkProbe(lambda _query: None, lambda: 0.0)
    assert probe.answered(9.0) is None


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


async def answer_late(app: MonitorApp, pilot: Pilot[int], seconds: float) -> None:
    """Answer all questions to the terminal so much later than they were asked."""
    for _ in range(3):
        answer = events.CursorPosition(0, 0)
        answer.time += seconds
        app.post_message(answer)
        await pilot.pause()


@pytest.fixture
def far_app(make_session: MakeSession, make_app: MakeApp) -> MonitorApp:
    return make_app(make_session(song(1)), capabilities=Capabilities(ColourDepth.TRUE, unicode=True, ssh=True))


async def test_over_ssh_late_answers_slow_the_screen_down(far_app: MonitorApp) -> None:
    async with far_app.run_test(size=SIZE) as pilot:
        await answer_late(far_app, pilot, 1.0)
        await until(pilot, lambda: far_app.main.ticker.rate is SLOW, "the slow pace")


async def test_a_slow_link_is_told_of_once_with_the_way_to_turn_the_thrift_off(far_app: MonitorApp) -> None:
    async with far_app.run_test(size=SIZE, notifications=True) as pilot:
        await answer_late(far_app, pilot, 1.0)
        await answer_late(far_app, pilot, 1.0)
        await until(pilot, lambda: bool(said(far_app)), "the notice")
        assert int(re.findall(r"\d+", said(far_app))[0]) >= 1000
        assert "by the minute" in said(far_app)
        assert said(far_app).count("slow_link = false") == 1


async def test_of_a_quick_link_nothing_is_said(far_app: MonitorApp) -> None:
    async with far_app.run_test(size=SIZE, notifications=True) as pilot:
        await answer_late(far_app, pilot, -60.0)  # quick, however busy this machine is
        await pilot.pause()
        assert not said(far_app)
        assert far_app.main.ticker.rate is USUAL


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
        assert paints_a_second(app.main) == SLOW.frames
        await pilot.press("question_mark")
        assert app.screen is not app.main
        assert paints_a_second(app.screen) == SLOW.frames


async def test_on_a_link_that_turns_out_slow_all_screens_begin_to_paint_seldom(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    app = make_app(make_session(song(1)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        before = [screen._update_timer for screen in app.screen_stack]
        app.main.ticker.slow_down()
        assert [paints_a_second(screen) for screen in app.screen_stack] == [SLOW.frames] * 2
        assert {timer._task for timer in before} == {None}, "a timer that runs keeps its pace"
        await pilot.press("escape", "j")
        await until(pilot, lambda: not app.screen._dirty_widgets, "the paint")


async def test_on_a_link_that_turns_out_slow_time_passes_by_the_minute(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    app = make_app(make_session(song(3, Phase.RUNNING)))
    async with app.run_test(size=SIZE):
        usual = app.main.ticker.running
        assert usual is not None
        assert usual._interval == USUAL.tick
        app.main.ticker.slow_down()
        assert app.main.ticker.running is not None
        assert app.main.ticker.running is not usual
        assert app.main.ticker.running._interval == SLOW.tick


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
