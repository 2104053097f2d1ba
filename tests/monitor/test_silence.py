"""A follower notices that its leader is stopped, and does not cry wolf."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.theatre import START, Theatre

from ecovai_tui.monitor.silence import LONGEST_REQUEST, PATIENCE, SILENT, Silence
from ecovai_tui.monitor.update import Link, Role


@pytest.mark.parametrize(
    ("look", "requests", "silent"),
    [
        (None, [], False),
        (START + 60, [], False),
        (START - 4, [], False),
        (START - 6, [], True),
        (START - 6, [START - 20], True),
        (START - 6, [START - 6], False),
        (START - LONGEST_REQUEST - 9, [START - LONGEST_REQUEST - 5], True),
    ],
)
def test_who_breaks_a_promise_is_silent(look: float | None, requests: list[float], silent: bool) -> None:
    silence = Silence()
    told = [silence.look(Link(next_look=look), requests, START) for _ in range(PATIENCE)]
    assert silence.too_long is silent
    assert told == [False] * (PATIENCE - 1) + [silent]


def test_one_late_look_is_not_silence() -> None:
    silence = Silence()
    for _ in range(3):
        for _ in range(PATIENCE - 1):
            assert not silence.look(Link(next_look=START - 10), [], START)
        assert not silence.look(Link(next_look=START + 10), [], START)
    assert not silence.too_long


async def test_a_follower_tells_of_a_stopped_leader_and_takes_over_when_it_ends(tmp_path: Path) -> None:
    theatre = Theatre(tmp_path)
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    leader, follower = theatre.stage(), theatre.stage()
    leading = asyncio.create_task(leader.monitor.run())
    await theatre.clock.idle()
    following = asyncio.create_task(follower.monitor.run())
    await theatre.clock.advance(10, loops=4)
    assert follower.monitor.role is Role.FOLLOWING
    assert follower.monitor.link.trouble is None
    leader.monitor._panes.leadership.resign = lambda: None  # type: ignore[method-assign]  # it is stopped, not ended
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    await theatre.clock.advance(30)
    assert follower.monitor.role is Role.FOLLOWING
    assert follower.updates[-1].link.trouble == SILENT
    assert leader.monitor._panes.leadership._lock is not None
    leader.monitor._panes.leadership._lock.release(force=True)
    await theatre.clock.advance(5)
    assert follower.monitor.role is Role.LEADING
    assert follower.monitor.link.trouble is None
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    leader.replica.close()
    follower.replica.close()
