"""Asking for many ids once, where the gateway wants fewer at a time or another program is in the way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ecovai_tui.commands import questions
from ecovai_tui.commands.questions import ask_all
from ecovai_tui.commands.reports import whole_report
from ecovai_tui.gateway.client import Gateway, Reply
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.store.key import Secret
from ecovai_tui.store.replica import Replica, ReplicaBusy
from ecovai_tui.tasks.model import Kind, Phase, Task

NOW = 1_780_000_000.0
IDS = [f"task-{number}" for number in range(60)]
SETTINGS = SimpleNamespace(
    base_url="http://127.0.0.1:9", ca_file=None, max_requests_per_minute=1_000_000, interval=5.0, profile=None
)
KEY = Secret("sk-sim-of-many-questions")
BUSY = ReplicaBusy(Path("replica.sqlite3"))


@pytest.fixture
def replica() -> Replica:
    return Replica(None, "http://127.0.0.1:9")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A gateway that takes twenty ids at most; the batches that it was asked for."""
    batches: list[list[str]] = []

    async def fetch(_gateway: Gateway, ids: Iterable[str]) -> Reply:
        batch = list(ids)
        batches.append(batch)
        if len(batch) > 20 or "broken" in batch:
            raise GatewayError(Problem.REQUEST_TOO_LARGE)
        return Reply(tuple(Task(name, Kind.MUSIC, Phase.DONE) for name in batch), None)

    monkeypatch.setattr(Gateway, "fetch", fetch)
    return batches


async def test_what_is_too_large_for_the_gateway_is_asked_in_smaller_batches(
    replica: Replica, asked: list[list[str]]
) -> None:
    tasks = await ask_all(SETTINGS, KEY, replica, IDS)  # type: ignore[arg-type]  # all of the settings that it needs
    assert [task.id for task in tasks] == IDS
    assert [len(batch) for batch in asked] == [50, 25, 12, 12, 12, 12, 12]


async def test_a_single_id_that_is_too_large_ends_it(replica: Replica, asked: list[list[str]]) -> None:
    with pytest.raises(GatewayError):
        await ask_all(SETTINGS, KEY, replica, ["broken", "a", "b"])  # type: ignore[arg-type]  # as above
    assert asked == [["broken", "a", "b"], ["broken"]]


async def test_a_passing_lock_does_not_keep_from_asking(
    replica: Replica, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "BUSY_PAUSE", 0.0)
    claim, locks = replica.claim_request, iter([BUSY, BUSY])

    def claim_or_not(*arguments: object) -> float | None:
        for error in locks:
            raise error
        return claim(*arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(replica, "claim_request", claim_or_not)
    assert len(await ask_all(SETTINGS, KEY, replica, IDS[:3])) == 3  # type: ignore[arg-type]  # as above


async def test_a_lock_that_lasts_is_told_of(
    replica: Replica, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "BUSY_PAUSE", 0.0)
    refuse(replica, monkeypatch)
    with pytest.raises(ReplicaBusy):
        await ask_all(SETTINGS, KEY, replica, IDS[:3])  # type: ignore[arg-type]  # as above
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

    monkeypatch.setattr(replica._holder, "run", run)
