"""A clock that is put back holds nothing up: what was planned by the former time is planned anew."""

from __future__ import annotations

import pytest
from support.theatre import FakeClock, Theatre

from ecovai_tui.engine.schedule import due_at
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase, TaskSummary

HOUR = 3600.0


def put_back(clock: FakeClock, seconds: float) -> None:
    """Set the clock back; whoever waits on it goes on waiting as long as before, as on the clock of the machine."""
    clock._now -= seconds
    for alarm in clock._waiting:
        clock._waiting[alarm] -= seconds


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.MISSING, Phase.UNKNOWN])
def test_a_look_that_lies_in_the_future_counts_as_one_of_now(phase: Phase) -> None:
    now = 1_716_191_800.0
    ahead = TaskSummary("t1", phase=phase, submitted_at=now - 60, seen_at=now + 24 * HOUR, changed_at=now)
    due = due_at(ahead, now)
    assert due is not None
    assert due <= now + 60


async def test_active_tasks_are_asked_for_as_before(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    async with theatre.running(theatre.stage()):
        await theatre.clock.advance(60)
        asked = len(theatre.gateway.asked)
        put_back(theatre.clock, HOUR)
        await theatre.clock.advance(60)
        assert len(theatre.gateway.asked) - asked in {11, 12, 13}


async def test_a_back_off_is_not_an_hour_longer(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    theatre.gateway.failing = lambda ids: GatewayError(Problem.UNREACHABLE)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        theatre.gateway.failing = lambda ids: None
        put_back(theatre.clock, HOUR)
        await theatre.clock.advance(70)
        assert stage.engine.link.trouble is None
