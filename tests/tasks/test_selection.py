"""Filtering, sorting and counting what is watched."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import (
    ACTIVE_PHASES,
    FAILED_PHASES,
    Filter,
    Order,
    Selection,
    SortKey,
    counts,
    query_of,
    refine,
    reselect,
    select,
)


def task(task_id: str, phase: Phase = Phase.DONE, submitted: float | None = 100.0, **more: object) -> WatchedTask:
    label, position = str(more.pop("label", "")), int(str(more.pop("position", 0)))
    summary = TaskSummary(task_id, phase=phase, submitted_at=submitted, **more)  # type: ignore[arg-type]
    return WatchedTask(summary, label, 50.0, position)


OLD = task("old", submitted=100.0, title="Night Drive", finished_at=220.0)
NEW = task("new", Phase.RUNNING, submitted=300.0, title="快乐周末", label="demo")
FRESH = task("fresh", Phase.WAITING, submitted=None, position=7)
BROKEN = task("broken", Phase.FAILED, submitted=200.0, title="apple", finished_at=230.0)
ALL = [OLD, NEW, FRESH, BROKEN]


STATES = st.builds(
    task,
    st.sampled_from([f"t{number}" for number in range(12)]),
    st.sampled_from(Phase),
    st.none() | st.sampled_from([100.0, 200.0, 300.0]),
    title=st.sampled_from(["", "apple", "Pear"]),
    label=st.sampled_from(["", "x"]),
    position=st.integers(0, 3),
    finished_at=st.none() | st.just(400.0),
)
TASK_LISTS = st.lists(STATES, max_size=12, unique_by=lambda watched: watched.id)


def test_newest_first_and_tasks_without_data_on_top() -> None:
    assert select(ALL, Filter(), Order()) == ["fresh", "new", "broken", "old"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("NIGHT", ["old"]),
        ("drive night", ["old"]),
        ("night apple", []),
        ("快乐", ["new"]),
        ("demo", ["new"]),
        ("failed", ["broken"]),
        ("  ", ["fresh", "new", "broken", "old"]),
    ],
)
def test_a_filter_wants_each_of_its_words_somewhere_in_the_line(text: str, ids: list[str]) -> None:
    assert select(ALL, Filter(query_of(text)), Order()) == ids
    assert {watched.id for watched in ALL if Filter(query_of(text)).predicate()(watched)} == set(ids)


def test_filters_by_phase() -> None:
    assert select(ALL, Filter(phases=FAILED_PHASES), Order()) == ["broken"]
    assert select(ALL, Filter(phases=ACTIVE_PHASES), Order()) == ["fresh", "new"]


@pytest.mark.parametrize(
    ("key", "ids"),
    [
        (SortKey.TITLE, ["broken", "old", "new", "fresh"]),
        (SortKey.PHASE, ["fresh", "new", "old", "broken"]),
        (SortKey.LABEL, ["new"]),
        (SortKey.ID, ["broken", "fresh", "new", "old"]),
        (SortKey.TIME, ["old", "broken"]),
    ],
)
def test_each_column_sorts_what_has_it_before_what_has_not(key: SortKey, ids: list[str]) -> None:
    order = select(ALL, Filter(), Order(key))
    assert [task_id for task_id in order if task_id in ids] == ids
    assert len(order) == len(ALL)


def test_reversing_turns_the_order_round() -> None:
    assert select(ALL, Filter(), Order().reversed()) == ["old", "broken", "new", "fresh"]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("key", [SortKey.PHASE, SortKey.TITLE, SortKey.MODEL, SortKey.TIME, SortKey.LABEL])
def test_of_tasks_with_the_same_value_the_newest_comes_first(key: SortKey, reverse: bool) -> None:
    same = [
        task(name, submitted=at, finished_at=at + 9) for name, at in (("b", 2.0), ("a", 1.0), ("d", 4.0), ("c", 3.0))
    ]
    assert select(same, Filter(), Order(key, reverse)) == ["d", "c", "b", "a"]


@given(TASK_LISTS, st.randoms(use_true_random=False), st.sampled_from(SortKey), st.booleans())
def test_whatever_way_tasks_come_their_order_is_the_same(
    task_list: list[WatchedTask], chance: Random, key: SortKey, reverse: bool
) -> None:
    shuffled = chance.sample(task_list, len(task_list))
    assert select(shuffled, Filter(), Order(key, reverse)) == select(task_list, Filter(), Order(key, reverse))


def test_the_next_key_goes_round_all_columns() -> None:
    order = Order()
    for _ in SortKey:
        order = order.next_key()
    assert order == Order()


def test_the_next_key_is_one_of_those_that_may_be_chosen() -> None:
    assert Order().next_key({SortKey.WHEN, SortKey.TITLE}) == Order(SortKey.TITLE)
    assert Order(SortKey.TITLE).next_key({SortKey.WHEN, SortKey.TITLE}) == Order(SortKey.WHEN)
    assert Order(SortKey.MODEL).next_key({SortKey.WHEN, SortKey.TITLE}) == Order(SortKey.WHEN)


def test_where_no_other_key_may_be_chosen_the_same_stays() -> None:
    assert Order(SortKey.PHASE).next_key({SortKey.PHASE}) == Order(SortKey.PHASE)
    assert Order(SortKey.PHASE).next_key(()) == Order(SortKey.PHASE)


def test_counts_are_in_the_order_of_the_phases_and_name_no_empty_one() -> None:
    assert counts(ALL) == {Phase.WAITING: 1, Phase.RUNNING: 1, Phase.DONE: 1, Phase.FAILED: 1}
    assert list(counts(ALL)) == [Phase.WAITING, Phase.RUNNING, Phase.DONE, Phase.FAILED]


def test_an_empty_filter_is_false() -> None:
    assert not Filter(query_of(" "))
    assert Filter(query_of("x"))
    assert Filter(phases=FAILED_PHASES)


@given(TASK_LISTS, TASK_LISTS, st.sampled_from(SortKey), st.booleans(), st.sampled_from(["", "apple", "x"]))
def test_moving_the_changed_tasks_alone_comes_to_the_same_as_ordering_all(
    old: list[WatchedTask], news: list[WatchedTask], key: SortKey, reverse: bool, text: str
) -> None:
    order, chosen = Order(key, reverse), Filter(query_of(text))
    then = {watched.id: watched for watched in old}
    now = then | {watched.id: watched for watched in news}
    for watched in old[:2]:
        now.pop(watched.id, None)
    changed = {
        task_id: task_id in then for task_id in now.keys() | then.keys() if then.get(task_id) != now.get(task_id)
    }
    shown = reselect(select(old, chosen, order), changed, now, chosen, order)
    assert shown == select(now.values(), chosen, order)


FILTERS = st.builds(
    Filter,
    st.lists(st.sampled_from(["ap", "apple", "!ap", "!apple", "x", "e", "done", "title:p", "title:pe"]), max_size=3)
    .map(" ".join)
    .map(query_of),
    st.sampled_from([frozenset[Phase](), FAILED_PHASES, ACTIVE_PHASES, frozenset({Phase.FAILED})]),
)


@given(FILTERS, FILTERS, TASK_LISTS, st.sampled_from(SortKey), st.booleans())
def test_what_a_finer_filter_leaves_is_what_it_selects(
    fine: Filter, coarse: Filter, task_list: list[WatchedTask], key: SortKey, reverse: bool
) -> None:
    tasks, order = {one.id: one for one in task_list}, Order(key, reverse)
    if fine.refines(coarse):
        coarser = Selection(select(tasks.values(), coarse, order), coarse, order)
        assert refine(coarser, tasks, fine) == Selection(select(tasks.values(), fine, order), fine, order)


@given(FILTERS, FILTERS, TASK_LISTS)
def test_a_finer_filter_shows_nothing_that_the_coarser_one_does_not(
    fine: Filter, coarse: Filter, task_list: list[WatchedTask]
) -> None:
    shown = set(select(task_list, fine, Order()))
    assert shown <= set(select(task_list, coarse, Order())) or not fine.refines(coarse)


@pytest.mark.parametrize(
    ("fine", "coarse", "refines"),
    [
        (Filter(query_of("rain")), Filter(query_of("rai")), True),
        (Filter(query_of("midnight rain")), Filter(query_of("rain")), True),
        (Filter(query_of("rai")), Filter(query_of("rain")), False),
        (Filter(query_of("rain")), Filter(query_of("rain midnight")), False),
        (Filter(), Filter(query_of("rain")), False),
        (Filter(query_of("RAIN ")), Filter(query_of("rain")), True),
        (Filter(phases=FAILED_PHASES), Filter(), True),
        (Filter(), Filter(phases=FAILED_PHASES), False),
        (Filter(phases=ACTIVE_PHASES), Filter(phases=FAILED_PHASES), False),
        (Filter(phases=FAILED_PHASES), Filter(phases=frozenset({Phase.FAILED})), False),
        (Filter(phases=frozenset({Phase.FAILED})), Filter(phases=FAILED_PHASES), True),
    ],
)
def test_a_filter_is_finer_while_its_words_grow_and_its_phases_become_fewer(
    fine: Filter, coarse: Filter, refines: bool
) -> None:
    assert fine.refines(coarse) is refines
