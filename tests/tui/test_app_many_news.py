"""Very many ids that come at once: the screen goes on, and the cursor stays on its task."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, song, until
from support.turns import Turns

from ecovai_tui.tui.task_list import SLICE_ROWS, TaskList

NEW = [f"new-{number}" for number in range(5 * SLICE_ROWS + 3)]
TEN = [f"task-{number}" for number in range(10)]


async def test_many_new_ids_come_in_slices_and_the_cursor_stays(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(*(song(number) for number in range(10)))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, session.engine.running.is_set, "the monitor")
        session.engine.publish()
        app.main.table.move_to("task-3")
        turns = Turns(monkeypatch)
        turns.count(TaskList, "put", lambda tasks: len(list(tasks)))
        session.watch_list.add(NEW, now=session.clock.now())
        session.engine.mirror()
        assert len(app.main.task_list) < len(NEW)
        await pilot.press("j")
        assert app.main.table.cursor_id == "task-4"
        await until(pilot, lambda: app.main.table.next_id(lambda task: task.id == NEW[0]) is not None, "the last")
        assert app.main.task_list.shown == [*reversed(NEW), *TEN]
        assert list(app.main.table.ids) == app.main.task_list.shown
        assert app.main.table.cursor_id == "task-4"
    assert 0 < turns.most <= SLICE_ROWS
