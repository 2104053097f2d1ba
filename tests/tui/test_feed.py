"""The board is in step with the replica, whoever is in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from app_harness import HandSession, MakeSession, song
from support.turns import Turns

from ecovai_tui.engine.updates import Link, Update
from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import Order, SortKey, query_of
from ecovai_tui.tui.task_list import FIRST_ROWS, SLICE_ROWS, TaskList, TaskLoader

MANY = FIRST_ROWS + SLICE_ROWS + 7


async def test_a_long_list_comes_in_slices_and_in_order(make_session: MakeSession) -> None:
    session = make_session(*(song(number) for number in range(MANY)))
    task_list = TaskList()
    feed = TaskLoader(session, task_list)
    feed.load_first()
    assert len(task_list.shown) == FIRST_ROWS
    sizes = [len(task_list.shown) async for _ in feed.load_rest()]
    assert sizes == [FIRST_ROWS + SLICE_ROWS, MANY, MANY]
    assert task_list.shown == [f"task-{number}" for number in range(MANY)]


async def test_a_first_screen_that_could_not_be_read_keeps_no_other_from_being_read(make_session: MakeSession) -> None:
    session = make_session(*(song(number) for number in range(MANY)))
    task_list = TaskList()
    feed = TaskLoader(LockedAtFirst(session), task_list)  # type: ignore[arg-type]  # a stand-in
    feed.load_first()
    assert not task_list.shown
    assert feed.behind
    await load_all(feed)
    assert task_list.shown == [f"task-{number}" for number in range(MANY)]


def test_another_look_at_a_task_makes_it_fresh_again(make_session: MakeSession) -> None:
    session = make_session(song(1, Phase.RUNNING))
    task_list, feed, _ = begun(session)
    session.clock.time += 60
    seen = session.replica.record([song(1, Phase.RUNNING)], session.clock.now())
    assert not seen.changes
    feed.take(news(session, seen=seen.seen))
    found = task_list.find("task-1")
    assert found is not None
    assert not found.summary.stale(session.clock.now(), 5.0)


async def test_many_new_ids_of_one_update_come_in_slices_each_once_and_in_order(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(*(song(number) for number in range(10)))
    task_list, feed, new = begun(session)
    turns = Turns(monkeypatch)
    turns.count(TaskList, "put", lambda tasks: len(list(tasks)))
    feed.take(news(session, added=new))
    assert feed.behind
    await asyncio.create_task(load_all(feed))
    assert 0 < turns.most <= SLICE_ROWS
    assert task_list.shown == [*reversed(new), *TEN]
    assert task_list.counts == {Phase.WAITING: len(new), Phase.DONE: len(TEN)}


async def test_what_happens_between_the_slices_is_not_lost(make_session: MakeSession) -> None:
    session = make_session(*(song(number) for number in range(10)))
    task_list, feed, new = begun(session)
    feed.take(news(session, added=new))
    gone = {new[number] for number in range(0, len(new), 50)} | {TEN[3]}
    later = [name for name in new if name not in gone] + ["latest"]
    async for _ in feed.load_rest():
        if gone & set(task_list.shown):
            session.watch_list.remove(gone, now=session.clock.now())
            session.watch_list.add(["latest"], now=session.clock.now())
            mirrored = session.replica.mirror(session.watch_list.read(), session.clock.now())
            feed.take(news(session, added=mirrored.added, removed=mirrored.removed))
            assert feed.behind
    assert task_list.shown == [*reversed(later), *(name for name in TEN if name not in gone)]


async def test_many_tasks_that_go_at_once_are_dropped_in_slices(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(*(song(number) for number in range(10)))
    task_list, feed, new = begun(session)
    feed.take(news(session, added=new))
    await load_all(feed)
    gone = [*new[1:], TEN[0]]
    session.watch_list.remove(gone, now=session.clock.now())
    turns = Turns(monkeypatch)
    turns.count(TaskList, "drop", len)
    feed.take(news(session, removed=session.replica.mirror(session.watch_list.read(), session.clock.now()).removed))
    await asyncio.create_task(load_all(feed))
    assert 0 < turns.most <= SLICE_ROWS
    assert task_list.shown == [new[0], *TEN[1:]]


async def test_slices_keep_the_filter_and_the_order_that_the_user_chose(make_session: MakeSession) -> None:
    session = make_session(*(song(number) for number in range(10)))
    task_list, feed, new = begun(session)
    task_list.want(query_of("new"))
    task_list.sort(Order(SortKey.ID))
    task_list.arrange()
    feed.take(news(session, added=new))
    await load_all(feed)
    assert task_list.shown == sorted(new)


def test_what_the_gateway_tells_of_a_task_that_is_no_longer_watched_is_not_shown(make_session: MakeSession) -> None:
    session = make_session(song(1), song(2))
    task_list, feed, _ = begun(session)
    session.watch_list.remove(["task-1"], now=session.clock.now())
    mirrored = session.replica.mirror(session.watch_list.read(), session.clock.now())
    feed.take(news(session, removed=mirrored.removed))
    feed.take(news(session, seen=session.replica.record([song(1)], session.clock.now()).seen))
    assert task_list.shown == ["task-2"]


TEN = [f"task-{number}" for number in range(10)]


def begun(session: HandSession) -> tuple[TaskList, TaskLoader, list[str]]:
    """Show what there is, and then let many new ids come into the replica."""
    task_list, new = TaskList(), [f"new-{number}" for number in range(3 * MANY)]
    feed = TaskLoader(session, task_list)
    feed.load_first()
    feed.take(news(session))
    session.watch_list.add(new, now=session.clock.now())
    session.replica.mirror(session.watch_list.read(), session.clock.now())
    return task_list, feed, new


def news(session: HandSession, **ids: Iterable[str]) -> Update:
    named = {name: frozenset(values) for name, values in ids.items()}
    tasks = tuple(session.replica.watched_of(frozenset().union(*named.values())))
    return Update(Link(), tasks=tasks, **named)  # type: ignore[arg-type]


async def load_all(feed: TaskLoader) -> None:
    async for _ in feed.load_rest():
        pass


class LockedAtFirst:
    """A session whose replica another program is in the way of before the first paint."""

    def __init__(self, session: HandSession) -> None:
        self.worker = session.worker

    @property
    def replica(self) -> Replica:
        raise DatabaseLocked("Another program is writing.")
