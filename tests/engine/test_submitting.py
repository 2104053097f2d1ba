"""A submission on its way from the receipt to the watch list, and what stops it where."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.theatre import until

from ecovai_tui.engine.submitting import Submitter, charges_of, price_of
from ecovai_tui.gateway.submission import Kind, lyrics, song
from ecovai_tui.gateway.submit import Patience, Verdict
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, RepeatedError, State
from ecovai_tui.store.settings import Flags, Settings, load_settings
from ecovai_tui.store.watchlist import WatchListFile

NOW = 1_800_000_000.0
SONG = song(gpt_description_prompt="rain", mv="chirp-v4")


class Desk:
    """A gateway, and one who submits to it."""

    def __init__(self, simulator: Simulator, environment: dict[str, str], patience: Patience) -> None:
        self.simulator = simulator
        there = {"ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key, **environment}
        paths = find_paths(there)
        self.settings: Settings = load_settings(Flags(), there, paths)
        self.receipts = ReceiptFile(paths.receipts)
        self.submitter = Submitter(
            self.settings, Secret(simulator.key), self.receipts, clock=lambda: NOW, patience=patience
        )

    @property
    def receipt(self) -> Receipt:
        [receipt] = self.receipts.read(NOW)
        return receipt

    @property
    def watched(self) -> tuple[str, ...]:
        return WatchListFile(self.settings.watchlist).read().ids

    def asked(self, path: str) -> int:
        return [request.path for request in self.simulator.requests].count(path)


Open = Callable[..., Desk]


@pytest.fixture
def open_desk(environment: dict[str, str]) -> Iterator[Open]:
    with ExitStack() as stack:

        def start(faults: str = "", patience: Patience | None = None, **options: float) -> Desk:
            chosen = Options(arrivals=False, population=0, faults=parse_faults(faults), **options)  # type: ignore[arg-type]
            return Desk(stack.enter_context(Simulator(chosen)), environment, patience or Patience())

        yield start


async def test_an_accepted_one_is_in_receipt_and_watch_list_with_its_label(open_desk: Open) -> None:
    desk = open_desk()
    sent = await desk.submitter.send(SONG, label="take 1")
    assert (sent.outcome.verdict, sent.troubles) == (Verdict.ACCEPTED, ())
    assert desk.watched == desk.simulator.ids == desk.receipt.ids == (sent.outcome.task_id,)
    assert WatchListFile(desk.settings.watchlist).read().labels == {sent.outcome.task_id: "take 1"}
    assert json.loads(desk.receipt.request.body) == {"mv": "chirp-v4", "gpt_description_prompt": "rain"}
    assert await desk.submitter.note_used(sent.receipt) == pytest.approx(0.1)
    assert (desk.receipt.used_before, desk.receipt.used_after) == (0, pytest.approx(0.1))


async def test_the_same_is_refused_before_anybody_is_asked(open_desk: Open) -> None:
    desk = open_desk()
    await desk.submitter.send(SONG)
    requests = len(desk.simulator.requests)
    with pytest.raises(RepeatedError) as caught:
        await desk.submitter.send(SONG)
    assert caught.value.receipt == desk.receipt
    assert len(desk.simulator.requests) == requests


async def test_a_cancellation_under_way_ends_as_unknown_and_returns(open_desk: Open) -> None:
    desk = open_desk("slow-60")
    task = asyncio.create_task(desk.submitter.send(SONG))
    await until(lambda: desk.simulator.taken)
    assert desk.submitter.under_way
    task.cancel()
    sent = await task
    assert (sent.outcome.verdict, desk.receipt.state) == (Verdict.UNKNOWN, State.UNKNOWN)
    assert desk.receipt.told == "You left before the answer came."
    assert not desk.submitter.under_way


async def test_a_cancellation_before_it_leaves_no_receipt(open_desk: Open) -> None:
    desk = open_desk("hang")
    task = asyncio.create_task(desk.submitter.send(SONG))
    await until(lambda: desk.simulator.under_way)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.receipts.read(NOW) == ()


async def test_a_gateway_that_is_silent_too_long_leaves_it_unknown(open_desk: Open) -> None:
    desk = open_desk("slow-60", patience=Patience(read=0.2))
    sent = await desk.submitter.send(SONG)
    assert (sent.outcome.verdict, desk.receipt.state) == (Verdict.UNKNOWN, State.UNKNOWN)
    assert len(desk.simulator.taken) == 1


async def test_a_refused_one_may_be_sent_again_and_is_not_watched(open_desk: Open) -> None:
    desk = open_desk("saturated-429")
    for number in (1, 2):
        assert (await desk.submitter.send(SONG)).receipt.number == number
    assert desk.watched == ()


async def test_a_gateway_that_tells_no_quota_is_submitted_to_all_the_same(open_desk: Open) -> None:
    desk = open_desk(dialect="suno-api")
    sent = await desk.submitter.send(SONG)
    assert (sent.outcome.verdict, sent.receipt.used_before) == (Verdict.ACCEPTED, None)
    assert await desk.submitter.note_used(sent.receipt) is None


@pytest.mark.parametrize("place", ["text", "label"])
async def test_nothing_goes_out_with_the_key_in_it(open_desk: Open, place: str) -> None:
    desk = open_desk()
    words = {"text": "rain", "label": "", place: f"see {desk.simulator.key}"}
    with pytest.raises(StoreError) as caught:
        await desk.submitter.send(lyrics(words["text"]), label=words["label"])
    assert desk.simulator.key not in str(caught.value)
    assert desk.simulator.requests == ()


def damage(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("broken = = =")


async def test_what_cannot_be_written_down_afterwards_is_told_beside_the_id(open_desk: Open) -> None:
    desk = open_desk()
    damage(desk.settings.watchlist)
    sent = await desk.submitter.send(SONG)
    assert (sent.outcome.verdict, sent.outcome.task_id) == (Verdict.ACCEPTED, desk.simulator.ids[0])
    assert len(sent.troubles) == 1
    assert desk.receipt.ids == desk.simulator.ids


async def test_prices_and_charges(open_desk: Open) -> None:
    desk = open_desk()
    price = await price_of(desk.settings, SONG.kind)
    assert price is not None
    assert (price.amount, await price_of(desk.settings, Kind.UPLOAD)) == (0.1, None)
    await desk.submitter.send(SONG)
    charges = await charges_of(desk.settings, Secret(desk.simulator.key))
    assert charges is not None
    assert [charge.model for charge in charges] == ["suno_music"]
