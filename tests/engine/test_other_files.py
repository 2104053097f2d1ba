"""Files of a front end are looked at with the engine's own, and it is told when they are other than before."""

from __future__ import annotations

from support.theatre import Theatre


async def test_a_change_is_told_once_and_what_was_there_from_the_start_is_not(theatre: Theatre) -> None:
    stage = theatre.stage()
    there, told = [1], list[int]()
    stage.engine.look_also(lambda: tuple(there), lambda: told.append(len(there)))
    async with theatre.running(stage):
        await theatre.clock.advance(10)
        assert told == []
        there.append(2)
        await theatre.clock.advance(10)
        assert told == [2]
