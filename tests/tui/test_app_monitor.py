"""The screen follows the monitor: news, trouble, pauses, and nothing at all while nothing happens."""

from __future__ import annotations

import os
import signal

import pytest
from app_harness import NOON, HandSession, MakeApp, MakeSession, said, screen_text, song, until

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Lyrics, Phase
from ecovai_tui.tasks.times import time_of_day
from ecovai_tui.terminal.sequences import BELL
from ecovai_tui.tui import task_list
from ecovai_tui.tui.app import MonitorApp

NOTIFICATION = "\x1b]777;notify;✗ failed;Song 0\x07".encode()
SIZE = (120, 40)
FAILING = Link(trouble=Trouble("The gateway does not answer: check the network.", since=NOON), next_poll=NOON + 30)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(song(0, Phase.RUNNING), song(1), song(2))


def status(app: MonitorApp) -> str:
    return app.main.query_one("#status").line.text  # type: ignore[attr-defined,no-any-return]


async def test_the_monitor_starts_only_after_the_first_paint(app: MonitorApp, session: HandSession) -> None:
    assert not session.engine.running.is_set()
    async with app.run_test(size=SIZE) as pilot:
        assert app.main.task_list.shown
        await until(pilot, session.engine.running.is_set, "the monitor")


async def test_a_changed_phase_changes_row_and_counts(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert "▸ 1  ✓ 2" in status(app)
        session.engine.learn(song(0, Phase.FAILED))
        await pilot.pause()
        assert "✓ 2  ✗ 1" in status(app)
        assert app.main.task_list.find("task-0").summary.phase is Phase.FAILED  # type: ignore[union-attr]


async def test_ids_added_elsewhere_appear_and_the_cursor_stays(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j")
        session.watch_list.add(("elsewhere-1",), label="", now=NOON)
        session.engine.mirror()
        await pilot.pause()
        assert app.main.task_list.shown[0] == "elsewhere-1"
        assert app.main.table.cursor_id == "task-1"


async def test_ids_removed_elsewhere_go_and_the_cursor_takes_the_next(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j")
        session.watch_list.remove(("task-1",), now=NOON)
        session.engine.mirror()
        await pilot.pause()
        assert app.main.table.cursor_id == "task-2"


async def test_trouble_is_told_with_the_time_of_the_next_try_and_the_data_stay(
    app: MonitorApp, session: HandSession
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        session.engine.tell(FAILING)
        await pilot.pause()
        assert "✗ The gateway does not answer" in status(app)
        assert f"Asked again at {time_of_day(NOON + 30)}, or press r." in status(app)
        assert len(app.main.task_list.shown) == 3
        session.engine.tell(Link())
        await pilot.pause()
        assert "✗ The gateway" not in status(app)


async def test_one_timer_ticks_only_while_time_changes_something(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert app.main.ticker.running is not None
        session.engine.learn(song(0, Phase.DONE))
        await pilot.pause()
        assert app.main.ticker.running is None
        session.engine.tell(FAILING)
        assert app.main.ticker.running is None


async def test_a_row_tells_that_it_is_stale_when_time_passes_without_an_answer(
    app: MonitorApp, session: HandSession
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert "stale" not in screen_text(app)
        session.clock.time += 60
        app.main.tick()
        await pilot.pause()
        assert "stale" in screen_text(app)


async def test_without_a_key_it_opens_read_only_and_tells_the_three_ways(
    session: HandSession, make_app: MakeApp
) -> None:
    session.engine.link = Link(read_only=True)
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        assert "no key, i says how  read-only" in status(app)
        await pilot.press("i")
        ways = ("ECOVAI_API_KEY", "api_key_command", "api_key =")
        await until(pilot, lambda: all(way in screen_text(app) for way in ways), "the ways")
        assert len(app.main.task_list.shown) == 3


async def test_a_finished_task_rings_and_is_told_once(app: MonitorApp, session: HandSession) -> None:
    sent: list[bytes] = []
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app.send_to_terminal = sent.append  # type: ignore[method-assign]
        await pilot.press("j")
        session.engine.learn(song(0, Phase.DONE, title="[/] Rain"))
        await pilot.pause()
        assert said(app) == "✓ [/] Rain is done after 0:50"
        session.engine.learn(song(0, Phase.DONE, title="[/] Rain"))
        await pilot.pause()
        assert said(app) == "✓ [/] Rain is done after 0:50"
    assert sent == [BELL]


async def test_a_task_that_waits_for_the_user_at_first_sight_is_rung_for_by_one_pane_alone(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    sent: list[list[bytes]] = [[], []]
    task = song(0, Phase.WAITING, status="MODAL", title="A red fox", clips=0)
    session = make_session(song(1), ids=[task.id])
    panes = [make_app(session), make_app(session)]
    async with panes[0].run_test(size=SIZE) as first, panes[1].run_test(size=SIZE) as second:
        for app, pilot, sequences in zip(panes, (first, second), sent, strict=True):
            app.send_to_terminal = sequences.append  # type: ignore[method-assign]
            await pilot.press("j")
        session.engine.learn(task)
        for app, pilot in zip(panes, (first, second), strict=True):
            await until(pilot, lambda app=app: "needs you: answer it" in said(app), "the toast")
        await until(first, lambda: any(sent), "the bell")
        await session.worker.run(lambda _: None)  # behind what both asked of the replica
        for pilot in (first, second):
            await pilot.pause()
        assert sorted(sent) == [[], [BELL]]
    later, heard = make_app(session), list[bytes]()
    async with later.run_test(size=SIZE) as pilot:
        later.send_to_terminal = heard.append  # type: ignore[method-assign]
        await pilot.press("j")
        session.engine.learn(task._replace(phase=Phase.RUNNING, status="IN_PROGRESS"))
        await pilot.pause()
        session.engine.learn(task)
        await until(pilot, lambda: "needs you: answer it" in said(later), "the toast")
        await session.worker.run(lambda _: None)
        await pilot.pause()
        assert heard == [], "it was rung for before the program began anew"


async def test_the_end_of_the_task_under_the_cursor_is_rung_for_and_not_told(
    app: MonitorApp, session: HandSession
) -> None:
    sent: list[bytes] = []
    async with app.run_test(size=SIZE) as pilot:
        app.send_to_terminal = sent.append  # type: ignore[method-assign]
        session.engine.learn(song(0, Phase.DONE))
        await until(pilot, lambda: sent == [BELL], "the bell")
        assert not said(app)


@pytest.mark.parametrize("padding", ["", "x"])
async def test_a_toast_shows_wide_characters_whole(app: MonitorApp, session: HandSession, padding: str) -> None:
    title = padding + "夜明けのメトロ地下鉄通り"
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        session.engine.learn(song(0, Phase.DONE, title=title, clips=0, lyrics=Lyrics(title)))
        await until(pilot, lambda: screen_text(app).count(title) >= 2, "the toast")


@pytest.mark.parametrize(
    ("notify", "sends"),
    [("off", b""), ("bell", BELL), ("desktop", BELL + NOTIFICATION)],
)
async def test_the_user_decides_whether_it_rings(
    make_session: MakeSession, make_app: MakeApp, notify: str, sends: bytes
) -> None:
    session = make_session(song(0, Phase.RUNNING), notify=notify)
    app, sent = make_app(session, environment={"TERM": "foot"}), []
    async with app.run_test(size=SIZE) as pilot:
        app.send_to_terminal = sent.append  # type: ignore[method-assign]
        session.engine.learn(song(0, Phase.FAILED))
        await pilot.pause()
    assert b"".join(sent) == sends


async def test_a_notice_of_the_monitor_is_shown_as_text(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        session.engine.publish(notice="watchlist.toml, line 3: [/broken]")
        await pilot.pause()
        assert said(app) == "watchlist.toml, line 3: [/broken]"


async def test_a_monitor_that_fails_leaves_the_screen_and_says_why(session: HandSession, make_app: MakeApp) -> None:
    session.engine.failure = ValueError("a bug")
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "ValueError('a bug')" in status(app), "the reason")
        assert len(app.main.task_list.shown) == 3


async def test_news_reach_the_screen_behind_a_dialog(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        session.engine.learn(song(0, Phase.DONE))
        await pilot.pause()
        assert "✓ 3" in status(app)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_signals_leave_cleanly(app: MonitorApp, session: HandSession, number: signal.Signals) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, session.engine.running.is_set, "the monitor")
        os.kill(os.getpid(), number)
        await until(pilot, lambda: not app.is_running or app._exit, "the end")
    assert app.return_value == 0
    assert session.engine.stopped


async def test_a_long_list_is_read_in_slices(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_list, "FIRST_ROWS", 20)
    monkeypatch.setattr(task_list, "SLICE_ROWS", 15)
    session = make_session(*(song(number) for number in range(100)))
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app.main.task_list.shown) == 100, "all tasks")
        assert app.main.task_list.shown[0] == "task-0"
        assert app.main.table.cursor_id == "task-0"
