"""A gateway that hangs is told of, to the instance that asks and to those that follow it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from support.theatre import START, Stage, Theatre, until

from ecovai_tui.engine.updates import Link, Role

LOOPS = 4
"""Coroutines of two monitors that wait on the clock; one fewer while a request is under way."""


@pytest.mark.parametrize(
    ("link", "waited", "told", "next_step"),
    [
        (Link(), 100.0, 0, None),
        (Link(asking_since=START), 0.0, 0, 4.0),
        (Link(asking_since=START), 3.5, 0, 0.5),
        (Link(asking_since=START), 4.0, 4, 4.0),
        (Link(asking_since=START), 7.5, 4, 0.5),
        (Link(asking_since=START), 8.0, 8, 4.0),
        (Link(asking_since=START), 12.5, 12, 3.5),
        (Link(asking_since=START + 60), 0.0, 0, 4.0),
        (Link(next_poll=START + 60), 0.0, 0, 64.0),
        (Link(next_poll=START), 3.5, 0, 0.5),
        (Link(next_poll=START), 4.0, 0, None),
    ],
)
def test_it_is_told_from_four_seconds_on_in_steps_of_four(
    link: Link, waited: float, told: int, next_step: float | None
) -> None:
    assert link.unanswered(START + waited) == told
    assert link.next_step(START + waited) == next_step


@asynccontextmanager
async def hanging(theatre: Theatre) -> AsyncIterator[tuple[Stage, Stage]]:
    """Run two instances whose gateway has been given a request that it does not answer."""
    theatre.gateway.knows("slow")
    theatre.watch("slow")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        theatre.gateway.hold, before = asyncio.Event(), len(theatre.gateway.asked)
        turning = asyncio.create_task(theatre.clock.advance(6, loops=LOOPS))
        await until(lambda: len(theatre.gateway.asked) > before)
        turning.cancel()
        yield leader, follower
        theatre.gateway.hold.set()
        await theatre.clock.idle(LOOPS)


async def test_both_panes_hear_of_a_request_without_an_answer_and_of_its_end(theatre: Theatre) -> None:
    async with hanging(theatre) as panes:
        asked_at = theatre.gateway.asked[-1][0]
        await theatre.clock.advance(8, loops=LOOPS - 1)
        assert [pane.engine.role for pane in panes] == [Role.LEADING, Role.FOLLOWING]
        assert [pane.updates[-1].link.asking_since for pane in panes] == [asked_at, asked_at]
    assert not panes[0].engine.link.in_flight
    assert not panes[0].updates[-1].link.in_flight


async def test_the_pane_that_follows_hears_when_the_answer_comes(theatre: Theatre) -> None:
    async with hanging(theatre) as (_, follower):
        await theatre.clock.advance(8, loops=LOOPS - 1)
        assert follower.engine.link.in_flight
        theatre.gateway.hold.set()  # type: ignore[union-attr]  # it is set while the gateway hangs
        await theatre.clock.advance(3, loops=LOOPS)
        assert not follower.engine.link.in_flight
        assert not follower.updates[-1].link.in_flight


async def test_a_request_without_an_answer_is_told_of_once(theatre: Theatre) -> None:
    theatre.gateway.knows("slow")
    theatre.watch("slow")
    theatre.gateway.hold = asyncio.Event()
    stage = theatre.stage()
    engine = asyncio.create_task(stage.engine.run())
    await until(lambda: theatre.gateway.asked)
    await theatre.clock.advance(60, loops=1)
    assert [update.link.in_flight for update in stage.updates].count(True) == 1
    engine.cancel()
    await asyncio.gather(engine, return_exceptions=True)


async def test_a_quick_answer_is_nothing_to_tell_of(theatre: Theatre) -> None:
    theatre.gateway.knows("quick")
    theatre.watch("quick")
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        assert not any(update.link.in_flight for update in stage.updates)
