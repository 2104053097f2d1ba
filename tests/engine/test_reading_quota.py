"""What is left to the key is read now and then by one pane for all, within the cap, and only for somebody who looks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from support.theatre import Theatre, until

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase

MINUTES = 60.0
LOOPS = 3
"""Coroutines of an engine that reads the quota."""


async def test_it_is_read_at_the_start_and_shown(theatre: Theatre) -> None:
    stage = theatre.stage(reads_quota=True)
    async with theatre.running(stage):
        await theatre.clock.advance(6, LOOPS)
        assert stage.engine.link.quota_left == pytest.approx(12.4)
        assert stage.updates[-1].link.quota_left == pytest.approx(12.4)
    assert len(theatre.gateway.quota_asked) == 2


async def test_while_nothing_happens_it_is_not_read_again(theatre: Theatre) -> None:
    stage = theatre.stage(reads_quota=True)
    async with theatre.running(stage):
        await theatre.clock.advance(60 * MINUTES, LOOPS)
    assert len(theatre.gateway.quota_asked) == 2


async def test_while_tasks_move_it_is_read_every_ten_minutes_by_one_pane_for_all(theatre: Theatre) -> None:
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.STREAMING)
    stages = [theatre.stage(reads_quota=True) for _ in range(3)]
    async with theatre.running(*stages):
        await theatre.clock.advance(60 * MINUTES, loops=3 * LOOPS)
        assert [stage.engine.link.quota_left for stage in stages] == [pytest.approx(12.4)] * 3
    assert 2 * 5 <= len(theatre.gateway.quota_asked) <= 2 * 7


async def test_it_counts_within_the_cap(theatre: Theatre) -> None:
    theatre.gateway.most_ids = 1
    theatre.watch(*(f"task-{number}" for number in range(40)))
    for number in range(40):
        theatre.gateway.knows(f"task-{number}", Phase.STREAMING)
    stage = theatre.stage(reads_quota=True)
    async with theatre.running(stage):
        await theatre.clock.advance(20 * MINUTES, LOOPS)
    sent = sorted([*theatre.gateway.quota_asked, *(at for at, _ in theatre.gateway.asked)])
    assert len(theatre.gateway.quota_asked) >= 2
    assert all(later - earlier >= 2.0 for earlier, later in pairwise(sent))


async def test_it_is_not_read_while_nobody_looks_or_the_pane_is_paused(theatre: Theatre) -> None:
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.STREAMING)
    away, paused = theatre.stage(reads_quota=True), theatre.stage(reads_quota=True)
    away.engine.look_away()
    paused.engine.pause()
    async with theatre.running(away, paused):
        await theatre.clock.advance(30 * MINUTES, loops=2 * LOOPS)
        assert not theatre.gateway.quota_asked
        away.engine.look_back()
        await until(lambda: len(theatre.gateway.quota_asked) == 1)


async def test_a_gateway_that_does_not_tell_is_no_trouble_and_asked_no_sooner_again(theatre: Theatre) -> None:
    theatre.gateway.limit = None
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.STREAMING)
    stage = theatre.stage(reads_quota=True)
    async with theatre.running(stage):
        await theatre.clock.advance(9 * MINUTES, LOOPS)
        assert stage.engine.link.quota_left is None
        assert stage.engine.link.trouble is None
    assert len(theatre.gateway.quota_asked) == 1


async def test_a_failure_of_it_holds_up_no_task(theatre: Theatre) -> None:
    theatre.gateway.failing = lambda ids: None if ids else GatewayError(Problem.SERVER_ERROR, status=500)
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.DONE)
    stage = theatre.stage(reads_quota=True)
    async with theatre.running(stage):
        await theatre.clock.advance(30, LOOPS)
        assert stage.phase("a") is Phase.DONE
        assert stage.engine.link.trouble is None


async def test_a_command_reads_none(theatre: Theatre) -> None:
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.STREAMING)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(30 * MINUTES)
    assert not theatre.gateway.quota_asked
