"""A clock that is set holds nothing up: moments of the former time move with it."""

from __future__ import annotations

import pytest
from support.theatre import Theatre

from ecovai_tui.gateway.errors import GatewayError, Problem

HOUR = 3600.0


@pytest.mark.parametrize(("hours", "looks"), [(-1, 11), (1, 1)], ids=["back", "forward, so that it has stalled"])
async def test_active_tasks_are_asked_for_as_before(theatre: Theatre, hours: int, looks: int) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    async with theatre.running(theatre.stage()):
        await theatre.clock.advance(60)
        asked = len(theatre.gateway.asked)
        theatre.clock.jump(hours * HOUR)
        await theatre.clock.advance(60)
        assert looks <= len(theatre.gateway.asked) - asked <= looks + 2


async def test_a_back_off_is_not_an_hour_longer(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    theatre.gateway.failing = lambda ids: GatewayError(Problem.UNREACHABLE)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        theatre.gateway.failing = lambda ids: None
        theatre.clock.jump(-HOUR)
        await theatre.clock.advance(70)
        assert stage.engine.link.trouble is None
