"""A gateway that hangs is told of, in the instance that asks and in all others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from support.theatre import START, Stage, Theatre

from ecovai_tui.engine.updates import Link

LOOPS = 4
"""Coroutines of two engines that wait on the clock."""


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
    """Run two instances, one of which has asked a gateway that does not answer."""
    theatre.gateway.knows("slow")
    theatre.watch("slow")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes):
        theatre.gateway.hold, before = asyncio.Event(), len(theatre.gateway.asked)
        await theatre.clock.advance(6, loops=LOOPS)
        assert len(theatre.gateway.asked) == before + 1
        yield panes
        theatre.gateway.hold.set()
        await theatre.clock.idle(LOOPS)


async def test_all_panes_hear_of_a_request_without_an_answer_and_of_its_end(theatre: Theatre) -> None:
    async with hanging(theatre) as panes:
        asked_at = theatre.gateway.asked[-1][0]
        await theatre.clock.advance(8, loops=LOOPS)
        assert [pane.updates[-1].link.asking_since for pane in panes] == [asked_at, asked_at]
        assert len(theatre.gateway.asked) == 2, "nobody else asks meanwhile"
        theatre.gateway.hold.set()  # type: ignore[union-attr]  # it is set while the gateway hangs
        await theatre.clock.advance(3, loops=LOOPS)
        assert [pane.updates[-1].link.in_flight for pane in panes] == [False, False]


async def test_a_request_without_an_answer_is_told_of_once(theatre: Theatre) -> None:
    theatre.gateway.knows("slow")
    theatre.watch("slow")
    theatre.gateway.hold = asyncio.Event()
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        assert [update.link.unanswered(theatre.clock.now()) > 0 for update in stage.updates].count(True) == 1


async def test_a_quick_answer_is_nothing_to_tell_of(theatre: Theatre) -> None:
    theatre.gateway.knows("quick")
    theatre.watch("quick")
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        assert not any(update.link.in_flight for update in stage.updates)
