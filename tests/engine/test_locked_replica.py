"""Another program that holds the replica's lock for long ends no engine, and nothing that it delays is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.theatre import Stage, Theatre, until

from ecovai_tui.engine.engine import Engine
from ecovai_tui.engine.updates import Role
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.store import database
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.tasks.changes import Change
from ecovai_tui.tasks.model import Phase


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.001)


@contextmanager
def locked(theatre: Theatre) -> Iterator[None]:
    """Keep everyone else from writing."""
    other = sqlite3.connect(theatre.folder / "replica.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def told(stage: Stage, of: str) -> set[str]:
    return {name for update in stage.updates for name in getattr(update, of)}


async def test_a_request_that_fails_meanwhile_does_not_end_the_engine(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage) as engines:
        theatre.gateway.hold, before = asyncio.Event(), len(theatre.gateway.asked)
        theatre.gateway.failing = lambda ids: GatewayError(Problem.UNREACHABLE)
        passing = asyncio.create_task(theatre.clock.advance(6))
        await until(lambda: len(theatre.gateway.asked) > before)
        with locked(theatre):
            theatre.gateway.hold.set()
            await passing
            assert stage.engine.link.trouble
            assert not engines[0].done()
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(120)
        assert not stage.engine.link.trouble


@pytest.mark.parametrize(
    "act",
    [
        Engine.refresh,
        Engine.pause,
        Engine.resume,
        Engine.look_away,
        Engine.look_back,
        Engine.step_down,
        lambda engine: engine.refresh(["t1"]),
    ],
)
@pytest.mark.parametrize("role", [Role.LEADING, Role.FOLLOWING])
async def test_whatever_the_user_does_meanwhile_raises_nothing(
    theatre: Theatre, act: Callable[[Engine], None], role: Role
) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower) as engines:
        await theatre.clock.advance(4, loops=4)
        stage = leader if role is Role.LEADING else follower
        with locked(theatre):
            act(stage.engine)
            await theatre.clock.advance(6, loops=4)
        await theatre.clock.advance(60, loops=4)
        assert not any(engine.done() for engine in engines)


async def test_a_followers_wish_reaches_the_leader_once_it_can(theatre: Theatre) -> None:
    theatre.gateway.knows("settled", Phase.DONE)
    theatre.watch("settled")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        await theatre.clock.advance(6, loops=4)
        before = len(theatre.gateway.asked)
        with locked(theatre):
            follower.engine.refresh(["settled"])
            await theatre.clock.advance(6, loops=4)
            assert len(theatre.gateway.asked) == before
        await theatre.clock.advance(4, loops=4)
        assert len(theatre.gateway.asked) == before + 1


async def test_followers_are_told_of_the_link_once_they_can_be(theatre: Theatre) -> None:
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        with locked(theatre):
            leader.engine.look_away()
            await theatre.clock.advance(6, loops=4)
            assert not follower.engine.link.unattended
        await theatre.clock.advance(4, loops=4)
        assert [leader.engine.role, follower.engine.role] == [Role.FOLLOWING, Role.LEADING], "it takes the lead"


async def test_what_was_added_meanwhile_is_saved_and_said_to_be(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        with locked(theatre):
            assert (await stage.engine.add(["t1"])).new == ("t1",)
            assert theatre.watch_list.read().ids == ("t1",)
        await theatre.clock.advance(4)
        assert told(stage, "added") == {"t1"}
        assert theatre.gateway.asked[-1][1] == ("t1",)


async def test_what_a_look_found_before_it_was_held_up_is_told_with_the_next(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    leader, follower = theatre.stage(), theatre.stage()
    async with theatre.running(leader, follower):
        await theatre.clock.advance(4, loops=4)
        theatre.gateway.knows("t1", Phase.DONE)
        theatre.watch("t2")
        held_up = HeldUp(monkeypatch, follower)
        await theatre.clock.advance(12, loops=4)
        assert held_up.times == 3
        assert told(follower, "added") == {"t2"}
        assert {(change.id, change.after) for update in follower.updates for change in update.changes} >= {
            ("t1", "done")
        }


class HeldUp:
    """Another program that is in the way of three reads, as where the file system knows no write-ahead log."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
        self.times = 0
        read = stage.replica.changes_after

        def changes_after(row: int) -> list[tuple[int, Change]]:
            if self.times < 3:
                self.times += 1
                raise ReplicaBusy(Path("replica.sqlite3"))
            return read(row)

        monkeypatch.setattr(stage.replica, "changes_after", changes_after)
