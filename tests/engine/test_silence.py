"""A follower notices that its leader is stopped and takes over; one that lives is let be, and idle stays idle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from support.theatre import START, Stage, Theatre

from ecovai_tui.engine.panes import KNOCKS_APART, LATE, PATIENCE, Silence
from ecovai_tui.engine.updates import Link, Role
from ecovai_tui.tasks.model import Phase

FIRST_WISH = (1, START)


def test_a_wish_that_nobody_takes_tells_of_a_stopped_leader() -> None:
    silence = Silence()
    told = []
    for _ in range(PATIENCE + 1):
        silence.look(FIRST_WISH)
        told.append(silence.too_long)
    assert told == [False] * PATIENCE + [True]


@pytest.mark.parametrize("taken", [None, (1, START + 1.0), (2, START)])
def test_a_wish_that_was_taken_begins_the_count_anew(taken: tuple[int, float] | None) -> None:
    silence = Silence()
    for _ in range(3):
        for _ in range(PATIENCE):
            silence.look(FIRST_WISH)
        silence.look(taken)
        assert not silence.too_long


def test_a_look_that_is_overdue_is_a_reason_to_knock_but_not_again_and_again() -> None:
    silence, promised = Silence(), Link(next_poll=START)
    assert not silence.wants_knock(Link(), START + 1000)
    assert not silence.wants_knock(promised, START + LATE / 2)
    moments = [START + LATE + second for second in range(20)]
    knocks = [moment for moment in moments if silence.wants_knock(promised, moment)]
    assert len(knocks) == 20 / KNOCKS_APART


def test_what_is_missed_is_knocked_for_once() -> None:
    silence = Silence(missed=True)
    assert silence.wants_knock(Link(), START)
    assert not silence.wants_knock(Link(), START + 1000)


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Theatre]:
    """A theatre of its own for the leader: while its clock stands still the leader is stopped, with all it holds."""
    with closing(Theatre(tmp_path)) as theatre:
        yield theatre


@pytest.fixture
def lively(theatre: Theatre, stopped: Theatre) -> Theatre:
    """The same profile, where time goes on."""
    theatre.gateway.tasks = stopped.gateway.tasks
    return theatre


@asynccontextmanager
async def two_panes(stopped: Theatre, lively: Theatre) -> AsyncIterator[tuple[Stage, Stage]]:
    """Open a leader and a follower, and stop the leader once it has asked for what is watched."""
    leader, follower = stopped.stage(), lively.stage()
    async with stopped.running(leader), lively.running(follower):
        await together(stopped, lively, 6)
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)
        yield leader, follower


async def together(stopped: Theatre, lively: Theatre, seconds: int) -> None:
    """Let time pass for both: the leader is not stopped, or goes on again."""
    for _ in range(seconds):
        await stopped.clock.advance(1)
        await lively.clock.advance(1)


async def test_ids_added_while_the_leader_is_stopped_and_idle_are_asked_for_within_five_seconds(
    stopped: Theatre, lively: Theatre
) -> None:
    async with two_panes(stopped, lively) as (leader, follower):
        assert leader.engine.link.next_poll is None, "nothing is due"
        await lively.clock.advance(600)
        assert follower.engine.role is Role.FOLLOWING, "nothing is missed, so nobody cares"
        lively.gateway.knows("new", Phase.RUNNING)
        lively.watch("new")
        await lively.clock.advance(5)
        assert [ids for _, ids in lively.gateway.asked] == [("new",)]
        assert follower.engine.role is Role.LEADING


async def test_ids_that_the_follower_itself_adds_are_asked_for_within_five_seconds(
    stopped: Theatre, lively: Theatre
) -> None:
    async with two_panes(stopped, lively) as (_, follower):
        lively.gateway.knows("new", Phase.RUNNING)
        await follower.engine.add(["new"])
        await lively.clock.advance(5)
        assert [ids for _, ids in lively.gateway.asked] == [("new",)]


async def test_a_wish_to_look_now_is_fulfilled_within_five_seconds(stopped: Theatre, lively: Theatre) -> None:
    stopped.gateway.knows("old", Phase.DONE)
    stopped.watch("old")
    async with two_panes(stopped, lively) as (_, follower):
        follower.engine.refresh(["old"])
        await lively.clock.advance(5)
        assert [ids for _, ids in lively.gateway.asked] == [("old",)]


async def test_a_look_that_the_stopped_leader_promised_comes_at_most_five_seconds_late(
    stopped: Theatre, lively: Theatre
) -> None:
    stopped.gateway.knows("old", Phase.RUNNING)
    stopped.watch("old")
    async with two_panes(stopped, lively) as (leader, _):
        promised = leader.engine.link.next_poll
        assert promised is not None
        await lively.clock.advance(promised + 5 - lively.clock.now())
        assert [ids for _, ids in lively.gateway.asked] == [("old",)]


async def test_one_stopped_amid_a_request_is_noticed_as_well(stopped: Theatre, lively: Theatre) -> None:
    stopped.gateway.knows("old", Phase.RUNNING)
    stopped.watch("old")
    async with two_panes(stopped, lively) as (leader, _):
        promised = leader.engine.link.next_poll
        assert promised is not None
        stopped.gateway.hold = asyncio.Event()
        asking = asyncio.create_task(stopped.clock.advance(promised - stopped.clock.now()))
        while len(stopped.gateway.asked) < 3:
            await asyncio.sleep(0)
        await lively.clock.advance(promised + 5 - lively.clock.now())
        assert [ids for _, ids in lively.gateway.asked] == [("old",)]
        stopped.gateway.hold.set()
        await asking


async def test_a_leader_that_goes_on_follows_the_one_that_took_over(stopped: Theatre, lively: Theatre) -> None:
    stopped.gateway.knows("old", Phase.RUNNING)
    stopped.watch("old")
    async with two_panes(stopped, lively) as (leader, follower):
        await lively.clock.advance(30)
        before = len(stopped.gateway.asked)
        await stopped.clock.advance(30)
        await together(stopped, lively, 30)
        assert (leader.engine.role, follower.engine.role) == (Role.FOLLOWING, Role.LEADING)
        assert leader.engine.link == follower.engine.link
        assert len(stopped.gateway.asked) == before
        assert leader.updates[-1].role is Role.FOLLOWING


async def test_of_many_followers_one_takes_over(stopped: Theatre, lively: Theatre) -> None:
    leader, followers = stopped.stage(), [lively.stage() for _ in range(9)]
    async with stopped.running(leader), lively.running(*followers):
        lively.gateway.knows("new", Phase.RUNNING)
        lively.watch("new")
        loops = 2 * len(followers)
        await lively.clock.advance(5, loops=loops)
        assert [ids for _, ids in lively.gateway.asked] == [("new",)]
        await lively.clock.advance(60, loops=loops)
        assert [stage.engine.role for stage in followers].count(Role.LEADING) == 1
        assert len(lively.gateway.asked) == 13


async def test_a_leader_that_waits_long_for_the_gateway_is_left_alone(theatre: Theatre) -> None:
    theatre.gateway.knows("slow")
    theatre.watch("slow")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        theatre.gateway.hold = asyncio.Event()
        turning = asyncio.create_task(theatre.clock.advance(6, loops=4))
        while len(theatre.gateway.asked) < 2:
            await asyncio.sleep(0)
        turning.cancel()
        await theatre.clock.advance(60, loops=3)
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)
        assert len(theatre.gateway.asked) == 2
        theatre.gateway.hold.set()
        await theatre.clock.idle(4)


async def test_nothing_is_written_while_nothing_is_missed(theatre: Theatre) -> None:
    theatre.gateway.knows("settled", Phase.DONE)
    theatre.watch("settled")
    leader, follower, witness = theatre.stage(), theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        await theatre.clock.advance(30, loops=4)
        version = witness.replica.data_version()
        await theatre.clock.advance(1800, loops=4)
        assert witness.replica.data_version() == version
    witness.replica.close()


async def test_a_follower_whose_replica_is_in_memory_seizes_no_lead(theatre: Theatre) -> None:
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        (theatre.folder / "replica.sqlite3").unlink()
        (theatre.folder / "replica.sqlite3").mkdir()
        theatre.gateway.knows("new", Phase.RUNNING)
        theatre.watch("new")
        await theatre.clock.advance(20, loops=4)
        assert follower.replica.problem
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)
