"""What an hour of watching may cost the gateway, on a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.theatre import START, Stage, Theatre

from ecovai_tui.tasks.model import Phase

HOUR = 3600.0


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    with closing(Theatre(tmp_path)) as theatre:
        yield theatre


async def requests_of_an_hour(theatre: Theatre, *stages: Stage) -> int:
    async with theatre.running(*stages):
        await theatre.clock.advance(10, loops=2 * len(stages))
        before = len(theatre.gateway.asked)
        await theatre.clock.advance(HOUR, loops=2 * len(stages))
    return len(theatre.gateway.asked) - before


def watching(theatre: Theatre, count: int, phase: Phase, **more: object) -> Stage:
    names = [f"task-{number}" for number in range(count)]
    theatre.watch(*names)
    for name in names:
        theatre.gateway.knows(name, phase, **more)
    return theatre.stage()


async def test_an_hour_of_final_tasks_costs_no_request(theatre: Theatre) -> None:
    assert await requests_of_an_hour(theatre, watching(theatre, 50, Phase.DONE)) == 0


async def test_an_hour_of_25_young_then_old_tasks_costs_one_request_for_each_look(theatre: Theatre) -> None:
    stage = watching(theatre, 25, Phase.RUNNING, submitted_at=START)
    young, old = 600 / 5, 3000 / 15
    assert 0 < await requests_of_an_hour(theatre, stage) <= young + old + 2


async def test_an_hour_without_anybody_looking_costs_120_requests_at_most(theatre: Theatre) -> None:
    stage = watching(theatre, 25, Phase.STREAMING)
    stage.engine.look_away()
    assert 0 < await requests_of_an_hour(theatre, stage) <= 120


async def test_three_panes_cost_no_more_than_one(theatre: Theatre) -> None:
    first = watching(theatre, 25, Phase.RUNNING, submitted_at=START)
    others = [theatre.stage(), theatre.stage()]
    assert 0 < await requests_of_an_hour(theatre, first, *others) <= 600 / 5 + 3000 / 15 + 2
