"""Tasks of many families share the requests of a minute: batches first, and who waits longest before all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ecovai_tui.engine import schedule
from ecovai_tui.store import turns
from ecovai_tui.store.database import Database
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import Lease
from ecovai_tui.store.turns import Batch
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.families import FAMILIES, family_of
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary

ORIGIN = "https://gateway.example"
START = 1_780_000_000.0
LISTED = ("luma", "openai-video")
"""Families of which few gateways tell several at once."""

SINGLE = ("kling", "runway")
HALF_INTERVAL = 2.5


class HandClock:
    """Time that a test makes pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        return START + self.passed

    def monotonic(self) -> float:
        return self.passed


Panes = Callable[[Sequence[str], int], list[Lease]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def open_panes(tmp_path: Path, clock: HandClock) -> Iterator[Panes]:
    """Open panes, each with a connection of its own, on a list of ids."""
    databases: list[Database] = []

    def open_them(ids: Sequence[str], panes: int) -> list[Lease]:
        with closing(Replica(tmp_path / "replica.sqlite3", ORIGIN)) as replica:
            replica.mirror(WatchList(ids=tuple(ids)), clock.now())
        databases.extend(Database(tmp_path / "replica.sqlite3") for _ in range(panes))
        return [Lease(database, ORIGIN, clock, 30) for database in databases]

    yield open_them
    for database in databases:
        database.close()


def plan(summary: TaskSummary, now: float, restarted_at: float | None) -> float | None:
    return schedule.due_at(summary, now, schedule.DEFAULT_INTERVAL, restarted_at)


def without_lists(family: str) -> int:
    """Return how many ids a request may name at a gateway that tells of no several videos, as new-api is."""
    return 1 if family in LISTED else turns.limit_of(family)


def asked(clock: HandClock, panes: list[Lease], seconds: float, limit_of: turns.Limit = without_lists) -> list[Batch]:
    """Let the panes claim as soon as they can for some seconds, in turn, and answer each request: all tasks go on."""
    found: list[Batch] = []
    while clock.passed < seconds:
        claims = [pane.claim(limit_of=limit_of, reach=HALF_INTERVAL) for pane in panes]
        moments = [moment for moment in claims if isinstance(moment, float)]
        if len(moments) == len(panes):
            clock.passed = min(moments) - START + 0.001
        for pane, batch in zip(panes, claims, strict=True):
            if isinstance(batch, Batch):
                found.append(batch)
                clock.passed += 0.25
                told = [Task(name, Kind.VIDEO, Phase.RUNNING, submitted_at=START) for name in batch.ids]
                assert pane.record(batch, told, plan)
        panes = [*panes[1:], panes[0]]
    return found


def watched(single: int) -> list[str]:
    """Return 40 songs, 40 pictures, and so many tasks of each of four families that most gateways tell singly."""
    ids = [f"song-{number}" for number in range(40)] + [f"midjourney:{number:016}" for number in range(40)]
    return ids + [f"{family}:{number:08}" for family in (*LISTED, *SINGLE) for number in range(single)]


def longest_wait(batches: list[Batch], ids: Sequence[str], end: float) -> dict[str, float]:
    """Return for each family the longest time that a task of it was not asked for."""
    seen = dict.fromkeys(ids, START)
    longest = dict.fromkeys(FAMILIES, 0.0)
    ends = Batch(0, START + end, tuple(ids))
    for batch in [*batches, ends]:
        for name in batch.ids:
            family = family_of(name)
            longest[family] = max(longest[family], batch.at - seen[name])
            seen[name] = batch.at
    return longest


def most_in_a_minute(batches: list[Batch]) -> int:
    times = [batch.at for batch in batches]
    return max(sum(first <= at < first + 60 for at in times) for first in times)


@pytest.mark.parametrize("panes", [1, 10])
@pytest.mark.parametrize(("single", "limit_of"), [(6, without_lists), (10, turns.limit_of)], ids=["singly", "by lists"])
def test_all_families_are_seen_each_minute_within_thirty_requests(
    open_panes: Panes, clock: HandClock, panes: int, single: int, limit_of: turns.Limit
) -> None:
    ids = watched(single)
    batches = asked(clock, open_panes(ids, panes), 600, limit_of)
    assert most_in_a_minute(batches) <= 30
    assert max(longest_wait(batches, ids, clock.passed).values()) <= 60
    assert all(len({family_of(name) for name in batch.ids}) == 1 for batch in batches)


@pytest.mark.parametrize("panes", [1, 10])
def test_what_is_more_than_thirty_requests_a_minute_is_shared_by_who_waits_longest(
    open_panes: Panes, clock: HandClock, panes: int
) -> None:
    ids = watched(single=10)
    batches = asked(clock, open_panes(ids, panes), 300)
    longest = longest_wait(batches, ids, clock.passed)
    assert most_in_a_minute(batches) <= 30
    assert max(longest["suno"], longest["midjourney"]) <= 60, "forty tasks a request"
    least = 60 * 42 / 30
    assert max(longest.values()) <= least * 1.1, "42 requests go out for all to be seen once"


def test_a_batch_keeps_its_rhythm_beside_a_few_that_come_alone(open_panes: Panes, clock: HandClock) -> None:
    ids = watched(single=1)
    longest = longest_wait(asked(clock, open_panes(ids, 1), 200), ids, clock.passed)
    assert longest["suno"] <= 10
    assert longest["midjourney"] <= 18
    assert max(longest.values()) <= 20


def test_a_row_is_of_the_family_that_its_id_tells(open_panes: Panes) -> None:
    ids = ["a", "job:17", "midjourneys:1", *(f"{name}:1" for name in FAMILIES), "kling/text2video:2"]
    [lease] = open_panes(ids, 1)
    query = f"SELECT id, {turns.FAMILY} FROM task"  # noqa: S608 - made of a constant
    rows = lease.database.run(lambda connection: connection.execute(query).fetchall())
    assert dict(rows) == {name: family_of(name) for name in ids}
