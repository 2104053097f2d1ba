"""Tasks of several families beside each other: each request names one family, and one that fails is its own trouble."""

from __future__ import annotations

from collections.abc import Sequence

from support.theatre import Theatre

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.families import family_of
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import unpacked

SONG, PICTURE, VIDEO = "song-1", "midjourney:1730000000123456", "runway:77aa0000"


async def test_each_family_is_asked_for_in_its_own_rhythm(theatre: Theatre) -> None:
    for name in (SONG, PICTURE, VIDEO):
        theatre.gateway.knows(name)
    theatre.watch(SONG, PICTURE, VIDEO)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(61)
        asked = [family_of(ids[0]) for _, ids in theatre.gateway.asked]
        assert all(len(ids) == 1 for _, ids in theatre.gateway.asked)
        assert asked.count("midjourney") in {4, 5}
        assert asked.count("runway") in {5, 6}
        assert asked.count("suno") >= 10
        assert all(stage.phase(name) is Phase.RUNNING for name in (SONG, PICTURE, VIDEO))


async def test_a_family_of_which_the_gateway_does_not_tell_troubles_nobody_else(theatre: Theatre) -> None:
    theatre.gateway.knows(SONG)
    theatre.watch(SONG, PICTURE)

    def failing(ids: Sequence[str]) -> GatewayError | None:
        return GatewayError(Problem.WRONG_ROUTE, about="midjourney") if PICTURE in ids else None

    theatre.gateway.failing = failing
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(120)
        known = stage.replica.summaries([PICTURE])[PICTURE]
        assert (known.phase, stage.engine.link.trouble) == (Phase.WAITING, None)
        assert "cannot be asked for midjourney tasks" in unpacked(known.note)
        assert [ids for _, ids in theatre.gateway.asked].count((PICTURE,)) == 1
        assert len(theatre.gateway.asked) >= 20, "the song goes on as usual"
        told = [update.notice for update in stage.updates if update.notice]
        assert len(told) == 1, "said once"
        assert "cannot be asked for midjourney tasks" in told[0]
        theatre.gateway.failing = lambda ids: None
        theatre.gateway.knows(PICTURE)
        await theatre.clock.advance(600)
        assert stage.phase(PICTURE) is Phase.RUNNING
        assert stage.replica.summaries([PICTURE])[PICTURE].note == ""


async def test_a_family_whose_maker_fails_rests_alone(theatre: Theatre) -> None:
    other = "luma:8c1f0001"
    for name in (SONG, PICTURE, other):
        theatre.gateway.knows(name)
    theatre.watch(SONG, PICTURE, other)

    def failing(ids: Sequence[str]) -> GatewayError | None:
        return GatewayError(Problem.SERVER_ERROR, about="502") if other in ids else None

    theatre.gateway.failing = failing
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(300)
        asked = [family_of(ids[0]) for _, ids in theatre.gateway.asked]
        assert asked.count("suno") >= 45
        assert asked.count("midjourney") >= 15
        assert 4 <= asked.count("luma") <= 20, "it backs off"
        assert not any(update.link.trouble for update in stage.updates)
        assert "502" in stage.replica.summaries([other])[other].note
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(61)
        assert stage.phase(other) is Phase.RUNNING
        assert stage.replica.summaries([other])[other].note == ""


async def test_a_task_that_always_fails_holds_up_no_other_of_its_family(theatre: Theatre) -> None:
    pictures = [f"midjourney:17300000001234{number:02}" for number in range(10)]
    good = ["luma:8c1f0002", *pictures[1:]]
    bad = {"luma:8c1f0001", pictures[0]}
    for name in good:
        theatre.gateway.knows(name)
    theatre.watch(*sorted(bad), *good)
    theatre.gateway.failing = lambda ids: GatewayError(Problem.SERVER_ERROR) if bad & set(ids) else None
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(180)
        assert all(stage.phase(name) is Phase.RUNNING for name in good)
        assert not any(update.link.trouble for update in stage.updates)
        before = len(theatre.gateway.asked)
        await theatre.clock.advance(60)
        seen = [ids for _, ids in theatre.gateway.asked[before:] if not bad & set(ids)]
        assert set(good) <= {name for ids in seen for name in ids}, "each within a minute"


async def test_what_is_plainly_the_gateways_trouble_is_so_for_all(theatre: Theatre) -> None:
    theatre.gateway.knows(VIDEO)
    theatre.watch(VIDEO)
    theatre.gateway.failing = lambda ids: GatewayError(Problem.TOO_MANY_REQUESTS, retry_after=60.0)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(30)
        assert stage.engine.link.trouble is not None
        assert len(theatre.gateway.asked) == 1


async def test_another_route_is_tried_at_once(theatre: Theatre) -> None:
    theatre.gateway.knows(VIDEO)
    theatre.watch(VIDEO)
    errors = [GatewayError(Problem.NEXT_ROUTE, about="runway")]
    theatre.gateway.failing = lambda ids: errors.pop() if errors else None
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(5)
        assert stage.phase(VIDEO) is Phase.RUNNING
        assert len(theatre.gateway.asked) == 2
        assert not any(update.link.trouble for update in stage.updates)


async def test_a_family_has_a_grace_of_its_own_before_a_task_counts_as_missing(theatre: Theatre) -> None:
    theatre.watch(SONG, VIDEO)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(240)
        assert (stage.phase(SONG), stage.phase(VIDEO)) == (Phase.MISSING, Phase.WAITING)
        await theatre.clock.advance(120)
        assert stage.phase(VIDEO) is Phase.MISSING
