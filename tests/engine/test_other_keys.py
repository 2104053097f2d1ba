"""Panes of one gateway with keys of their own: one whose key is refused gives way, and each tries but once."""

from __future__ import annotations

import pytest
from support.theatre import FakeGateway, Stage, Theatre

from ecovai_tui.engine.updates import Role
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase

HOUR = 3600.0
TRIES = 2
"""Requests before a key counts as refused: it is looked up anew in between."""


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


async def test_a_key_that_works_takes_the_lead_from_one_that_is_refused(theatre: Theatre) -> None:
    without, working = refused(theatre), theatre.stage()
    async with theatre.running(without):
        await theatre.clock.advance(5)
        assert without.engine.link.key_refused
        async with theatre.running(working):
            await theatre.clock.advance(5, loops=4)
            assert (without.engine.role, working.engine.role) == (Role.FOLLOWING, Role.LEADING)
            assert working.phase("a") is Phase.RUNNING
            assert working.engine.link.trouble is None
            assert without.engine.link.trouble is None


async def test_a_key_that_is_refused_while_others_follow_gives_way(theatre: Theatre) -> None:
    first, second = theatre.stage(gateway=FakeGateway(theatre.clock)), theatre.stage()
    async with theatre.running(first, second):
        await theatre.clock.advance(10, loops=4)
        assert first.engine.role is Role.LEADING
        first.gateway.failing = lambda _ids: GatewayError(Problem.KEY_REFUSED, status=401)
        await theatre.clock.advance(300, loops=4)
        assert second.engine.role is Role.LEADING
        assert second.engine.link.trouble is None


async def test_the_lead_goes_round_but_once_where_every_key_is_refused(theatre: Theatre) -> None:
    panes = [refused(theatre) for _ in range(3)]
    async with theatre.running(*panes):
        await theatre.clock.advance(60, loops=6)
        assert all(len(pane.gateway.asked) == TRIES for pane in panes)
        roles = [pane.engine.role for pane in panes]
        await theatre.clock.advance(HOUR, loops=6)
        assert [pane.engine.role for pane in panes] == roles
        assert sum(len(pane.gateway.asked) for pane in panes) <= 3 * TRIES + HOUR / 300 + 1


async def test_a_refused_pane_that_is_looked_at_leaves_the_lead_where_the_key_works(theatre: Theatre) -> None:
    without, working = refused(theatre), theatre.stage()
    async with theatre.running(without, working):
        await theatre.clock.advance(10, loops=4)
        working.engine.look_away()
        without.engine.look_away()
        without.engine.look_back()
        await theatre.clock.advance(120, loops=4)
        assert working.engine.role is Role.LEADING
        assert len(without.gateway.asked) == TRIES
