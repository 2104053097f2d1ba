"""The first screen and the mirror of the watch list behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.store.replica import Mirrored, Replica
from ecovai_tui.store.task_rows import FIRST_SCREEN, NEXT_SCREEN
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary
from ecovai_tui.tasks.selection import Filter, Order, select

ORIGIN = "https://gateway.example"
NOW = 1_790_000_000.0


@pytest.fixture
def replica(tmp_path: Path, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(tmp_path / "replica.sqlite3")


def listed(*ids: str, **labels: str) -> WatchList:
    return WatchList(ids=ids, labels=labels)


def told(name: str, submitted_at: float | None) -> Task:
    return Task(name, Kind.MUSIC, Phase.RUNNING, submitted_at=submitted_at)


def test_the_first_screen_is_one_query_answered_by_an_index_alone(replica: Replica) -> None:
    plan = replica._database.run(
        lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {FIRST_SCREEN}", (ORIGIN, 50, 0)).fetchall()
    )
    steps = [detail for *_, detail in plan]
    assert len(steps) == 1
    assert "USING INDEX task_on_screen" in steps[0]
    assert "TEMP B-TREE" not in steps[0]


def test_what_was_told_of_lately_is_found_without_the_settled_and_the_unwatched(replica: Replica) -> None:
    replica.mirror(listed("early", "late", "settled"), NOW)
    replica.record([told("early", NOW)], NOW, soon)
    replica.record([told("late", NOW), told("not watched", NOW)], NOW + 5, soon)
    replica.record([Task("settled", Kind.MUSIC, Phase.FAILED)], NOW + 5)
    assert replica.seen_since(NOW + 1) == {"late": NOW + 5}
    assert replica.seen_since(NOW) == {"early": NOW, "late": NOW + 5}


def soon(_summary: TaskSummary, now: float, _restarted_at: float | None) -> float:
    return now + 5


def test_only_watched_tasks_are_found_where_only_they_are_asked_for(replica: Replica) -> None:
    replica.mirror(listed("a", "b"), NOW)
    replica.mirror(listed("b"), NOW)
    assert [task.id for task in replica.watched_of(["a", "b", "unheard of"])] == ["b"]


def test_tasks_without_data_are_on_top_and_the_newest_come_first(replica: Replica) -> None:
    replica.mirror(listed("old", "new", "bare", "barer"), NOW)
    replica.record([told("old", NOW - 500), told("new", NOW - 100)], NOW)
    assert [task.id for task in replica.watched()] == ["barer", "bare", "new", "old"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.none() | st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_the_first_screen_is_in_the_order_of_the_table(submitted: list[int | None], added: list[int]) -> None:
    with closing(Replica(None, ORIGIN)) as replica:
        names = [f"t{number}" for number in range(len(submitted))]
        for number in range(len(names)):
            replica.mirror(listed(*names[: number + 1]), NOW + added[number])
        replica.record(
            [told(name, at and NOW + at) for name, at in zip(names, submitted, strict=True) if at != 0], NOW + 9
        )
        shown = [task.id for task in replica.watched()]
        assert shown == select(replica.watched(), Filter(), Order())


def test_a_screen_can_be_read_in_pieces(replica: Replica) -> None:
    replica.mirror(listed(*(f"t{number}" for number in range(10))), NOW)
    whole = replica.watched()
    assert [*replica.watched(4), *replica.watched(4, 4), *replica.watched(4, 8)] == whole


def test_the_mirror_holds_label_place_and_the_moment_of_adding(replica: Replica) -> None:
    replica.mirror(listed("a", "b", b="edm"), NOW)
    replica.mirror(listed("a", "b", "c", b="edm"), NOW + 60)
    found = replica.watched_tasks(["a", "b", "c", "unheard of"])
    assert {name: (task.label, task.added_at, task.position) for name, task in found.items()} == {
        "a": ("", NOW, 0),
        "b": ("edm", NOW, 1),
        "c": ("", NOW + 60, 2),
    }


def test_the_mirror_tells_how_the_list_differed(replica: Replica) -> None:
    assert replica.mirror(listed("a", "b", "c"), NOW) == Mirrored(added=frozenset("abc"))
    assert replica.mirror(listed("b", "c", "d", c="edm"), NOW) == Mirrored(
        added=frozenset("d"), removed=frozenset("a"), changed=frozenset("c")
    )
    assert replica.mirror(listed("b", "c", "d", c="edm"), NOW) == Mirrored()


def test_the_ids_come_in_the_order_of_the_list_however_it_was_edited(replica: Replica) -> None:
    for ids in ("abcde", "bde", "xbyde", "edyxb", ""):
        replica.mirror(listed(*ids), NOW)
        assert replica.watched_ids() == list(ids)


def test_an_id_taken_out_does_not_move_all_that_follow(replica: Replica) -> None:
    ids = [f"t{number:04}" for number in range(1500)]
    replica.mirror(listed(*ids), NOW)
    before = written_rows(replica)
    replica.mirror(listed(*ids[1:], "new"), NOW)
    assert written_rows(replica) - before == 2
    assert replica.watched_ids() == [*ids[1:], "new"]


def written_rows(replica: Replica) -> int:
    return replica._database.run(lambda connection: connection.total_changes)


def test_a_list_that_did_not_change_writes_nothing(
    replica: Replica, tmp_path: Path, open_replica: Callable[..., Replica]
) -> None:
    other = open_replica(tmp_path / "replica.sqlite3", ORIGIN)
    replica.mirror(listed("a", "b"), NOW)
    version = other.data_version()
    replica.mirror(listed("a", "b"), NOW + 60)
    assert other.data_version() == version


def test_an_id_that_comes_back_keeps_the_moment_of_adding_and_what_is_known(replica: Replica) -> None:
    replica.mirror(listed("a"), NOW)
    replica.record([told("a", NOW)], NOW)
    replica.mirror(listed(), NOW + 10)
    assert replica.watched() == []
    assert replica.summaries(["a"])["a"].phase is Phase.RUNNING
    assert replica.mirror(listed("a"), NOW + 20).added == {"a"}
    (back,) = replica.watched()
    assert (back.added_at, back.summary.phase) == (NOW, Phase.RUNNING)


def test_recording_leaves_alone_what_the_watch_list_says(replica: Replica) -> None:
    replica.mirror(listed("a", a="edm"), NOW)
    (before,) = replica.watched()
    replica.record([told("a", NOW), told("not watched", NOW)], NOW + 5)
    (after,) = replica.watched()
    assert after._replace(summary=before.summary) == before


@pytest.mark.parametrize("read", [Replica.watched_tasks, Replica.summaries])
def test_any_number_of_ids_can_be_asked_for(
    replica: Replica, read: Callable[[Replica, list[str]], dict[str, object]]
) -> None:
    ids = [f"t{number}" for number in range(2500)]
    replica.mirror(listed(*ids), NOW)
    assert set(read(replica, ids)) == set(ids)
    assert read(replica, []) == {}


@given(st.lists(st.none() | st.integers(0, 5), max_size=30), st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_parts_behind_each_other_are_the_whole_list(submitted: list[int | None], limit: int) -> None:
    with closing(Replica(None, ORIGIN)) as replica:
        names = [f"t{number}" for number in range(len(submitted))]
        replica.mirror(listed(*names), NOW)
        times = zip(names, submitted, strict=True)
        replica.record([told(name, NOW + time) for name, time in times if time is not None], NOW)
        read = replica.watched(limit)
        while read and (part := replica.watched_behind(read[-1], limit)):
            read += part
        assert read == replica.watched()


def test_a_part_is_found_by_the_index_alone_however_far_down(replica: Replica) -> None:
    place = {"origin": ORIGIN, "unsubmitted": 0, "moment": NOW, "position": 7, "limit": 50}
    (step,) = replica._database.run(
        lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {NEXT_SCREEN}", place).fetchall()
    )
    assert "USING INDEX task_on_screen (origin=? AND <expr>=? AND <expr><?)" in step[-1]
