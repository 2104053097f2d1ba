"""A pane that nobody looks at asks seldom, and gives way to one that is looked at."""

from __future__ import annotations

from support.theatre import Stage, Theatre

from ecovai_tui.monitor.update import Role
from ecovai_tui.tasks.model import Phase


def watching(theatre: Theatre, count: int = 1) -> list[Stage]:
    theatre.watch("a")
    theatre.gateway.knows("a", Phase.RUNNING)
    return [theatre.stage() for _ in range(count)]


def requests_since(theatre: Theatre, moment: float) -> list[float]:
    return [round(at - moment) for at, _ids in theatre.gateway.asked if at > moment]


async def test_a_pane_that_nobody_looks_at_asks_every_30_s(theatre: Theatre) -> None:
    [stage] = watching(theatre)
    async with theatre.running(stage):
        await theatre.clock.advance(10)
        stage.monitor.look_away()
        left_at = theatre.clock.now()
        await theatre.clock.advance(100)
        assert len(requests_since(theatre, left_at)) == 3
        assert stage.updates[-1].link.unattended
        assert stage.monitor.pace == 30.0


async def test_it_asks_at_once_when_it_is_looked_at_again(theatre: Theatre) -> None:
    [stage] = watching(theatre)
    async with theatre.running(stage):
        await theatre.clock.advance(10)
        stage.monitor.look_away()
        await theatre.clock.advance(45)
        back_at = theatre.clock.now()
        stage.monitor.look_back()
        await theatre.clock.idle()
        assert theatre.gateway.asked[-1][0] == back_at
        await theatre.clock.advance(20)
        assert len(requests_since(theatre, back_at)) == 4
        assert stage.monitor.pace == 5.0


async def test_a_wish_to_look_now_is_not_kept_waiting(theatre: Theatre) -> None:
    [stage] = watching(theatre)
    async with theatre.running(stage):
        stage.monitor.look_away()
        await theatre.clock.advance(12)
        stage.monitor.refresh()
        await theatre.clock.idle()
        assert theatre.gateway.asked[-1][0] == theatre.clock.now()


async def test_a_pane_that_is_looked_at_takes_the_lead(theatre: Theatre) -> None:
    first, second = watching(theatre, 2)
    async with theatre.running(first, second):
        await theatre.clock.advance(5, loops=4)
        leading, following = sorted((first, second), key=lambda stage: stage.monitor.role is not Role.LEADING)
        leading.monitor.look_away()
        await theatre.clock.advance(10, loops=4)
        assert following.monitor.role is Role.LEADING
        assert leading.monitor.role is Role.FOLLOWING
        changed_at = theatre.clock.now()
        await theatre.clock.advance(20, loops=4)
        assert len(requests_since(theatre, changed_at)) == 4


async def test_among_panes_that_nobody_looks_at_the_leader_stays(theatre: Theatre) -> None:
    first, second = watching(theatre, 2)
    async with theatre.running(first, second):
        await theatre.clock.advance(5, loops=4)
        roles = [first.monitor.role, second.monitor.role]
        first.monitor.look_away()
        second.monitor.look_away()
        left_at = theatre.clock.now()
        await theatre.clock.advance(120, loops=4)
        assert [first.monitor.role, second.monitor.role] == roles
        assert len(requests_since(theatre, left_at)) <= 4


async def test_the_lead_is_taken_by_a_pane_that_comes_back(theatre: Theatre) -> None:
    first, second = watching(theatre, 2)
    async with theatre.running(first, second):
        first.monitor.look_away()
        second.monitor.look_away()
        await theatre.clock.advance(60, loops=4)
        following = next(stage for stage in (first, second) if stage.monitor.role is Role.FOLLOWING)
        following.monitor.look_back()
        await theatre.clock.advance(6, loops=4)
        assert following.monitor.role is Role.LEADING
