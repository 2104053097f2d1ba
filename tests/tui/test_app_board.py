"""Which tasks stand on the screen, in which order."""

from __future__ import annotations

from app_harness import NOON, MakeApp, MakeSession, song, until

from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import FAILED_PHASES, Order, SortKey, query_of
from ecovai_tui.tui.task_list import TaskList


def watched(number: int, phase: Phase = Phase.DONE, **fields: object) -> WatchedTask:
    known = {"id": f"task-{number}", "phase": phase, "title": f"Song {number}", "submitted_at": NOON - number}
    return WatchedTask(TaskSummary(**{**known, **fields}), added_at=NOON, position=number)  # type: ignore[arg-type]


def task_list_of(*tasks: WatchedTask) -> TaskList:
    task_list = TaskList()
    task_list.put(tasks)
    task_list.arrange()
    return task_list


def test_the_newest_is_on_top() -> None:
    assert task_list_of(watched(2), watched(0), watched(1)).shown == ["task-0", "task-1", "task-2"]


def test_counts_follow_every_change_and_removal() -> None:
    task_list = task_list_of(watched(0, Phase.RUNNING), watched(1), watched(2))
    assert task_list.counts == {Phase.RUNNING: 1, Phase.DONE: 2}
    task_list.put([watched(0, Phase.FAILED)])
    assert task_list.counts == {Phase.DONE: 2, Phase.FAILED: 1}
    task_list.drop(["task-1", "task-9"])
    assert task_list.counts == {Phase.DONE: 1, Phase.FAILED: 1}


def test_it_is_known_whether_any_task_has_a_label() -> None:
    task_list = task_list_of(watched(0), watched(1)._replace(label="mine"), watched(2)._replace(label="mine"))
    assert task_list.labelled
    task_list.put([watched(1)])
    assert task_list.labelled
    task_list.drop(["task-2", "task-0"])
    assert not task_list.labelled
    task_list.put([watched(1)._replace(label="yours")])
    assert task_list.labelled


def test_another_look_at_an_unchanged_task_needs_no_new_selection() -> None:
    task_list = task_list_of(watched(0))
    assert not task_list.put([watched(0, seen_at=NOON, quiet_since=NOON)])
    assert task_list.put([watched(0, Phase.FAILED)])


def test_a_new_label_needs_a_new_selection() -> None:
    task_list = task_list_of(watched(0))
    assert task_list.put([watched(0)._replace(label="mine")])


def test_removing_what_is_not_there_changes_nothing() -> None:
    assert not task_list_of(watched(0)).drop(["task-7"])


def test_words_and_phases_filter_together() -> None:
    task_list = task_list_of(watched(0, Phase.FAILED), watched(1, Phase.FAILED), watched(10))
    task_list.want(query_of("song 1"))
    task_list.toggle_phases(FAILED_PHASES)
    task_list.arrange()
    assert task_list.shown == ["task-1"]
    assert task_list.filter_in_words == 'failed, "song 1"'
    task_list.show_all()
    task_list.arrange()
    assert len(task_list.shown) == 3
    assert task_list.filter_in_words == ""


def test_the_same_phases_again_take_the_filter_away() -> None:
    task_list = task_list_of(watched(0))
    task_list.toggle_phases(FAILED_PHASES)
    task_list.arrange()
    assert task_list.shown == []
    task_list.toggle_phases(FAILED_PHASES)
    task_list.arrange()
    assert task_list.shown == ["task-0"]


def test_sorting_keeps_the_filter() -> None:
    task_list = task_list_of(watched(1), watched(0), watched(2, Phase.FAILED))
    task_list.want(query_of("done"))
    task_list.sort(Order(SortKey.TITLE))
    task_list.arrange()
    assert task_list.shown == ["task-0", "task-1"]


def test_a_filter_without_a_match_says_so() -> None:
    task_list = task_list_of(watched(0), watched(1))
    task_list.want(query_of("harbour phase:done"))
    task_list.arrange()
    assert task_list.emptiness("esc") == "Nothing has all of this: harbour phase:done.  esc shows all 2."
    task_list.toggle_phases(FAILED_PHASES)
    assert task_list.emptiness("F9") == "Nothing has all of this: failed harbour phase:done.  F9 shows all 2."


def test_only_tasks_under_way_make_the_board_active() -> None:
    assert task_list_of(watched(0, Phase.STREAMING)).active
    assert not task_list_of(watched(0), watched(1, Phase.MISSING), watched(2, Phase.UNKNOWN)).active


def test_what_comes_later_stands_where_it_belongs_in_every_order() -> None:
    task_list = task_list_of(watched(0), watched(5))
    for order, ids in (
        (Order(), ["task-0", "task-2", "task-5"]),
        (Order(SortKey.TITLE, reverse=True), ["task-5", "task-2", "task-0"]),
    ):
        task_list.sort(order)
        task_list.arrange()
        task_list.put([watched(0), watched(2)])
        task_list.rearrange()
        assert task_list.shown == ids


def test_a_task_that_changes_among_its_equals_keeps_its_place() -> None:
    task_list = task_list_of(*map(watched, range(100)))
    task_list.sort(Order(SortKey.MODEL))
    task_list.arrange()
    task_list.put([watched(50, status="QUEUED"), watched(51, title="Another name")])
    task_list.rearrange()
    assert task_list.shown == [f"task-{number}" for number in range(100)]


def test_two_boards_show_the_same_order_whatever_they_showed_before() -> None:
    one, other = task_list_of(*map(watched, range(9))), task_list_of(*map(watched, reversed(range(9))))
    for order in (Order(SortKey.ID), Order(SortKey.TIME, reverse=True), Order(SortKey.MODEL, reverse=True)):
        one.sort(order)
        one.arrange()
    other.sort(order)
    other.arrange()
    assert one.shown == other.shown == [f"task-{number}" for number in range(9)]


async def test_the_table_has_a_column_for_labels_as_long_as_there_is_any(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    session = make_session(song(0), song(1))
    app = make_app(session)
    async with app.run_test(size=(160, 40)) as pilot:

        def heading() -> str:
            return app.main.table.line_at(0).text

        assert "Label" not in heading()
        await session.engine.set_labels(["task-1"], "mine")
        await until(pilot, lambda: "Label" in heading(), "the column")
        app.main.listing.find("song 0")
        assert "Label" in heading()
        await session.engine.set_labels(["task-1"], "")
        await until(pilot, lambda: "Label" not in heading(), "its end")
