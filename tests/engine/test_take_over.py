"""Within five seconds of the engine's clock another instance leads, however the one before went."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from support.theatre import Stage, Theatre

from ecovai_tui.engine.updates import Role

MOST = 5
HOLD_UNTIL_KILLED = """
import sys
from pathlib import Path
from ecovai_tui.engine.leader import Leadership
leadership = Leadership(Path(sys.argv[1]))
print(leadership.claim(), flush=True)
sys.stdin.read()
"""


async def seconds_until_it_leads(theatre: Theatre, follower: Stage, loops: int) -> int:
    """Let time pass second by second, and return after how many of them the follower leads."""
    for second in range(60):
        if follower.engine.role is Role.LEADING:
            return second
        await theatre.clock.advance(1, loops=loops)
    raise AssertionError("it never led")


@pytest.fixture
def other_instance(theatre: Theatre) -> Iterator[subprocess.Popen[str]]:
    """A process that leads."""
    command = [sys.executable, "-c", HOLD_UNTIL_KILLED, str(theatre.folder / "leader.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as leader:
        assert leader.stdout is not None
        assert leader.stdout.readline() == "True\n"
        yield leader


async def test_killing_the_leader_passes_the_role_on(theatre: Theatre, other_instance: subprocess.Popen[str]) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    follower = theatre.stage()
    follower.replica.mirror(theatre.watch_list.read(), theatre.clock.now())
    async with theatre.running(follower):
        await theatre.clock.advance(30)
        assert follower.engine.role is Role.FOLLOWING
        other_instance.kill()
        other_instance.wait()
        assert await seconds_until_it_leads(theatre, follower, loops=2) <= MOST
        assert len(theatre.gateway.asked) == 1


async def test_a_leader_that_ends_passes_the_role_on(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower) as engines:
        await theatre.clock.advance(30, loops=4)
        engines[0].cancel()
        await asyncio.gather(engines[0], return_exceptions=True)
        assert await seconds_until_it_leads(theatre, follower, loops=2) <= MOST


async def test_a_leader_that_pauses_passes_the_role_on(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        leader.engine.pause()
        assert await seconds_until_it_leads(theatre, follower, loops=4) <= MOST
        before = len(theatre.gateway.asked)
        await theatre.clock.advance(10, loops=4)
        assert len(theatre.gateway.asked) > before
