"""Panes of one gateway with keys of their own: one whose key is refused keeps still, and holds up nobody."""

from __future__ import annotations

import pytest
from support.theatre import FakeGateway, Stage, Theatre

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase

HOUR = 3600.0
TRIES = 2
"""Requests before a key counts as refused: it is looked up again in between."""


@pytest.fixture
def theatre(theatre: Theatre) -> Theatre:
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.RUNNING)
    return theatre


def refused(theatre: Theatre) -> Stage:
    """Return a pane whose key the gateway refuses."""
    return theatre.stage(
        gateway=FakeGateway(theatre.clock, failing=lambda _ids: GatewayError(Problem.KEY_REFUSED, status=401))
    )


async def test_a_key_that_works_serves_all_beside_one_that_is_refused(theatre: Theatre) -> None:
    without, working = refused(theatre), theatre.stage()
    async with theatre.running(without):
        await theatre.clock.advance(5)
        assert without.engine.link.key_refused
        async with theatre.running(working):
            await theatre.clock.advance(10, loops=4)
            assert working.phase("a") is Phase.RUNNING
            assert working.engine.link.trouble is None
            assert without.updates[-1].tasks[0].summary.phase is Phase.RUNNING, "it sees what the other was told"


async def test_a_key_that_is_refused_later_leaves_the_asking_to_others(theatre: Theatre) -> None:
    first, second = theatre.stage(gateway=FakeGateway(theatre.clock)), theatre.stage()
    first.gateway.knows("a", Phase.RUNNING)
    async with theatre.running(first, second):
        await theatre.clock.advance(10, loops=4)
        first.gateway.failing = lambda _ids: GatewayError(Problem.KEY_REFUSED, status=401)
        await theatre.clock.advance(300, loops=4)
        before = len(theatre.gateway.asked)
        await theatre.clock.advance(60, loops=4)
        assert len(theatre.gateway.asked) - before >= 11
        assert second.engine.link.trouble is None


async def test_each_refused_key_is_tried_every_five_minutes_and_no_more(theatre: Theatre) -> None:
    panes = [refused(theatre) for _ in range(3)]
    async with theatre.running(*panes):
        await theatre.clock.advance(60, loops=6)
        assert all(len(pane.gateway.asked) == TRIES for pane in panes)
        await theatre.clock.advance(HOUR, loops=6)
        assert all(len(pane.gateway.asked) <= TRIES + HOUR / 300 + 1 for pane in panes)


async def test_who_asks_in_a_pane_whose_key_is_refused_is_served_by_another(theatre: Theatre) -> None:
    theatre.gateway.knows("a", Phase.DONE)
    without, working = refused(theatre), theatre.stage()
    async with theatre.running(without, working):
        await theatre.clock.advance(10, loops=4)
        before = len(theatre.gateway.asked)
        await without.engine.refresh(["a"])
        await theatre.clock.advance(4, loops=4)
        assert len(theatre.gateway.asked) == before + 1
