"""Trouble with files that passes leaves nothing behind."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from support.theatre import LOOPS, Theatre

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


async def test_the_trouble_of_an_instance_that_has_ended_is_not_told_by_the_next(theatre: Theatre) -> None:
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


async def test_the_trouble_of_an_instance_that_leads_is_told_by_those_that_follow(theatre: Theatre) -> None:
    theatre.watch("t1")
    leader, follower = theatre.stage(), theatre.stage()
    theatre.gateway.failing = lambda _ids: GatewayError(Problem.KEY_REFUSED)
    async with theatre.running(leader, follower):
        await theatre.clock.advance(10, 2 * LOOPS)
        assert follower.updates[-1].link.trouble
