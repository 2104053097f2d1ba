"""A key with a list of models: the gateway may still tell of one task at a time, and the cap holds for that too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from support.theatre import FakeGateway, FakeReply, Theatre

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase, Task

RESTRICTED = GatewayError(Problem.MODEL_RESTRICTED, status=403)


class RestrictedGateway(FakeGateway):
    """Refuses batches of such a key, and from then on takes one id a request, if it takes any."""

    tells_singly = True

    async def fetch(self, ids: Sequence[str]) -> FakeReply:
        """Answer as the real client does."""
        assert len(ids) <= self.most_ids
        if self.most_ids == 1 and self.tells_singly:
            return await super().fetch(ids)
        self.asked.append((self.clock.now(), tuple(ids)))
        self.most_ids = 1 if self.most_ids > 1 else 50
        raise RESTRICTED

    async def fetch_one(self, task_id: str) -> Task | None:
        """Answer as the real client does."""
        assert self.most_ids == 1
        return await super().fetch_one(task_id)


@pytest.fixture
def gateway(theatre: Theatre) -> RestrictedGateway:
    gateway = RestrictedGateway(theatre.clock)
    for name in "abc":
        gateway.knows(name, Phase.RUNNING)
    theatre.watch("a", "b", "c")
    return gateway


async def test_the_tasks_are_asked_for_one_by_one_where_the_gateway_tells(
    theatre: Theatre, gateway: RestrictedGateway
) -> None:
    stage = theatre.stage(gateway=gateway)
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        assert all(stage.phase(name) is Phase.RUNNING for name in "abc")
        assert stage.engine.link.trouble is None
        first, *rest = (ids for _, ids in gateway.asked)
        assert (len(first), {len(ids) for ids in rest}) == (3, {1})
        moments = [at for at, _ in gateway.asked]
        assert len(moments) <= 31
        assert min(later - sooner for sooner, later in pairwise(moments)) >= 60 / 30
        assert gateway.opened == 1


async def test_an_id_that_is_not_known_there_is_missing(theatre: Theatre, gateway: RestrictedGateway) -> None:
    del gateway.tasks["b"]
    stage = theatre.stage(gateway=gateway)
    async with theatre.running(stage):
        await theatre.clock.advance(120)
        assert stage.phase("b") is Phase.MISSING
        assert gateway.single == ["b"]


async def test_where_the_gateway_does_not_tell_the_key_is_refused_after_one_try(
    theatre: Theatre, gateway: RestrictedGateway
) -> None:
    gateway.tells_singly = False
    stage = theatre.stage(gateway=gateway)
    async with theatre.running(stage):
        await theatre.clock.advance(60)
        assert stage.engine.link.key_refused
        assert [len(ids) for _, ids in gateway.asked] == [3, 1, 3, 1], "once more with the key obtained again"
