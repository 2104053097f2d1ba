"""A long list is filtered and sorted in slices, and no more of it is looked at than a wish needs."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from app_harness import NOON, MakeApp, MakeSession, song, until
from support.turns import Turns

from ecovai_tui.tasks import selection
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import FAILED_PHASES, Order, SortKey, select
from ecovai_tui.tui.board import Board

SLICE = 10
MANY = 5 * SLICE + 3


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Count how many tasks a filter looks at, with slices that are short."""
    monkeypatch.setattr(selection, "SLICE", SLICE)
    monkeypatch.setattr(selection, "SHORT", SLICE)
    turns = Turns(monkeypatch)
    turns.count(selection, "_passes", lambda *_: 1)  # type: ignore[arg-type]  # a module is as good as a class
    return turns


def watched(number: int, phase: Phase = Phase.DONE) -> WatchedTask:
    title = ("rain", "Midnight Rain", "", "sun")[number % 4]
    return WatchedTask(TaskSummary(f"task-{number:03}", phase=phase, title=title, submitted_at=NOON - number))


def long_board(looks: Turns) -> Board:
    board = Board()
    board.put(map(watched, range(MANY)))
    board.arrange()
    looks.work.clear()
    return board


def shown_at_once(board: Board, tasks: dict[str, WatchedTask]) -> list[str]:
    return select(tasks.values(), board.filter, board.order)


def test_growing_words_look_only_at_what_is_shown(looks: Turns) -> None:
    board = long_board(looks)
    for text, looked_at in (("r", MANY), ("ra", 27), ("rain", 27), ("rain m", 27), ("rain mi", 13), ("x mi rain", 13)):
        board.find_words(text)
        board.arrange()
        assert looks.work.total() == looked_at
        looks.work.clear()
    assert board.shown == []


def test_turning_the_order_round_and_taking_the_filter_away_look_at_nothing(looks: Turns) -> None:
    board = long_board(looks)
    board.find_words("rain")
    board.arrange()
    looks.work.clear()
    board.show_all()
    board.arrange()
    board.sort(board.order.reversed())
    board.arrange()
    assert looks.work.total() == 0
    assert board.shown == [f"task-{number:03}" for number in reversed(range(MANY))]


@pytest.mark.parametrize("key", [SortKey.TITLE, SortKey.PHASE, SortKey.ID])
def test_a_slice_holds_no_more_than_it_may(looks: Turns, key: SortKey, monkeypatch: pytest.MonkeyPatch) -> None:
    board, valued = long_board(looks), list[str]()
    values = {**selection._SORT_VALUES, key: lambda task: (valued.append(task.id) or task.summary.title,)}
    monkeypatch.setattr(selection, "_SORT_VALUES", values)
    board.sort(Order(key))
    board.find_words("task")
    before, most = 0, 0
    for _ in board.arranging():
        done = looks.work.total() + len(valued)
        most, before = max(most, done - before), done
    assert looks.work.total() == len(valued) == MANY
    assert most <= 2 * SLICE


def test_what_changes_while_a_long_list_is_arranged_stands_where_it_belongs(looks: Turns) -> None:
    board = long_board(looks)
    board.find_words("rain")
    slices = board.arranging()
    before = list(board.shown)
    next(slices)
    board.put([watched(2)._replace(label="rain"), watched(MANY + 1)])
    board.drop(["task-000", "task-052"])
    board.rearrange()
    assert board.shown == before
    for _ in slices:
        pass
    expected = [number for number in range(1, MANY + 2) if number % 4 < 2 and number not in {MANY, 52}]
    assert board.shown == [f"task-{number:03}" for number in sorted({*expected, 2})]


@pytest.mark.parametrize("seed", range(20))
def test_every_way_leads_to_what_a_plain_selection_shows(looks: Turns, seed: int) -> None:
    chance, board, tasks = Random(seed), long_board(looks), {task.id: task for task in map(watched, range(MANY))}
    for _ in range(60):
        wish(board, chance)
        list(islice(board.arranging(), chance.randrange(12)))
        phase = chance.choice(list(Phase))
        news = [watched(chance.randrange(2 * MANY), phase) for _ in range(chance.randrange(3))]
        gone = [f"task-{chance.randrange(MANY):03}"]
        board.put(news)
        board.drop(gone)
        board.rearrange()
        tasks = {name: task for name, task in (tasks | {task.id: task for task in news}).items() if name not in gone}
        if chance.random() < 0.5:
            board.arrange()
        if board.arranged:
            assert board.shown == shown_at_once(board, tasks)
    board.arrange()
    assert board.shown == shown_at_once(board, tasks)


def wish(board: Board, chance: Random) -> None:
    """Want something else of a board, by chance."""
    chance.choice(
        (
            lambda: board.find_words(chance.choice(("", "r", "ra", "rain", "rain mid", "mid", "sun", "zzz"))),
            lambda: board.sort(Order(chance.choice(list(SortKey)), chance.random() < 0.5)),
            lambda: board.sort(board.order.reversed()),
            lambda: board.toggle_phases(FAILED_PHASES),
            board.show_all,
        )
    )()


async def test_a_long_list_is_filtered_in_slices_and_the_newest_words_win(
    make_session: MakeSession, make_app: MakeApp, looks: Turns
) -> None:
    app = make_app(make_session(*(song(number) for number in range(MANY))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(app.main.table._listing) == MANY and not app.main._feed.behind, "all tasks")
        looks.work.clear()
        app.main.find("song 1")
        app.main.find("song 2")
        assert app.main.board.filter_in_words == '"song 2" ...'
        app.main.table.move(1)
        assert app.main.table.cursor_id == "task-1"
        app.main.find("song 33")
        await until(pilot, lambda: app.main.table.cursor_id == "task-33", "the newest words")
        assert app.main.table._listing.ids == ["task-33"]
        assert app.main.board.filter_in_words == '"song 33"'
    first_slices_of_older_words = 2 * SLICE
    assert looks.work.total() == first_slices_of_older_words + MANY
    assert looks.most <= first_slices_of_older_words + SLICE


async def test_the_header_tells_at_once_by_what_a_long_list_is_being_sorted(
    make_session: MakeSession, make_app: MakeApp, looks: Turns
) -> None:
    app = make_app(make_session(*(song(number) for number in range(MANY))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(app.main.table._listing) == MANY and not app.main._feed.behind, "all tasks")
        app.main.sort(Order(SortKey.ID))
        assert app.main.table._order == Order(SortKey.ID)
        assert app.main.table._listing.ids == [f"task-{number}" for number in range(MANY)]
        await until(pilot, lambda: app.main.board.arranged, "the order")
        assert app.main.table._listing.ids == sorted(f"task-{number}" for number in range(MANY))


def test_an_empty_list_does_not_say_that_nothing_matches_before_all_is_looked_at(looks: Turns) -> None:
    board = long_board(looks)
    board.find_words("zzz")
    board.arrange()
    board.find_words("rain")
    next(board.arranging())
    assert board.emptiness("a", "esc") == "..."
