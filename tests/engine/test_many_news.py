"""Very many ids that come with one edit are all asked for, and nothing that happens meanwhile is lost."""

from __future__ import annotations

import asyncio

from support.theatre import Theatre

from ecovai_tui.engine.updates import Update
from ecovai_tui.tasks.model import Phase

MANY = tuple(f"id-{number}" for number in range(807))


async def test_all_of_them_are_asked_for_as_the_cap_allows(theatre: Theatre) -> None:
    stage = theatre.stage()
    for name in MANY:
        theatre.gateway.knows(name, Phase.FAILED)
    async with theatre.running(stage):
        theatre.watch(*MANY)
        await theatre.clock.advance(60)
        assert {name for _, ids in theatre.gateway.asked for name in ids} == set(MANY)
        assert len(theatre.gateway.asked) == len(MANY) // 50 + 1
        assert {task.id for update in stage.updates for task in update.tasks} == set(MANY)


async def test_an_edit_while_they_are_taken_in_is_not_lost(theatre: Theatre) -> None:
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
        assert set(stage.replica.watched_ids()) == {*MANY, "late"} - set(gone)
    assert frozenset().union(*(update.added for update in stage.updates)) == {*MANY, "late"}
    assert frozenset().union(*(update.removed for update in stage.updates)) == set(gone)


async def test_what_is_taken_off_the_list_while_it_is_asked_for_is_not_asked_for_again(theatre: Theatre) -> None:
    stage = theatre.stage()
    theatre.gateway.knows("a", Phase.RUNNING)
    theatre.watch("a")
    async with theatre.running(stage):
        await theatre.clock.advance(4)
        theatre.gateway.hold = held = asyncio.Event()
        await stage.engine.refresh()
        await theatre.clock.idle()
        assert stage.engine.link.in_flight
        await stage.engine.remove(["a"])
        asked = len(theatre.gateway.asked)
        held.set()
        await theatre.clock.advance(60)
        assert len(theatre.gateway.asked) == asked


async def test_listeners_hear_when_the_gateway_is_asked_next(theatre: Theatre) -> None:
    theatre.gateway.knows("a", Phase.RUNNING, submitted_at=theatre.clock.now() - 3600)
    theatre.watch("a")
    first, second = theatre.stage(), theatre.stage()
    async with theatre.running(first):
        await theatre.clock.advance(10)
    async with theatre.running(second):
        assert second.updates[-1].link.next_poll == second.engine.link.next_poll is not None
