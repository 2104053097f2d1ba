"""What is learned from tasks that ended: durations, and what is said of those that still run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.store.ledger import MOST_EXAMPLES, Learned, learn
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

NOW = 1_790_000_000.0


@pytest.fixture
def replica(tmp_path: Path, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(tmp_path / "replica.sqlite3", "https://gateway.example")


def task(
    name: str, phase: Phase, *, submitted: float | None = NOW, finished: float | None = None, model: str = "v4"
) -> Task:
    clips = (Clip(f"{name}-1", phase, model=model),)
    return Task(name, Kind.MUSIC, phase, submitted_at=submitted, finished_at=finished, clips=clips)


def test_nothing_is_learned_from_nothing(replica: Replica) -> None:
    assert learn([]) is None
    assert replica.durations(Kind.MUSIC) is None


@pytest.mark.parametrize(
    ("durations", "median", "ninetieth"),
    [([7.0], 7.0, 7.0), ([10.0, 20.0], 15.0, 19.0), ([30.0, 10.0, 20.0], 20.0, 28.0), (range(101), 50.0, 90.0)],
)
def test_median_and_ninetieth_percentile(durations: list[float], median: float, ninetieth: float) -> None:
    found = learn(durations)
    assert found is not None
    assert (found.median, found.ninetieth, found.examples) == (median, pytest.approx(ninetieth), len(durations))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_the_percentiles_lie_among_the_durations_and_in_order(durations: list[float]) -> None:
    found = learn(durations)
    assert found is not None
    assert min(durations) <= found.median <= max(durations)
    assert min(durations) <= found.ninetieth <= max(durations)


def test_tasks_whose_end_nobody_knows_do_not_crowd_out_those_that_teach(replica: Replica) -> None:
    replica.record([task(f"old{n}", Phase.DONE, finished=NOW + 100) for n in range(50)], NOW + 200)
    replica.record([task(f"new{n}", Phase.DONE) for n in range(MOST_EXAMPLES)], NOW + 300)
    found = replica.durations(Kind.MUSIC)
    assert found is not None
    assert (found.median, found.examples) == (100.0, 50)


def test_an_estimate_needs_five_examples_and_time_that_is_left() -> None:
    assert Learned(100.0, 200.0, 4).seconds_left(20.0) is None
    assert Learned(100.0, 200.0, 5).seconds_left(20.0) == 80.0
    assert Learned(100.0, 200.0, 5).seconds_left(100.0) is None


def test_slower_than_nine_of_ten_needs_twenty_examples() -> None:
    assert not Learned(100.0, 200.0, 19).is_slow(900.0)
    assert not Learned(100.0, 200.0, 20).is_slow(200.0)
    assert Learned(100.0, 200.0, 20).is_slow(200.1)


def test_the_gateways_own_times_are_learned_by_model(replica: Replica) -> None:
    replica.record([task(f"a{n}", Phase.DONE, finished=NOW + n, model="v4") for n in (10, 20, 30)], NOW + 99)
    replica.record([task("b", Phase.PARTIAL, finished=NOW + 200, model="v5")], NOW + 99)
    assert replica.durations(Kind.MUSIC, "v4") == Learned(20.0, pytest.approx(28.0), 3)
    assert replica.durations(Kind.MUSIC, "v5") == Learned(200.0, 200.0, 1)
    assert replica.durations(Kind.MUSIC) == Learned(25.0, pytest.approx(149.0), 4)
    assert replica.durations(Kind.LYRICS) is None


def test_without_a_finish_time_the_ledger_tells_when_it_ended(replica: Replica) -> None:
    replica.record([task("a", Phase.RUNNING)], NOW + 10)
    replica.record([task("a", Phase.DONE)], NOW + 42)
    replica.record([task("a", Phase.DONE)], NOW + 500)
    assert replica.durations(Kind.MUSIC, "v4") == Learned(42.0, 42.0, 1)


def test_a_task_that_was_over_before_we_looked_teaches_only_what_the_gateway_says(replica: Replica) -> None:
    replica.record([task("a", Phase.DONE)], NOW + 9000)
    assert replica.durations(Kind.MUSIC) is None


@pytest.mark.parametrize(
    "odd",
    [
        task("odd", Phase.FAILED, finished=NOW + 1),
        task("odd", Phase.RUNNING),
        task("odd", Phase.DONE, submitted=None, finished=NOW + 1),
        task("odd", Phase.DONE, finished=NOW - 100),
    ],
)
def test_failed_running_and_impossible_tasks_teach_nothing(replica: Replica, odd: Task) -> None:
    replica.record([odd], NOW + 5)
    assert replica.durations(Kind.MUSIC) is None


def test_only_the_newest_examples_count(replica: Replica) -> None:
    replica.record([task(f"old{n}", Phase.DONE, finished=NOW + 900) for n in range(250)], NOW + 1000)
    replica.record([task(f"new{n}", Phase.DONE, finished=NOW + 60) for n in range(200)], NOW + 2000)
    assert replica.durations(Kind.MUSIC, "v4") == Learned(60.0, 60.0, 200)
