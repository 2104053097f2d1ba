"""Asking for many ids once, where the gateway wants fewer at a time or another program is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace

import pytest

from ecovai_tui.commands.shared import fetch_all as module
from ecovai_tui.commands.shared.fetch_all import fetch_all
from ecovai_tui.commands.shared.task_report import whole_report
from ecovai_tui.gateway.client import Gateway, Reply
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import Lease
from ecovai_tui.store.turns import Batch
from ecovai_tui.tasks.model import Kind, Phase, Task

NOW = 1_780_000_000.0
IDS = [f"task-{number}" for number in range(60)]
SETTINGS = SimpleNamespace(
    base_url="http://127.0.0.1:9", ca_file=None, max_requests_per_minute=1_000_000, interval=5.0, profile=None
)
KEY = Secret("sk-sim-of-many-questions")
BUSY = DatabaseLocked("Another program is writing.")


@pytest.fixture
def replica(open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(None, "http://127.0.0.1:9")


class Asked(list[list[str]]):
    """The batches that a gateway was asked for, which takes twenty ids at most and fails where one is broken."""

    failing: frozenset[str] = frozenset()

    def answer(self, ids: Iterable[str]) -> Reply:
        batch = list(ids)
        self.append(batch)
        if len(batch) > 20:
            raise GatewayError(Problem.REQUEST_TOO_LARGE)
        if self.failing.intersection(batch):
            raise GatewayError(Problem.SERVER_ERROR, about="500")
        return Reply(tuple(Task(name, Kind.MUSIC, Phase.DONE) for name in batch), None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    batches = Asked()

    async def fetch(_gateway: Gateway, ids: Iterable[str]) -> Reply:
        return batches.answer(ids)

    monkeypatch.setattr(Gateway, "fetch", fetch)
    return batches


async def test_what_is_too_large_for_the_gateway_is_asked_in_smaller_batches(replica: Replica, asked: Asked) -> None:
    answers = await fetch_all(SETTINGS, KEY, replica, IDS)  # type: ignore[arg-type]  # all of the settings that it needs
    assert [task.id for task in answers.tasks] == IDS
    assert [len(batch) for batch in asked] == [50, 25, 12, 12, 12, 12, 12]


@pytest.mark.parametrize("broken", [0, 7, 59])
async def test_one_id_that_breaks_its_batch_keeps_none_of_the_others(
    replica: Replica, asked: Asked, broken: int
) -> None:
    asked.failing = frozenset({IDS[broken]})
    answers = await fetch_all(SETTINGS, KEY, replica, IDS)  # type: ignore[arg-type]  # as above
    assert [task.id for task in answers.tasks] == [name for name in IDS if name != IDS[broken]]
    assert list(answers.refused) == [IDS[broken]]
    assert len(asked) <= 20


async def test_a_gateway_that_fails_for_all_is_soon_left_alone(replica: Replica, asked: Asked) -> None:
    asked.failing = frozenset(IDS)
    with pytest.raises(GatewayError):
        await fetch_all(SETTINGS, KEY, replica, IDS)  # type: ignore[arg-type]  # as above
    assert len(asked) <= 8


@pytest.mark.parametrize("problem", [Problem.OVERLOADED, Problem.READ_TIMEOUT, Problem.KEY_REFUSED])
async def test_what_no_id_can_cause_ends_it_at_once(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, problem: Problem
) -> None:
    asked = []

    async def fetch(_gateway: Gateway, ids: Iterable[str]) -> Reply:
        asked.append(list(ids))
        raise GatewayError(problem)

    monkeypatch.setattr(Gateway, "fetch", fetch)
    with pytest.raises(GatewayError):
        await fetch_all(SETTINGS, KEY, replica, IDS)  # type: ignore[arg-type]  # as above
    assert len(asked) == 1


async def test_a_single_id_that_fails_is_the_gateways_failure(replica: Replica, asked: Asked) -> None:
    asked.failing = frozenset(IDS[:1])
    with pytest.raises(GatewayError):
        await fetch_all(SETTINGS, KEY, replica, IDS[:1])  # type: ignore[arg-type]  # as above


def test_what_the_gateway_fails_to_tell_of_is_shown_as_it_was_and_not_missing(replica: Replica) -> None:
    told = {"a": Task("a", Kind.MUSIC, Phase.DONE)}
    report = whole_report(SETTINGS, replica, ["a", "b", "c"], told, NOW, refused={"b"})  # type: ignore[arg-type]  # as above
    assert [task.summary.phase for task in report.tasks] == [Phase.DONE, Phase.WAITING, Phase.MISSING]


@pytest.mark.parametrize(
    ("ids", "most", "said"),
    [(5000, 30, "5000 ids take 100 requests, of which at most 30 go out in a minute: about 3m."), (250, 30, "")],
)
def test_what_takes_long_is_said_beforehand(capsys: pytest.CaptureFixture[str], ids: int, most: int, said: str) -> None:
    module.announce([f"task-{number}" for number in range(ids)], most)
    assert capsys.readouterr().err.strip() == (f"ecovai-tui: {said}" if said else "")


async def test_a_passing_lock_does_not_keep_from_asking(
    replica: Replica, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, locks = Lease.claim_for, iter([BUSY, BUSY])

    def claim_or_not(lease: Lease, ids: Iterable[str]) -> Batch | float:
        for error in locks:
            raise error
        return claim(lease, list(ids))

    monkeypatch.setattr(Lease, "claim_for", claim_or_not)
    answers = await fetch_all(SETTINGS, KEY, replica, IDS[:3])  # type: ignore[arg-type]  # as above
    assert len(answers.tasks) == 3


async def test_a_lock_that_lasts_is_told_of(replica: Replica, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    refuse(replica, monkeypatch)
    with pytest.raises(StoreError, match="Another program keeps the replica locked"):
        await fetch_all(SETTINGS, KEY, replica, IDS[:3])  # type: ignore[arg-type]  # as above
    assert asked == []


def test_an_answer_is_shown_though_another_program_is_in_the_way(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(replica, monkeypatch)
    told = {"a": Task("a", Kind.MUSIC, Phase.DONE)}
    report = whole_report(SETTINGS, replica, ["a", "b"], told, NOW)  # type: ignore[arg-type]  # as above
    assert [task.summary.phase for task in report.tasks] == [Phase.DONE, Phase.MISSING]


def refuse(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put another program in the way of all that the replica does."""

    def run(_work: object) -> None:
        raise BUSY

    monkeypatch.setattr(replica._database, "run", run)


async def test_each_request_is_of_one_family_and_one_without_a_route_keeps_none_of_the_others(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    async def fetch(_gateway: Gateway, ids: Iterable[str]) -> Reply:
        asked.append(tuple(ids))
        if asked[-1][0].startswith("luma:"):
            raise GatewayError(Problem.WRONG_ROUTE, about="luma")
        return Reply(tuple(Task(name, Kind.VIDEO, Phase.DONE) for name in asked[-1]), None)

    monkeypatch.setattr(Gateway, "fetch", fetch)
    ids = ["luma:1", "song-1", "midjourney:1", "luma:2", "midjourney:2", "runway:1", "song-2"]
    answers = await fetch_all(SETTINGS, KEY, replica, ids)  # type: ignore[arg-type]  # as above
    assert asked == [("luma:1", "luma:2"), ("song-1", "song-2"), ("midjourney:1", "midjourney:2"), ("runway:1",)]
    assert set(answers.refused) == {"luma:1", "luma:2"}
    assert len(answers.tasks) == 5
