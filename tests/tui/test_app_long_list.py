"""A long list is filtered and sorted, and words that grow look only at what is shown."""

from __future__ import annotations

from random import Random

import pytest
from app_harness import NOON, MakeApp, MakeSession, song, until
from support.turns import Turns

from ecovai_tui.tasks import terms
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import FAILED_PHASES, Order, SortKey, query_of, select
from ecovai_tui.tui.task_list import TaskList

MANY = 53


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Count how many tasks a filter looks at."""
    turns = Turns(monkeypatch)
    turns.count(terms, "line_of", lambda *_: 1)  # type: ignore[arg-type]  # a module is as good as a class
    return turns


def watched(number: int, phase: Phase = Phase.DONE) -> WatchedTask:
    title = ("rain", "Midnight Rain", "", "sun")[number % 4]
    return WatchedTask(TaskSummary(f"task-{number:03}", phase=phase, title=title, submitted_at=NOON - number))


def long_task_list(looks: Turns) -> TaskList:
    task_list = TaskList()
    task_list.put(map(watched, range(MANY)))
    task_list.arrange()
    looks.work.clear()
    return task_list


def shown_at_once(task_list: TaskList, tasks: dict[str, WatchedTask]) -> list[str]:
    return select(tasks.values(), task_list.filter, task_list.order)


def test_growing_words_look_only_at_what_is_shown(looks: Turns) -> None:
    task_list = long_task_list(looks)
    for text, looked_at in (("r", MANY), ("ra", 27), ("rain", 27), ("rain m", 27), ("rain mi", 13), ("x mi rain", 13)):
        task_list.want(query_of(text))
        assert looks.work.total() == looked_at
        looks.work.clear()
    assert task_list.shown == []


@pytest.mark.parametrize("seed", range(20))
def test_every_way_leads_to_what_a_plain_selection_shows(looks: Turns, seed: int) -> None:
    chance, task_list, tasks = (
        Random(seed),
        long_task_list(looks),
        {task.id: task for task in map(watched, range(MANY))},
    )
    for _ in range(60):
        wish(task_list, chance)
        phase = chance.choice(list(Phase))
        news = [watched(chance.randrange(2 * MANY), phase) for _ in range(chance.randrange(3))]
        gone = [f"task-{chance.randrange(MANY):03}"]
        task_list.put(news)
        task_list.drop(gone)
        task_list.rearrange()
        tasks = {name: task for name, task in (tasks | {task.id: task for task in news}).items() if name not in gone}
        assert task_list.shown == shown_at_once(task_list, tasks)


def wish(task_list: TaskList, chance: Random) -> None:
    """Want something else of a board, by chance."""
    chance.choice(
        (
            lambda: task_list.want(query_of(chance.choice(("", "r", "ra", "rain", "rain mid", "mid", "sun", "zzz")))),
            lambda: task_list.sort(Order(chance.choice(list(SortKey)), chance.random() < 0.5)),
            lambda: task_list.sort(task_list.order.reversed()),
            lambda: task_list.toggle_phases(FAILED_PHASES),
            task_list.show_all,
        )
    )()


async def test_the_cursor_and_the_header_follow_at_once(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(*(song(number) for number in range(MANY))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(app.main.table.ids) == MANY and not app.main.behind, "all tasks")
        await pilot.press("slash", *"song 33")
        assert app.main.table.ids == ["task-33"]
        assert app.main.table.cursor_id == "task-33"
        await pilot.press("escape")
        app.main.listing.sort(Order(SortKey.TITLE))
        assert "Title ▾" in app.main.table.line_at(0).text
        assert app.main.table.ids == sorted(f"task-{number}" for number in range(MANY))
