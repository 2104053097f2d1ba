"""What is done to many marked tasks is done at once: one change of the watch list, one question, one undo."""

from __future__ import annotations

import pytest
from app_harness import NOON, HandSession, MakeSession, song, until

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.dialogs.fields import LabelScreen

MANY = 1_000
SIZE = (120, 40)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*(song(number, clips=1) for number in range(MANY)))


@pytest.fixture
def edits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the transactions on the watch list."""
    done: list[str] = []
    edit = WatchListFile.edit

    def counted(self: WatchListFile, *arguments: object) -> object:
        done.append("edit")
        return edit(self, *arguments)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(WatchListFile, "edit", counted)
    return done


def mark_all(app: MonitorApp) -> None:
    for id_ in app.main.task_list.shown:
        app.main.table.move_to(id_)
        app.main.table.toggle_mark()
    assert len(app.main.table.marked) == MANY


async def all_there(app: MonitorApp, pilot: object) -> None:
    table, shown = app.main.table, app.main.task_list
    await until(pilot, lambda: len(shown.shown) == len(table.ids) == MANY, "all tasks")  # type: ignore[arg-type]  # any pilot


async def test_a_thousand_marked_tasks_are_labelled_in_one_change(
    app: MonitorApp, session: HandSession, edits: list[str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await all_there(app, pilot)
        mark_all(app)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, LabelScreen), "the dialog")
        await pilot.press("e", "d", "m", "enter")
        await until(pilot, lambda: len(session.watch_list.read().labels) == MANY, "the labels")
    assert set(session.watch_list.read().labels.values()) == {"edm"}
    assert edits == ["edit"]


async def test_a_thousand_marked_tasks_are_removed_and_brought_back_at_once(
    app: MonitorApp, session: HandSession, edits: list[str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await all_there(app, pilot)
        before = session.watch_list.read().ids
        mark_all(app)
        await pilot.press("x")
        await until(pilot, lambda: not app.main.task_list.shown, "the empty list")
        assert session.watch_list.read().ids == ()
        assert app.main.table.marked == ()
        await pilot.press("u")
        await all_there(app, pilot)
    assert set(session.watch_list.read().ids) == set(before)
    assert edits == ["edit", "edit"]


async def test_a_thousand_marked_tasks_are_asked_for_at_once(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await all_there(app, pilot)
        mark_all(app)
        await pilot.press("r")
        await until(pilot, lambda: bool(session.engine.refreshed), "the question")
    [ids] = session.engine.refreshed
    assert set(ids) == set(session.watch_list.read().ids)


def test_an_id_that_is_gone_is_named_and_nothing_is_labelled(session: HandSession) -> None:
    with pytest.raises(StoreError, match="gone is no longer"):
        session.watch_list.set_labels(["task-0", "gone"], "edm", now=NOON)
    assert session.watch_list.read().labels == {}
