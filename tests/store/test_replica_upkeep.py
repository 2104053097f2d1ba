"""What is forgotten, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task

NOW = 1_790_000_000.0
DAY = 86_400.0


@pytest.fixture
def replica(tmp_path: Path, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(tmp_path / "replica.sqlite3", "https://gateway.example")


def task(name: str, phase: Phase = Phase.RUNNING) -> Task:
    return Task(name, Kind.MUSIC, phase)


def test_the_ledger_is_kept_for_ninety_days(replica: Replica) -> None:
    replica.record([task("a")], NOW)
    replica.record([task("a", Phase.FAILED)], NOW + DAY)
    replica.prune(NOW + 90 * DAY)
    assert len(replica.history("a")) == 2
    replica.prune(NOW + 90 * DAY + 1)
    assert [change.after for change in replica.history("a")] == ["failed"]
    replica.prune(NOW + 92 * DAY)
    assert replica.history("a") == []


def test_a_whole_task_is_kept_for_thirty_days_after_it_was_last_watched(replica: Replica) -> None:
    replica.mirror(WatchList(ids=("watched", "gone")), NOW)
    replica.record([task("watched"), task("gone"), task("fetched once")], NOW)
    replica.mirror(WatchList(ids=("watched",)), NOW + 10 * DAY)
    replica.prune(NOW + 30 * DAY + 1)
    assert [name for name in ("watched", "gone", "fetched once") if replica.task(name)] == ["watched", "gone"]
    replica.prune(NOW + 40 * DAY + 1)
    assert [name for name in ("watched", "gone") if replica.task(name)] == ["watched"]
    assert set(replica.summaries(["watched", "gone", "fetched once"])) == {"watched", "gone", "fetched once"}


def test_a_task_that_is_watched_again_is_kept(replica: Replica) -> None:
    replica.mirror(WatchList(ids=("a",)), NOW)
    replica.record([task("a")], NOW)
    replica.mirror(WatchList(), NOW + DAY)
    replica.mirror(WatchList(ids=("a",)), NOW + 2 * DAY)
    replica.prune(NOW + 900 * DAY)
    assert replica.task("a") is not None


def test_the_state_of_a_task_goes_with_its_ledger(replica: Replica) -> None:
    replica.record([task("a")], NOW)
    replica.prune(NOW + 90 * DAY)
    assert set(replica.summaries(["a"])) == {"a"}
    replica.prune(NOW + 90 * DAY + 1)
    assert replica.summaries(["a"]) == {}
