"""Another program that holds the replica's lock for long ends no engine, and nothing that it delays is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from support.theatre import Stage, Theatre, until

from ecovai_tui.engine import engine as engine_module
from ecovai_tui.engine.engine import Engine
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.store import database


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.01)
    monkeypatch.setattr(engine_module, "FIRST_WAIT", 0.01)


@asynccontextmanager
async def locked(theatre: Theatre, seconds: float = 6, loops: int = 2) -> AsyncIterator[None]:
    """Keep everyone else from writing, and let time pass meanwhile."""
    other = sqlite3.connect(theatre.folder / "replica.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
        passing = asyncio.create_task(theatre.clock.advance(seconds, loops))
        await asyncio.wait({passing}, timeout=0.1)
    finally:
        other.execute("ROLLBACK")
        other.close()
    await passing


def told(stage: Stage, of: str) -> set[str]:
    return {name for update in stage.updates for name in getattr(update, of)}


async def test_a_request_that_fails_meanwhile_does_not_end_the_engine(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage) as engines:
        theatre.gateway.hold, before = asyncio.Event(), len(theatre.gateway.asked)
        theatre.gateway.failing = lambda ids: GatewayError(Problem.UNREACHABLE)
        await theatre.clock.advance(6)
        assert len(theatre.gateway.asked) == before + 1
        async with locked(theatre, 4):
            theatre.gateway.hold.set()
        assert stage.engine.link.trouble
        assert not engines[0].done()
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(120)
        assert not stage.engine.link.trouble


async def refresh_one(engine: Engine) -> None:
    await engine.refresh(["t1"])


async def without_waiting(engine: Engine, act: Callable[[Engine], None]) -> None:
    act(engine)


@pytest.mark.parametrize(
    "act",
    [
        Engine.refresh,
        refresh_one,
        *(
            lambda engine, act=act: without_waiting(engine, act)
            for act in (Engine.pause, Engine.resume, Engine.look_away, Engine.look_back)
        ),
    ],
)
async def test_whatever_the_user_does_meanwhile_raises_nothing(
    theatre: Theatre, act: Callable[[Engine], Awaitable[None]]
) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes) as engines:
        await theatre.clock.advance(4, loops=4)
        async with locked(theatre, loops=4):
            await act(panes[0].engine)
        await theatre.clock.advance(60, loops=4)
        assert not any(engine.done() for engine in engines)


async def test_a_reply_that_comes_meanwhile_is_recorded_once_that_can_be(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    theatre.gateway.hold = asyncio.Event()
    stage = theatre.stage()
    async with theatre.running(stage):
        async with locked(theatre, 1):
            theatre.gateway.hold.set()
        assert stage.replica.summaries(["t1"])["t1"].seen_at is not None
        assert len(theatre.gateway.asked) == 1


async def test_what_is_refreshed_meanwhile_is_asked_for_once_that_can_be(theatre: Theatre) -> None:
    theatre.watch("settled")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes):
        await theatre.clock.advance(3, loops=4)
        before = len(theatre.gateway.asked)
        async with locked(theatre, 0.5, loops=4):
            await panes[0].engine.refresh(["settled"])
            assert len(theatre.gateway.asked) == before
        await theatre.clock.advance(2, loops=4)
        assert len(theatre.gateway.asked) == before + 1


async def test_what_was_added_meanwhile_is_saved_and_said_to_be(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        async with locked(theatre):
            assert (await stage.engine.add(["t1"])).new == ("t1",)
            assert theatre.watch_list.read().ids == ("t1",)
        assert told(stage, "added") == {"t1"}
        assert theatre.gateway.asked[-1][1] == ("t1",)


async def test_an_engine_ends_all_the_same(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "LAST_WORD", 0.01)
    theatre.watch("t1")
    theatre.gateway.hold = asyncio.Event()
    stage = theatre.stage()
    async with theatre.running(stage) as engines:
        other = sqlite3.connect(theatre.folder / "replica.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        engines[0].cancel()
        await until(engines[0].done)
        other.close()
