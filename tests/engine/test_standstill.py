"""A leader whose process the system shows standing still is replaced within five seconds, whatever is due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.theatre import Stage, Theatre, show_process

from ecovai_tui.engine.leader import Leadership, Processes
from ecovai_tui.engine.panes import LOOKS, Panes, Standstill
from ecovai_tui.engine.updates import Role
from ecovai_tui.tasks.model import Phase

MOST = 5
LEADER, FOLLOWER = 11, 12
RUNNING, SLEEPING, STOPPED, TRACED, DEAD = "R", "S", "T", "t", "Z"


def test_two_looks_in_a_row_at_the_same_stopped_process_are_needed() -> None:
    standstill = Standstill()
    told = []
    for seen in ("11 100", "", "11 100", "12 100", "12 100", "12 100", ""):
        standstill.look(seen)
        told.append(standstill.too_long)
    assert LOOKS == 2
    assert told == [False, False, False, False, True, True, False]


@pytest.mark.parametrize("program", ["python3", "a (T) 1", ") T 0", "two\nlines"])
def test_a_process_is_read_whatever_its_program_is_called(tmp_path: Path, program: str) -> None:
    processes = Processes(tmp_path, LEADER)
    show_process(tmp_path, LEADER, SLEEPING, started=100, program=program)
    assert processes.own_name == "11 100"
    assert not processes.stopped("11 100")
    show_process(tmp_path, LEADER, STOPPED, started=100, program=program)
    assert processes.stopped("11 100")


@pytest.mark.parametrize("name", ["", "11", "11 99", "11 1000", "12 100", "../11 100", "11 100\nmore", "\0 100"])
def test_a_name_that_is_not_that_of_the_stopped_process_says_nothing(tmp_path: Path, name: str) -> None:
    show_process(tmp_path, LEADER, STOPPED, started=100)
    assert not Processes(tmp_path / "11").stopped(name)
    assert not Processes(tmp_path).stopped(name)


def test_a_state_that_is_cut_short_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "11").mkdir()
    (tmp_path / "11" / "stat").write_text("11 (python3) T 0 0")
    assert Processes(tmp_path, LEADER).own_name == ""
    assert not Processes(tmp_path).stopped("11 ")


def test_the_own_process_runs() -> None:
    processes = Processes()
    assert not processes.stopped(processes.own_name)


def test_the_name_of_the_leader_breaks_no_lock_and_names_the_one_that_leads_now(tmp_path: Path) -> None:
    lock_file, folder = tmp_path / "leader.lock", tmp_path / "proc"
    for process_id in (LEADER, FOLLOWER):
        show_process(folder, process_id, STOPPED, started=100 + process_id)
    first, second = (Leadership(lock_file, Processes(folder, process_id)) for process_id in (LEADER, FOLLOWER))
    assert first.claim()
    assert not second.claim()
    assert (first.stopped_leader, second.stopped_leader) == ("", "11 111"), "the leader itself is at work"
    assert not second.claim()
    assert second.seize()
    assert (first.stopped_leader, second.stopped_leader) == ("12 112", "")
    second.resign()
    assert first.claim()
    assert lock_file.read_text() == "11 111"


@asynccontextmanager
async def two_panes(theatre: Theatre) -> AsyncIterator[tuple[Stage, Stage]]:
    """Open a leader and a follower, each a process of its own as far as the system shows."""
    theatre.show_process(LEADER, SLEEPING)
    theatre.show_process(FOLLOWER, RUNNING)
    leader, follower = theatre.stage(process_id=LEADER), theatre.stage(process_id=FOLLOWER)
    async with theatre.running(leader, follower):
        await theatre.clock.advance(6, loops=4)
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)
        yield leader, follower


async def test_a_leader_that_is_stopped_while_nothing_is_due_is_replaced(theatre: Theatre) -> None:
    async with two_panes(theatre) as (leader, follower):
        assert leader.engine.link.next_poll is None, "nothing is due"
        theatre.show_process(LEADER, STOPPED)
        await theatre.clock.advance(MOST, loops=4)
        assert follower.engine.role is Role.LEADING


async def test_a_leader_that_is_stopped_right_after_a_look_is_replaced(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    async with two_panes(theatre) as (_, follower):
        while theatre.gateway.asked[-1][0] != theatre.clock.now():
            await theatre.clock.advance(1, loops=4)
        theatre.show_process(LEADER, STOPPED)
        await theatre.clock.advance(MOST - 1, loops=4)
        assert follower.engine.role is Role.LEADING


async def test_one_that_goes_on_follows_the_one_that_took_over(theatre: Theatre) -> None:
    async with two_panes(theatre) as (leader, follower):
        theatre.show_process(LEADER, STOPPED)
        await theatre.clock.advance(MOST, loops=4)
        theatre.show_process(LEADER, RUNNING)
        await theatre.clock.advance(60, loops=4)
        assert (leader.engine.role, follower.engine.role) == (Role.FOLLOWING, Role.LEADING)
        assert leader.updates[-1].role is Role.FOLLOWING, "the screen is told, although nothing else is new"


def test_of_two_followers_at_the_same_moment_the_second_leaves_the_lead_to_the_first(theatre: Theatre) -> None:
    stages = [theatre.stage() for _ in range(3)]
    first, *followers = (
        Panes(
            Leadership(theatre.folder / "leader.lock", Processes(theatre.folder / "proc", number)),
            stage.replica,
            theatre.clock,
        )
        for number, stage in enumerate(stages, LEADER)
    )
    theatre.show_process(LEADER, STOPPED)
    assert first.claim()
    for _ in range(LOOKS):
        for follower in followers:
            follower.listen_for_leader()
    assert [follower.claim() for follower in followers] == [True, False]
    assert followers[0].leading
    for stage in stages:
        stage.replica.close()


async def test_a_stop_that_passes_at_once_is_let_be(theatre: Theatre) -> None:
    async with two_panes(theatre) as (leader, follower):
        for _ in range(20):
            theatre.show_process(LEADER, STOPPED)
            await theatre.clock.advance(1, loops=4)
            theatre.show_process(LEADER, RUNNING)
            await theatre.clock.advance(1, loops=4)
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)


@pytest.mark.parametrize(
    ("state", "started"), [(STOPPED, 101), (RUNNING, 100), (SLEEPING, 100), (TRACED, 100), (DEAD, 100)]
)
async def test_a_leader_that_runs_and_a_stranger_with_its_number_are_let_be(
    theatre: Theatre, state: str, started: int
) -> None:
    async with two_panes(theatre) as (leader, follower):
        theatre.show_process(LEADER, state, started=started)
        await theatre.clock.advance(60, loops=4)
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)


async def test_where_the_system_shows_no_process_nobody_is_replaced_while_nothing_is_due(theatre: Theatre) -> None:
    leader, follower = theatre.stage(process_id=LEADER), theatre.stage(process_id=FOLLOWER)
    async with theatre.running(leader, follower):
        await theatre.clock.advance(600, loops=4)
        assert (leader.engine.role, follower.engine.role) == (Role.LEADING, Role.FOLLOWING)


async def test_of_many_followers_one_takes_over(theatre: Theatre) -> None:
    theatre.show_process(LEADER, SLEEPING)
    stages = [theatre.stage(process_id=LEADER), *(theatre.stage(process_id=number) for number in range(20, 29))]
    for number in range(20, 29):
        theatre.show_process(number, RUNNING)
    async with theatre.running(*stages):
        loops = 2 * len(stages)
        await theatre.clock.advance(3, loops=loops)
        theatre.show_process(LEADER, STOPPED)
        await theatre.clock.advance(MOST, loops=loops)
        roles = [stage.engine.role for stage in stages]
        assert roles.count(Role.LEADING) == 1
        assert roles[0] is Role.FOLLOWING
        await theatre.clock.advance(30, loops=loops)
        assert [stage.engine.role for stage in stages] == roles


async def test_one_without_a_key_and_one_that_pauses_take_over_nothing(theatre: Theatre) -> None:
    theatre.show_process(LEADER, SLEEPING)
    leader, reader, pausing = theatre.stage(process_id=LEADER), theatre.stage(may_ask=False), theatre.stage()
    async with theatre.running(leader, reader, pausing):
        pausing.engine.pause()
        theatre.show_process(LEADER, STOPPED)
        await theatre.clock.advance(60, loops=6)
        assert leader.engine.role is Role.LEADING


async def test_seeing_a_leader_at_work_writes_nothing(theatre: Theatre) -> None:
    theatre.gateway.knows("settled", Phase.DONE)
    theatre.watch("settled")
    async with two_panes(theatre) as (leader, _):
        await theatre.clock.advance(30, loops=4)
        lock_file, witness = theatre.folder / "leader.lock", theatre.stage()
        before = (lock_file.stat().st_mtime_ns, witness.replica.data_version())
        await theatre.clock.advance(600, loops=4)
        assert (lock_file.stat().st_mtime_ns, witness.replica.data_version()) == before
        assert leader.engine.role is Role.LEADING
        witness.replica.close()


async def test_a_follower_whose_replica_is_in_memory_takes_over_as_well(theatre: Theatre) -> None:
    async with two_panes(theatre) as (_, follower):
        (theatre.folder / "replica.sqlite3").unlink()
        (theatre.folder / "replica.sqlite3").mkdir()
        await theatre.clock.advance(20, loops=4)
        assert follower.replica.problem
        theatre.show_process(LEADER, STOPPED)
        await theatre.clock.advance(MOST, loops=4)
        assert follower.engine.role is Role.LEADING
