"""One thread works with the replica: in order, whoever gives up waiting, and whatever is in the way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from ecovai_tui.engine.worker import ReplicaWorker
from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.replica import Replica


@pytest.fixture
def worker() -> Iterator[ReplicaWorker]:
    with closing(Replica(None, "https://gateway.example")) as replica:
        worker = ReplicaWorker(replica)
        yield worker
        assert worker.stop(5.0)


async def test_work_is_done_in_the_order_in_which_it_came(worker: ReplicaWorker) -> None:
    done: list[int] = []
    await asyncio.gather(*(worker.run(lambda _, number=number: done.append(number)) for number in range(50)))
    assert done == list(range(50))


async def test_what_work_raises_is_raised_where_it_was_asked_for(worker: ReplicaWorker) -> None:
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda _: 1 // 0)
    assert await worker.run(lambda replica: replica.watched()) == []


async def test_who_stops_waiting_ends_nothing(worker: ReplicaWorker) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_: Replica) -> None:
        begun.set()
        go_on.wait(5)

    waiting = asyncio.ensure_future(worker.run(slow))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    waiting.cancel()
    await asyncio.wait({waiting})
    go_on.set()
    assert await worker.run(lambda replica: replica.last_change()) == 0


async def test_what_a_lock_is_in_the_way_of_comes_again_behind_the_rest(worker: ReplicaWorker) -> None:
    done: list[str] = []
    locked = [True] * 3

    def hindered(_: Replica) -> None:
        if locked:
            locked.pop()
            raise DatabaseLocked("Another program is writing.")
        done.append("hindered")

    await asyncio.gather(worker.run(hindered), worker.run(lambda _: done.append("other")))
    assert done == ["other", "hindered"]
