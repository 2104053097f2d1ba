"""A pane that nobody looks at asks seldom, and gives way to one that is looked at."""

from __future__ import annotations

from support.theatre import Stage, Theatre

from ecovai_tui.engine.updates import Role
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
        stage.engine.look_away()
        left_at = theatre.clock.now()
        await theatre.clock.advance(100)
        assert len(requests_since(theatre, left_at)) == 3
        assert stage.updates[-1].link.unattended
        assert stage.engine.pace == 30.0


async def test_it_asks_at_once_when_it_is_looked_at_again(theatre: Theatre) -> None:
    [stage] = watching(theatre)
    async with theatre.running(stage):
        await theatre.clock.advance(10)
        stage.engine.look_away()
        await theatre.clock.advance(45)
        back_at = theatre.clock.now()
        stage.engine.look_back()
        await theatre.clock.idle()
        assert theatre.gateway.asked[-1][0] == back_at
        await theatre.clock.advance(20)
        assert len(requests_since(theatre, back_at)) == 4
        assert stage.engine.pace == 5.0


async def test_a_wish_to_look_now_is_not_kept_waiting(theatre: Theatre) -> None:
    [stage] = watching(theatre)
    async with theatre.running(stage):
        stage.engine.look_away()
        await theatre.clock.advance(12)
        stage.engine.refresh()
        await theatre.clock.idle()
        assert theatre.gateway.asked[-1][0] == theatre.clock.now()


async def test_a_pane_that_is_looked_at_takes_the_lead(theatre: Theatre) -> None:
    first, second = watching(theatre, 2)
    async with theatre.running(first, second):
        await theatre.clock.advance(5, loops=4)
        leading, following = sorted((first, second), key=lambda stage: stage.engine.role is not Role.LEADING)
        leading.engine.look_away()
        await theatre.clock.advance(10, loops=4)
        assert following.engine.role is Role.LEADING
        assert leading.engine.role is Role.FOLLOWING
        changed_at = theatre.clock.now()
        await theatre.clock.advance(20, loops=4)
        assert len(requests_since(theatre, changed_at)) == 4


async def test_among_panes_that_nobody_looks_at_the_leader_stays(theatre: Theatre) -> None:
    first, second = watching(theatre, 2)
    async with theatre.running(first, second):
        await theatre.clock.advance(5, loops=4)
        roles = [first.engine.role, second.engine.role]
        first.engine.look_away()
        second.engine.look_away()
        left_at = theatre.clock.now()
        await theatre.clock.advance(120, loops=4)
        assert [first.engine.role, second.engine.role] == roles
        assert len(requests_since(theatre, left_at)) <= 4


async def test_the_lead_is_taken_by_a_pane_that_comes_back(theatre: Theatre) -> None:
    first, second = watching(theatre, 2)
    async with theatre.running(first, second):
        first.engine.look_away()
        second.engine.look_away()
        await theatre.clock.advance(60, loops=4)
        following = next(stage for stage in (first, second) if stage.engine.role is Role.FOLLOWING)
        following.engine.look_back()
        await theatre.clock.advance(6, loops=4)
        assert following.engine.role is Role.LEADING
