"""What the screen submits with: it outlives its form, forgets what was accepted, and knows what it costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from support.theatre import until

from ecovai_tui.engine.submitting import Draft, Submissions
from ecovai_tui.engine.worker import SystemClock
from ecovai_tui.gateway.billing import Price
from ecovai_tui.gateway.submission import Kind, song
from ecovai_tui.gateway.submit import Verdict
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.receipt_file import State
from ecovai_tui.store.settings import Flags, load_settings

RAIN, DRAFT = song(gpt_description_prompt="rain"), Draft("music", {"about": "rain"})

Open = Callable[..., tuple[Submissions, Simulator]]


@pytest.fixture
def open_gateway(environment: dict[str, str]) -> Iterator[Open]:
    with ExitStack() as stack:

        def start(faults: str = "", **options: float) -> tuple[Submissions, Simulator]:
            chosen = Options(arrivals=False, population=0, faults=parse_faults(faults), **options)  # type: ignore[arg-type]
            simulator = stack.enter_context(Simulator(chosen))
            there = {**environment, "ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key}
            paths = find_paths(there)
            settings = load_settings(Flags(), there, paths)
            return Submissions(settings, paths, lambda: Secret(simulator.key), SystemClock()), simulator

        yield start


async def test_the_draft_of_what_was_accepted_is_forgotten(open_gateway: Open) -> None:
    submissions, _ = open_gateway()
    submissions.drafts.keep("music", {"about": "rain"})
    sent = await submissions.send(RAIN, DRAFT)
    assert sent.outcome.verdict is Verdict.ACCEPTED
    await asyncio.sleep(0)
    assert submissions.drafts.read("music") == {}


async def test_the_draft_of_what_nobody_knows_is_kept_and_the_quota_is_noted(open_gateway: Open) -> None:
    submissions, _ = open_gateway("lost-reply")
    submissions.drafts.keep("music", {"about": "rain"})
    assert (await submissions.send(RAIN, DRAFT)).outcome.verdict is Verdict.UNKNOWN
    assert submissions.drafts.read("music") == {"about": "rain"}
    receipts = submissions.receipts
    await until(lambda: receipts.read(0)[0].used_after is not None)


async def test_what_is_under_way_goes_on_without_its_form(open_gateway: Open) -> None:
    submissions, simulator = open_gateway("slow-60", very_slow_seconds=0.3)
    form = asyncio.create_task(submissions.send(RAIN, DRAFT))
    await until(lambda: submissions.under_way)
    form.cancel()
    await submissions.all_over()
    assert not submissions.under_way
    [receipt] = await submissions.read_receipts()
    assert (receipt.state, receipt.ids) == (State.ACCEPTED, simulator.ids)


async def test_what_it_costs_is_asked_for_once(open_gateway: Open) -> None:
    submissions, simulator = open_gateway()
    for _ in range(2):
        assert await submissions.price_of(Kind.MUSIC) == Price(0.1, {"default": 1})
    assert len(simulator.requests) == 1
