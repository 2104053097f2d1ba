"""Trouble with files that passes leaves nothing behind."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from support.theatre import Theatre

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase


@pytest.mark.parametrize("number", [errno.ESTALE, errno.EIO, errno.EACCES])
async def test_a_watch_list_that_the_disk_refuses_is_read_as_soon_as_it_does_not(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage, read, refusals = theatre.stage(), Path.read_bytes, [number] * 3

    def refused(path: Path) -> bytes:
        if refusals:
            raise OSError(refusals.pop(), os.strerror(number))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    async with theatre.running(stage):
        await theatre.clock.advance(10)
        assert not stage.engine.problem
        assert theatre.gateway.asked
        notices = [update.notice for update in stage.updates if update.notice]
        assert len(notices) == 2, "once that it cannot be read, and once that it can be again"


async def test_a_replica_that_is_deleted_is_filled_again_with_tasks_that_were_settled_as_well(
    theatre: Theatre,
) -> None:
    theatre.gateway.knows("open")
    theatre.gateway.knows("settled", Phase.DONE)
    theatre.watch("open", "settled")
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        for file in theatre.folder.glob("replica.sqlite3*"):
            file.unlink()
        await theatre.clock.advance(60)
        assert {task.id: task.summary.phase for task in stage.replica.watched()} == {
            "open": Phase.RUNNING,
            "settled": Phase.DONE,
        }


async def test_a_refused_key_is_no_trouble_of_another_instance(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    before, after = theatre.stage(), theatre.stage()
    theatre.gateway.failing = lambda _ids: GatewayError(Problem.KEY_REFUSED)
    async with theatre.running(before):
        await theatre.clock.advance(10)
        assert before.engine.link.trouble
    theatre.gateway.failing = lambda _ids: None
    async with theatre.running(after):
        await theatre.clock.advance(10)
        assert after.phase("t1") is Phase.RUNNING
        assert [update for update in after.updates if update.link.trouble] == []


async def test_trouble_of_yesterday_is_none_of_today(theatre: Theatre) -> None:
    theatre.watch("t1")
    yesterday, today = theatre.stage(), theatre.stage()
    theatre.gateway.failing = lambda _ids: GatewayError(Problem.UNREACHABLE)
    async with theatre.running(yesterday):
        await theatre.clock.advance(300)
        assert yesterday.engine.link.trouble
    theatre.clock.jump(24 * 3600)
    async with theatre.running(today):
        next_poll = today.engine.link.next_poll
        assert next_poll is not None
        assert next_poll - theatre.clock.now() <= 2.1, "the first failure of today"
    assert not today.updates[0].link.trouble
