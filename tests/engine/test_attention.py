"""A pane that nobody looks at asks rarely, and leaves the rest to one that is looked at."""

from __future__ import annotations

from support.theatre import Stage, Theatre

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


async def test_who_asks_to_look_now_is_not_kept_waiting(theatre: Theatre) -> None:
    [stage] = watching(theatre)
    async with theatre.running(stage):
        stage.engine.look_away()
        await theatre.clock.advance(12)
        await stage.engine.refresh()
        await theatre.clock.idle()
        assert theatre.gateway.asked[-1][0] == theatre.clock.now()


async def test_among_many_panes_the_one_that_is_looked_at_asks(theatre: Theatre) -> None:
    panes = watching(theatre, 3)
    for pane in panes[1:]:
        pane.engine.look_away()
    async with theatre.running(*panes):
        await theatre.clock.advance(60, loops=6)
        begun = theatre.clock.now()
        await theatre.clock.advance(60, loops=6)
        assert len(requests_since(theatre, begun)) == 12


async def test_panes_that_nobody_looks_at_ask_together_every_30_s(theatre: Theatre) -> None:
    panes = watching(theatre, 3)
    async with theatre.running(*panes):
        for pane in panes:
            pane.engine.look_away()
        left_at = theatre.clock.now()
        await theatre.clock.advance(120, loops=6)
        assert len(requests_since(theatre, left_at)) == 4


async def test_a_pane_that_comes_back_asks_at_the_usual_pace_again(theatre: Theatre) -> None:
    panes = watching(theatre, 2)
    async with theatre.running(*panes):
        for pane in panes:
            pane.engine.look_away()
        await theatre.clock.advance(60, loops=4)
        panes[1].engine.look_back()
        back_at = theatre.clock.now()
        await theatre.clock.advance(20, loops=4)
        assert len(requests_since(theatre, back_at)) == 4
