"""Very many ids that come with one edit are taken in slices, and nothing that happens meanwhile is lost."""

from __future__ import annotations

import asyncio

import pytest
from support.theatre import Stage, Theatre, until
from support.turns import Turns

from ecovai_tui.engine.plan import SLICE, Plan
from ecovai_tui.engine.updates import Update
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import Phase, WatchedTask

MANY = tuple(f"id-{number}" for number in range(4 * SLICE + 7))


def planned(stage: Stage) -> Plan:
    return stage.engine._poller.plan


async def test_no_step_of_the_engine_plans_more_than_a_slice(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = theatre.stage()
    turns = Turns(monkeypatch)
    turns.count(Plan, "put", lambda *_: 1)
    theatre.watch("early")
    async with theatre.running(stage):
        theatre.watch(*MANY)
        await theatre.clock.advance(2)
        assert len(planned(stage)) == len(MANY) + 1
    assert turns.most <= SLICE


async def test_a_new_leader_plans_what_is_open_in_slices(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    theatre.watch(*MANY)
    before = theatre.stage(may_ask=False)
    async with theatre.running(before):
        await theatre.clock.advance(2)
    turns = Turns(monkeypatch)
    turns.count(Plan, "put", lambda *_: 1)
    stage = theatre.stage()
    async with theatre.running(stage):
        assert len(planned(stage)) == len(MANY)
    assert turns.most <= SLICE


async def test_asking_begins_before_the_last_slice_is_planned(theatre: Theatre) -> None:
    stage = theatre.stage()
    planned_then: list[int] = []
    theatre.gateway.failing = lambda _ids: planned_then.append(len(planned(stage)))  # type: ignore[func-returns-value]
    theatre.watch(*MANY)
    async with theatre.running(stage):
        await until(lambda: planned_then)
    assert planned_then[0] < len(MANY)


async def test_an_edit_in_the_middle_of_the_slices_is_not_lost(theatre: Theatre) -> None:
    stage = theatre.stage()
    gone = MANY[::100]

    def edit(update: Update) -> None:
        if len(update.added) == len(MANY):
            theatre.watch_list.remove(gone, now=theatre.clock.now())
            theatre.watch("late")

    stage.engine.subscribe(edit)
    async with theatre.running(stage):
        theatre.watch(*MANY)
        await theatre.clock.advance(4)
        assert set(planned(stage)._entries) == {*MANY, "late"} - set(gone)
    assert frozenset().union(*(update.added for update in stage.updates)) == {*MANY, "late"}
    assert frozenset().union(*(update.removed for update in stage.updates)) == set(gone)


async def test_what_the_replica_kept_back_is_planned_at_the_next_look(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, read, busy = theatre.stage(), Replica.watched_of, [True]

    def read_or_not(replica: Replica, ids: set[str]) -> list[WatchedTask]:
        if busy and busy.pop():
            raise ReplicaBusy(theatre.folder)
        return read(replica, ids)

    async with theatre.running(stage):
        monkeypatch.setattr(Replica, "watched_of", read_or_not)
        theatre.watch(*MANY)
        await theatre.clock.advance(4)
        assert len(planned(stage)) == len(MANY)


async def test_what_is_taken_off_the_list_while_it_is_asked_for_is_not_asked_for_again(theatre: Theatre) -> None:
    stage = theatre.stage()
    theatre.gateway.knows("a", Phase.RUNNING)
    theatre.watch("a")
    async with theatre.running(stage):
        await theatre.clock.advance(4)
        theatre.gateway.hold = held = asyncio.Event()
        stage.engine.refresh()
        await until(lambda: stage.engine.link.in_flight)
        await stage.engine.remove(["a"])
        asked = len(theatre.gateway.asked)
        held.set()
        await theatre.clock.advance(60)
        assert len(theatre.gateway.asked) == asked


async def test_listeners_hear_when_what_was_planned_is_asked_for(theatre: Theatre) -> None:
    theatre.gateway.knows("a", Phase.RUNNING, submitted_at=theatre.clock.now() - 3600)
    theatre.watch("a")
    first, second = theatre.stage(), theatre.stage()
    async with theatre.running(first):
        await theatre.clock.advance(10)
    async with theatre.running(second):
        assert second.updates[-1].link.next_poll == second.engine.link.next_poll is not None
