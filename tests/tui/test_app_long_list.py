"""A long list is filtered and sorted in slices, and no more of it is looked at than a wish needs."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from app_harness import NOON, MakeApp, MakeSession, song, until
from support.turns import Turns

from ecovai_tui.tasks import selection, terms
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import FAILED_PHASES, Order, SortKey, query_of, select
from ecovai_tui.tui.task_list import TaskList

SLICE = 10
MANY = 5 * SLICE + 3


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Count how many tasks a filter looks at, with slices that are short."""
    monkeypatch.setattr(selection, "SLICE", SLICE)
    monkeypatch.setattr(selection, "SHORT", SLICE)
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
        task_list.arrange()
        assert looks.work.total() == looked_at
        looks.work.clear()
    assert task_list.shown == []


def test_turning_the_order_round_and_taking_the_filter_away_look_at_nothing(looks: Turns) -> None:
    task_list = long_task_list(looks)
    task_list.want(query_of("rain"))
    task_list.arrange()
    looks.work.clear()
    task_list.show_all()
    task_list.arrange()
    task_list.sort(task_list.order.reversed())
    task_list.arrange()
    assert looks.work.total() == 0
    assert task_list.shown == [f"task-{number:03}" for number in reversed(range(MANY))]


@pytest.mark.parametrize("key", [SortKey.TITLE, SortKey.PHASE, SortKey.ID])
def test_a_slice_holds_no_more_than_it_may(looks: Turns, key: SortKey, monkeypatch: pytest.MonkeyPatch) -> None:
    task_list, valued = long_task_list(looks), list[str]()
    values = {**selection._SORT_VALUES, key: lambda task: (valued.append(task.id) or task.summary.title,)}
    monkeypatch.setattr(selection, "_SORT_VALUES", values)
    task_list.sort(Order(key))
    task_list.want(query_of("task"))
    before, most = 0, 0
    for _ in task_list.arranging():
        done = looks.work.total() + len(valued)
        most, before = max(most, done - before), done
    assert looks.work.total() == len(valued) == MANY
    assert most <= 2 * SLICE


def test_what_changes_while_a_long_list_is_arranged_stands_where_it_belongs(looks: Turns) -> None:
    task_list = long_task_list(looks)
    task_list.want(query_of("rain"))
    slices = task_list.arranging()
    before = list(task_list.shown)
    next(slices)
    task_list.put([watched(2)._replace(label="rain"), watched(MANY + 1)])
    task_list.drop(["task-000", "task-052"])
    task_list.rearrange()
    assert task_list.shown == before
    for _ in slices:
        pass
    expected = [number for number in range(1, MANY + 2) if number % 4 < 2 and number not in {MANY, 52}]
    assert task_list.shown == [f"task-{number:03}" for number in sorted({*expected, 2})]


@pytest.mark.parametrize("seed", range(20))
def test_every_way_leads_to_what_a_plain_selection_shows(looks: Turns, seed: int) -> None:
    chance, task_list, tasks = (
        Random(seed),
        long_task_list(looks),
        {task.id: task for task in map(watched, range(MANY))},
    )
    for _ in range(60):
        wish(task_list, chance)
        list(islice(task_list.arranging(), chance.randrange(12)))
        phase = chance.choice(list(Phase))
        news = [watched(chance.randrange(2 * MANY), phase) for _ in range(chance.randrange(3))]
        gone = [f"task-{chance.randrange(MANY):03}"]
        task_list.put(news)
        task_list.drop(gone)
        task_list.rearrange()
        tasks = {name: task for name, task in (tasks | {task.id: task for task in news}).items() if name not in gone}
        if chance.random() < 0.5:
            task_list.arrange()
        if task_list.arranged:
            assert task_list.shown == shown_at_once(task_list, tasks)
    task_list.arrange()
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


async def test_a_long_list_is_filtered_in_slices_and_the_newest_words_win(
    make_session: MakeSession, make_app: MakeApp, looks: Turns
) -> None:
    app = make_app(make_session(*(song(number) for number in range(MANY))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(app.main.table.ids) == MANY and not app.main.behind, "all tasks")
        looks.work.clear()
        app.main.listing.find("song 1")
        app.main.listing.find("song 2")
        assert app.main.task_list.filter_in_words == '"song 2" ...'
        app.main.table.move(1)
        assert app.main.table.cursor_id == "task-1"
        app.main.listing.find("song 33")
        await until(pilot, lambda: app.main.table.cursor_id == "task-33", "the newest words")
        assert app.main.table.ids == ["task-33"]
        assert app.main.task_list.filter_in_words == '"song 33"'
    first_slices_of_older_words = 2 * SLICE
    assert looks.work.total() == first_slices_of_older_words + MANY
    assert looks.most <= first_slices_of_older_words + SLICE


async def test_the_header_tells_at_once_by_what_a_long_list_is_being_sorted(
    make_session: MakeSession, make_app: MakeApp, looks: Turns
) -> None:
    app = make_app(make_session(*(song(number) for number in range(MANY))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(app.main.table.ids) == MANY and not app.main.behind, "all tasks")
        app.main.listing.sort(Order(SortKey.ID))
        assert app.main.table._order == Order(SortKey.ID)
        assert app.main.table.ids == [f"task-{number}" for number in range(MANY)]
        await until(pilot, lambda: app.main.task_list.arranged, "the order")
        assert app.main.table.ids == sorted(f"task-{number}" for number in range(MANY))


def test_an_empty_list_does_not_say_that_nothing_matches_before_all_is_looked_at(looks: Turns) -> None:
    task_list = long_task_list(looks)
    task_list.want(query_of("zzz"))
    task_list.arrange()
    task_list.want(query_of("rain"))
    next(task_list.arranging())
    assert task_list.emptiness("a", "esc") == "..."
