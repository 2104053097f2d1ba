"""The engine of a command that was given ids of its own: it asks for them, and leaves the other instances alone."""

from __future__ import annotations

from support.theatre import START, Theatre

from ecovai_tui.tasks.model import Phase


async def test_ids_of_its_own_are_asked_for_until_they_are_final(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("other")
    stage = theatre.stage(ids=("t1", "t2"))
    async with theatre.running(stage):
        assert [set(ids) for _, ids in theatre.gateway.asked] == [{"t1", "t2"}]
        theatre.gateway.knows("t1", Phase.DONE)
        theatre.gateway.knows("t2", Phase.FAILED)
        await theatre.clock.advance(6)
        assert (stage.phase("t1"), stage.phase("t2")) == (Phase.DONE, Phase.FAILED)
        asked = len(theatre.gateway.asked)
        await theatre.clock.advance(600)
        assert len(theatre.gateway.asked) == asked


async def test_they_are_asked_for_beside_panes_that_watch_others(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    pane, command = theatre.stage(), theatre.stage(ids=("t1",))
    async with theatre.running(pane, command):
        assert command.phase("t1") is Phase.RUNNING
        assert pane.engine.link.next_poll is None


async def test_panes_leave_them_alone_once_the_command_has_ended(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    pane, command = theatre.stage(), theatre.stage(ids=("t1",))
    async with theatre.running(pane):
        async with theatre.running(command):
            await theatre.clock.advance(6, loops=4)
        asked = len(theatre.gateway.asked)
        await theatre.clock.advance(60)
        assert len(theatre.gateway.asked) == asked


async def test_an_id_that_was_given_up_as_missing_is_asked_for_again_at_once(theatre: Theatre) -> None:
    before = theatre.stage()
    before.replica.record_missing(["t1"], START - 30 * 24 * 3600)
    before.replica.record_missing(["t1"], START - 28 * 24 * 3600)
    before.replica.close()
    theatre.gateway.knows("t1")
    command = theatre.stage(ids=("t1",))
    async with theatre.running(command):
        assert command.phase("t1") is Phase.RUNNING
