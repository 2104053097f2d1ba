"""The engine as its listeners see it: what it asks, what it tells, and what it never does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from support.theatre import START, Theatre

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.judging import Aspect
from ecovai_tui.tasks.model import Phase


def always(error: GatewayError):  # noqa: ANN201 a rule for FakeGateway
    return lambda ids: error


async def test_a_watched_task_is_asked_for_until_it_is_final(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        assert stage.phase("t1") is Phase.RUNNING
        await theatre.clock.advance(11)
        assert [at - START for at, _ in theatre.gateway.asked] == [0, 5, 10]
        theatre.gateway.knows("t1", Phase.DONE)
        await theatre.clock.advance(5)
        assert stage.phase("t1") is Phase.DONE
        await theatre.clock.advance(3600)
        assert len(theatre.gateway.asked) == 4


async def test_listeners_hear_of_each_change_once_the_replica_holds_it(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    told: list[Phase] = []
    stage.engine.subscribe(lambda update: told.extend(stage.phase(change.id) for change in update.changes))
    async with theatre.running(stage):
        theatre.gateway.knows("t1", Phase.DONE)
        await theatre.clock.advance(5)
    assert told[0] is Phase.RUNNING
    assert told[-1] is Phase.DONE
    changes = [change for update in stage.updates for change in update.changes]
    assert [change.what for change in changes if change.makes_final] == [Aspect.PHASE]


async def test_what_nobody_watches_is_never_asked_for(theatre: Theatre) -> None:
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(600)
    assert theatre.gateway.asked == []
    assert theatre.gateway.opened == 0


async def test_an_id_added_by_another_program_is_asked_for_within_two_seconds(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        theatre.watch("t1")
        await theatre.clock.advance(2)
        assert [ids for _, ids in theatre.gateway.asked] == [("t1",)]
        assert [update.added for update in stage.updates if update.added] == [{"t1"}]


async def test_an_id_removed_by_another_program_is_asked_for_no_more(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        theatre.watch_list.remove(["t1"], now=theatre.clock.now())
        await theatre.clock.advance(2)
        before = len(theatre.gateway.asked)
        await theatre.clock.advance(60)
        assert len(theatre.gateway.asked) == before
        assert [update.removed for update in stage.updates if update.removed] == [{"t1"}]


async def test_only_one_request_is_in_flight_and_refreshing_joins_it(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.gateway.hold = asyncio.Event()
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        assert stage.engine.link.in_flight
        await stage.engine.refresh()
        await stage.engine.refresh(["t1"])
        await theatre.clock.idle()
        assert len(theatre.gateway.asked) == 1
        theatre.gateway.hold.set()
        await theatre.clock.idle()
        await theatre.clock.advance(4)
        assert len(theatre.gateway.asked) == 1


async def test_refreshing_asks_again_for_what_was_settled(theatre: Theatre) -> None:
    theatre.gateway.knows("t1", Phase.DONE)
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(100)
        assert len(theatre.gateway.asked) == 1
        await stage.engine.refresh(["t1"])
        await theatre.clock.idle()
        assert len(theatre.gateway.asked) == 2
        await theatre.clock.advance(100)
        assert len(theatre.gateway.asked) == 2


async def test_a_pause_sends_nothing_and_watches_on(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        stage.engine.pause()
        theatre.watch("t2")
        await theatre.clock.advance(300)
        assert len(theatre.gateway.asked) == 1
        assert stage.engine.link.paused
        assert {"t2"} in [update.added for update in stage.updates]
        stage.engine.resume()
        await theatre.clock.advance(2)
        assert {"t1", "t2"} <= {task_id for _, ids in theatre.gateway.asked[1:] for task_id in ids}


async def test_failures_back_off_and_never_change_a_phase(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        theatre.gateway.failing = always(GatewayError(Problem.OVERLOADED, status=503))
        await theatre.clock.advance(600)
        trouble = stage.engine.link.trouble
        assert trouble is not None
        assert "overloaded" in trouble.message
        assert stage.phase("t1") is Phase.RUNNING
        assert 10 < len(theatre.gateway.asked) < 60
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(60)
        assert stage.engine.link.trouble is None


async def test_a_refused_key_is_fetched_again_once_and_then_left_alone(theatre: Theatre) -> None:
    theatre.watch("t1")
    theatre.gateway.failing = always(GatewayError(Problem.KEY_REFUSED, status=401))
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(299)
        assert theatre.gateway.opened == 2
        assert len(theatre.gateway.asked) == 2
        trouble = stage.engine.link.trouble
        assert trouble is not None
        assert trouble.key_refused


async def test_an_id_that_batches_leave_out_is_missing_only_after_grace_and_a_single_look(theatre: Theatre) -> None:
    theatre.watch("lost")
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(59)
        assert stage.phase("lost") is Phase.WAITING
        assert theatre.gateway.single == []
        await theatre.clock.advance(10)
        assert theatre.gateway.single == ["lost"]
        assert stage.phase("lost") is Phase.MISSING
        assert Phase.MISSING in {change.after for update in stage.updates for change in update.changes}


async def test_an_id_that_only_the_single_look_finds_is_not_missing(theatre: Theatre) -> None:
    theatre.watch("shy")
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(58)
        theatre.gateway.tasks.clear()
        theatre.gateway.knows("shy")
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(10)
        assert stage.phase("shy") is Phase.RUNNING


async def test_one_poisonous_id_is_found_and_set_apart_while_the_others_are_served(theatre: Theatre) -> None:
    ids = [f"t{number:02}" for number in range(40)]
    for task_id in ids:
        theatre.gateway.knows(task_id)
    theatre.watch(*ids)

    def poisoned(asked: Sequence[str]) -> GatewayError | None:
        return GatewayError(Problem.SERVER_ERROR, about="500", status=500) if "t17" in asked else None

    theatre.gateway.failing = poisoned
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(900)
        summaries = stage.replica.summaries(ids)
        assert {task_id for task_id in ids if summaries[task_id].seen_at is None} == {"t17"}
        assert "fails whenever" in summaries["t17"].note
        assert stage.engine.link.trouble is None
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(120)
        healed = stage.replica.summaries(["t17"])["t17"]
        assert (healed.phase, healed.note) == (Phase.RUNNING, "")


async def test_the_cap_holds_however_many_tasks_are_active(theatre: Theatre) -> None:
    ids = [f"t{number:04}" for number in range(2000)]
    for task_id in ids:
        theatre.gateway.knows(task_id)
    theatre.watch(*ids)
    stage = theatre.stage()
    async with theatre.running(stage):
        await theatre.clock.advance(300)
        times = [at for at, _ in theatre.gateway.asked]
        assert max(sum(first <= at < first + 60 for at in times) for first in times) == 30
        assert max(len(batch) for _, batch in theatre.gateway.asked) == 50
        assert all(summary.seen_at for summary in stage.replica.summaries(ids).values())


async def test_the_cap_holds_for_commands_that_ask_for_ids_of_their_own_beside_a_pane(theatre: Theatre) -> None:
    ids = [f"t{number}" for number in range(12)]
    for task_id in ids:
        theatre.gateway.knows(task_id)
    stages = [theatre.stage(ids=(task_id,)) for task_id in ids]
    async with theatre.running(*stages):
        await theatre.clock.advance(180, loops=2 * len(stages))
        times = [at for at, _ in theatre.gateway.asked]
        assert max(sum(first <= at < first + 60 for at in times) for first in times) == 30
        assert {asked for _, batch in theatre.gateway.asked for asked in batch} == set(ids), "each gets its turn"


async def test_the_gateways_clock_is_measured(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.gateway.skew = 90.0
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        assert stage.engine.link.skew == 90.0


async def test_without_a_key_nothing_is_asked_and_the_list_is_still_watched(theatre: Theatre) -> None:
    theatre.watch("t1")
    stage = theatre.stage(may_ask=False)
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        assert stage.engine.link.read_only
        assert stage.replica.watched_ids() == ["t1"]
    assert theatre.gateway.opened == 0


async def test_what_one_pane_is_told_the_other_sees(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes):
        theatre.gateway.knows("t1", Phase.DONE)
        await theatre.clock.advance(8, loops=4)
        for pane in panes:
            assert Phase.DONE in {change.after for update in pane.updates for change in update.changes}
            assert Phase.DONE in {task.summary.phase for update in pane.updates for task in update.tasks}
        assert len(theatre.gateway.asked) == 2


async def test_what_was_told_before_a_pane_began_reaches_it(theatre: Theatre) -> None:
    theatre.gateway.knows("t1", Phase.DONE)
    theatre.watch("t1")
    first, second = theatre.stage(), theatre.stage()
    async with theatre.running(first):
        assert first.phase("t1") is Phase.DONE, "after the other's front end read the replica"
        async with theatre.running(second):
            assert "t1" in {name for update in second.updates for name in update.changed}


async def test_what_is_refreshed_in_any_pane_is_asked_for(theatre: Theatre) -> None:
    theatre.gateway.knows("t1", Phase.DONE)
    theatre.watch("t1")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes):
        for times, pane in enumerate(panes, 2):
            await pane.engine.refresh(["t1"])
            await theatre.clock.advance(4, loops=4)
            assert len(theatre.gateway.asked) == times


async def test_trouble_and_the_next_try_are_the_same_in_all_panes(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes):
        theatre.gateway.failing = always(GatewayError(Problem.OVERLOADED, status=503))
        await theatre.clock.advance(60, loops=4)
        first, second = (pane.engine.link.trouble for pane in panes)
        assert first is not None
        assert first == second
        theatre.gateway.failing = lambda ids: None
        await theatre.clock.advance(60, loops=4)
        assert [pane.engine.link.trouble for pane in panes] == [None, None]


async def test_a_pane_hears_of_tasks_that_were_seen_again_unchanged(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    panes = theatre.stage(), theatre.stage()
    async with theatre.running(*panes):
        await theatre.clock.advance(2, loops=4)
        for pane in panes:
            pane.updates.clear()
        await theatre.clock.advance(9, loops=4)
        for pane in panes:
            assert {"t1"} in [update.seen for update in pane.updates]
            assert not any(update.changes for update in pane.updates)


async def test_ten_instances_ask_like_one(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stages = [theatre.stage() for _ in range(10)]
    async with theatre.running(*stages):
        await theatre.clock.advance(60, loops=20)
        assert len(theatre.gateway.asked) == 13


async def test_the_cap_holds_for_all_panes_together(theatre: Theatre) -> None:
    ids = [f"t{number:04}" for number in range(2000)]
    for task_id in ids:
        theatre.gateway.knows(task_id)
    theatre.watch(*ids)
    first, second = theatre.stage(), theatre.stage()
    async with theatre.running(first, second):
        await theatre.clock.advance(30, loops=4)
        first.engine.pause()
        await theatre.clock.advance(60, loops=4)
        times = [at for at, _ in theatre.gateway.asked]
        assert max(sum(start <= at < start + 60 for at in times) for start in times) <= 30


async def test_a_replica_that_is_deleted_while_running_is_filled_again(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        for file in theatre.folder.glob("replica*"):
            file.unlink()
        await theatre.clock.advance(10)
        assert stage.phase("t1") is Phase.RUNNING
        assert stage.replica.watched_ids() == ["t1"]


async def test_a_watch_list_that_cannot_be_read_is_told_once_and_nothing_is_forgotten(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    stage = theatre.stage()
    async with theatre.running(stage):
        theatre.watch_list.path.write_text("ids = [")
        await theatre.clock.advance(10)
        notices = [update.notice for update in stage.updates if update.notice]
        assert len(notices) == 1
        assert "watchlist.toml" in notices[0]
        assert stage.replica.watched_ids() == ["t1"]
        assert len(theatre.gateway.asked) == 3


async def test_ending_lets_go_of_the_gateway_and_of_the_request_under_way(theatre: Theatre) -> None:
    theatre.gateway.knows("t1")
    theatre.watch("t1")
    theatre.gateway.hold = asyncio.Event()
    first, second = theatre.stage(), theatre.stage()
    async with theatre.running(first):
        assert first.engine.link.in_flight
    assert theatre.gateway.closed == 1
    theatre.gateway.hold = None
    async with theatre.running(second):
        await theatre.clock.advance(2.1)
        assert second.phase("t1") is Phase.RUNNING
