"""However few tasks the words of a filter leave, the cursor finds back to the task from which it set out."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, song

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.app import MonitorApp

SIZE = (80, 24)
ROW = 10
BACKSPACES = ["backspace"] * 3


@pytest.fixture
def app(make_session: MakeSession, make_app: MakeApp) -> MonitorApp:
    names = ["puzzle" if number % 7 == 0 else f"Song {number}" for number in range(60)]
    return make_app(make_session(*(song(number, title=name) for number, name in enumerate(names))))


def cursor(app: MonitorApp) -> str | None:
    return app.main.table.cursor_id


@pytest.mark.parametrize("away", [["escape"], [*BACKSPACES, "escape"], [*BACKSPACES, "enter"]])
@pytest.mark.parametrize("words", ["zzz", "zzl"])
async def test_when_the_words_are_taken_away_the_cursor_is_where_it_was(
    app: MonitorApp, words: str, away: list[str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.main.table.move(ROW)
        await pilot.press("slash", *words)
        assert cursor(app) != f"task-{ROW}"
        await pilot.press(*away)
        assert cursor(app) == f"task-{ROW}"
        assert f"task-{ROW}" in app.main.table.ids_in_view


async def test_a_cursor_that_is_moved_among_the_matches_stays_there(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.main.table.move(ROW)
        await pilot.press("slash", *"zz", "down", "escape")
        assert cursor(app) == "task-21"


async def test_a_filter_that_is_kept_keeps_the_cursor(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.main.table.move(ROW)
        await pilot.press("slash", *"zz", "enter", "escape")
        assert cursor(app) == "task-14"


async def test_nothing_that_comes_later_draws_the_cursor_away(make_session: MakeSession, make_app: MakeApp) -> None:
    session = make_session(song(0), *(song(number, Phase.FAILED) for number in range(1, 9)))
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"zz", "escape", "exclamation_mark")
        assert cursor(app) == "task-1"
        session.engine.learn(song(0, Phase.FAILED))
        assert "task-0" in app.main.task_list.shown
        assert cursor(app) == "task-1"


async def test_a_list_of_failures_that_is_empty_loses_no_place(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(*map(song, range(60))))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G", *"k" * 5)
        there = list(app.main.table.ids_in_view)
        await pilot.press("exclamation_mark")
        assert cursor(app) is None
        await pilot.press("exclamation_mark")
        assert cursor(app) == "task-54"
        assert list(app.main.table.ids_in_view) == there
