"""What is typed behind an action that takes its time waits for what the action changes."""

from __future__ import annotations

import pytest
from app_harness import HandSession, MakeSession, song, until
from textual import events
from textual.geometry import Offset

from ecovai_tui.tui.app import MonitorApp

SIZE = (120, 40)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*(song(number) for number in range(5)))


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ("x x", ["task-2", "task-3", "task-4"]),
        ("x j x", ["task-1", "task-3", "task-4"]),
        ("x x u", ["task-1", "task-2", "task-3", "task-4"]),
        ("x ! x", ["task-1", "task-2", "task-3", "task-4"]),
        ("e l a b enter x", ["task-1", "task-2", "task-3", "task-4"]),
        ("e escape x", ["task-1", "task-2", "task-3", "task-4"]),
        ("? escape x x", ["task-2", "task-3", "task-4"]),
    ],
)
async def test_keys_behind_a_change_of_the_watch_list_wait_for_it(
    session: HandSession, app: MonitorApp, keys: str, left: list[str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        session.engine.disk_answers.clear()
        await pilot.press(*keys.split(), "d")
        assert len(app.main.task_list) == 5
        assert app.main.panes.shown
        session.engine.disk_answers.set()
        await until(pilot, lambda: not app.main.panes.shown, "the last key")
        assert sorted(session.watch_list.read().ids) == left


async def test_a_click_behind_keys_that_wait_does_not_change_what_they_are_about(
    session: HandSession, app: MonitorApp
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        session.engine.disk_answers.clear()
        await pilot.press("x", "x")
        for kind in (events.MouseDown, events.MouseUp):
            x, y = app.main.table.region.offset + Offset(20, 3)
            app.post_message(kind(None, x, y, 0, 0, button=1, shift=False, meta=False, ctrl=False))
        await pilot.press("d")
        assert app.main.table.cursor_id == "task-0"
        session.engine.disk_answers.set()
        await until(pilot, lambda: not app.main.panes.shown, "the last key")
        assert sorted(session.watch_list.read().ids) == ["task-2", "task-3", "task-4"]
        assert app.main.table.cursor_id == "task-4"


async def test_leaving_from_anywhere_waits_for_nothing(session: HandSession, app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        session.engine.disk_answers.clear()
        await pilot.press("x", "ctrl+c")
        await until(pilot, lambda: not app.is_running, "the end")
