"""One request at a time of all panes together, whoever of them comes, goes, hangs or has a clock that is set."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from subprocess import PIPE

import pytest

from ecovai_tui.store.database import Database
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import BATCH_MOST, LEASE, SECOND_LOOK, UNATTENDED_REST, Lease, burst_of
from ecovai_tui.store.turns import Alone, Batch
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary

ORIGIN = "https://gateway.example"
NOW = 1_790_000_000.0
SPACING = 61 / 30
INTERVAL = 5.0


class HandClock:
    """Time that passes only when a test says so; ``jump`` sets the clock of the machine."""

    def __init__(self) -> None:
        self.passed = self.jumped = 0.0

    def now(self) -> float:
        return NOW + self.passed + self.jumped

    def monotonic(self) -> float:
        return self.passed

    def advance(self, seconds: float) -> None:
        self.passed += seconds

    def jump(self, seconds: float) -> None:
        self.jumped += seconds


def soon(_summary: TaskSummary, now: float, _restarted_at: float | None) -> float:
    return now + INTERVAL


def pause(_failures: int) -> float:
    return 10.0


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.sqlite3"


@pytest.fixture
def replica(path: Path) -> Iterator[Replica]:
    with closing(Replica(path, ORIGIN)) as replica:
        yield replica


Panes = Callable[..., list[Lease]]


@pytest.fixture
def open_panes(path: Path, replica: Replica, clock: HandClock) -> Iterator[Panes]:
    """Open panes, each with a connection of its own, on a list of so many ids."""
    databases: list[Database] = []

    def open_them(panes: int, ids: int = 20, most: int = 30) -> list[Lease]:
        replica.mirror(WatchList(ids=tuple(f"t{number:05}" for number in range(ids))), clock.now())
        databases.extend(Database(path) for _ in range(panes))
        return [Lease(database, ORIGIN, clock, most) for database in databases[-panes:]]

    yield open_them
    for database in databases:
        database.close()


def claimed(lease: Lease, **options: bool | float) -> Batch:
    """Claim what must be due."""
    batch = lease.claim(**options)  # type: ignore[arg-type]
    assert isinstance(batch, Batch), f"in {batch} s"
    return batch


def answer(lease: Lease, batch: Batch) -> bool:
    tasks = [Task(name, Kind.MUSIC, Phase.RUNNING) for name in batch.ids]
    return lease.record(batch, tasks, soon) is not None


def asked(clock: HandClock, panes: list[Lease], seconds: float, *, takes: float = 0.25) -> list[Batch]:
    """Let panes claim whenever they can for some seconds, each request answered after a while."""
    found: list[Batch] = []
    end = clock.passed + seconds
    while clock.passed < end:
        for pane in panes:
            batch = pane.claim(reach=INTERVAL / 2)
            if isinstance(batch, Batch):
                assert not [other.claim() for other in panes if isinstance(other.claim(), Batch)], "one in flight"
                clock.advance(takes)
                assert answer(pane, batch)
                found.append(batch)
        clock.advance(0.25)
    return found


def most_in_a_minute(batches: list[Batch]) -> int:
    times = [batch.at for batch in batches]
    return max(sum(first <= at < first + 60 for at in times) for first in times)


def test_nothing_due_claims_nothing_and_writes_nothing(open_panes: Panes, replica: Replica) -> None:
    [lease] = open_panes(1, ids=0)
    version = replica.data_version()
    assert [lease.claim() for _ in range(10)] == [None] * 10
    assert lease.state().next_poll is None
    assert replica.data_version() == version


def test_every_pane_knows_how_long_the_last_reply_took(open_panes: Panes, clock: HandClock) -> None:
    asking, beside = open_panes(2)
    assert beside.state().latency is None
    batch = claimed(asking)
    clock.advance(0.25)
    assert answer(asking, batch)
    clock.advance(30)
    assert (asking.state().latency, beside.state().latency) == (0.25, 0.25)


@pytest.mark.parametrize("count", [25, 400])
def test_ten_panes_ask_like_one(open_panes: Panes, clock: HandClock, count: int) -> None:
    panes = open_panes(10, count)
    alone, together = asked(clock, panes[:1], 120), asked(clock, panes, 120)
    assert abs(len(alone) - len(together)) <= 1
    assert most_in_a_minute(alone + together) <= 30
    assert all(later.at - sooner.at >= SPACING - 0.001 for sooner, later in pairwise(alone + together))
    assert max(len(batch.ids) for batch in together) <= BATCH_MOST
    assert {name for batch in together for name in batch.ids} == {f"t{number:05}" for number in range(count)}


def test_a_request_takes_along_what_falls_due_soon(open_panes: Panes, replica: Replica, clock: HandClock) -> None:
    [lease] = open_panes(1, ids=2)
    replica.record([Task("t00001", Kind.MUSIC, Phase.RUNNING)], clock.now(), lambda *_: clock.now() + 2)
    assert claimed(lease, reach=1).ids == ("t00000",)
    clock.advance(SPACING + LEASE + SECOND_LOOK)
    lease.claim()
    clock.advance(SECOND_LOOK)
    assert set(claimed(lease, reach=1).ids) == {"t00000", "t00001"}


def test_those_who_waited_longest_come_first(open_panes: Panes, clock: HandClock) -> None:
    [lease] = open_panes(1, ids=120)
    batches = asked(clock, [lease], 3 * SPACING)
    assert [batch.ids[0] for batch in batches] == ["t00000", "t00050", "t00100"]


def test_a_dead_pane_is_taken_over_within_five_seconds(open_panes: Panes, clock: HandClock) -> None:
    dead, other = open_panes(2)
    batch, passed = claimed(dead), 0.0
    while not isinstance(taken := other.claim(), Batch):
        clock.advance(0.25)
        passed += 0.25
    assert LEASE + SECOND_LOOK <= passed <= 5
    assert taken.ids == batch.ids
    assert not answer(dead, batch), "its reply comes too late"
    assert not dead.beat(batch)
    assert not dead.fail(batch, "trouble", pause)
    assert answer(other, taken)


def test_a_pane_that_lives_is_left_in_peace(open_panes: Panes, clock: HandClock) -> None:
    slow, other = open_panes(2)
    batch = claimed(slow)
    for _ in range(60):
        clock.advance(1)
        assert slow.beat(batch)
        assert not isinstance(other.claim(), Batch)
    assert other.state().asking_since == batch.at
    assert answer(slow, batch)


def test_a_pane_that_ends_leaves_its_request_to_the_others(open_panes: Panes, clock: HandClock) -> None:
    ended, other = open_panes(2)
    batch = claimed(ended)
    ended.give_back(batch)
    clock.advance(SPACING)
    assert claimed(other).ids == batch.ids


def test_a_refused_key_rests_in_its_own_pane_and_others_go_on(open_panes: Panes, clock: HandClock) -> None:
    refused, other = open_panes(2)
    refused.give_back(claimed(refused))
    clock.advance(SPACING)
    assert refused.claim(resting=clock.now() + 300) == clock.now() + 300
    assert other.state().trouble == ""
    assert answer(other, claimed(other))


def test_panes_that_nobody_looks_at_ask_only_if_nobody_else_does(open_panes: Panes, clock: HandClock) -> None:
    here, away = open_panes(2)
    assert answer(here, claimed(here))
    clock.advance(INTERVAL)
    assert away.claim(attended=False) == pytest.approx(clock.now() + UNATTENDED_REST - INTERVAL)
    clock.advance(UNATTENDED_REST - INTERVAL)
    assert claimed(away, attended=False)


def test_refresh_passes_spacing_rest_and_back_off(open_panes: Panes, clock: HandClock) -> None:
    [lease] = open_panes(1)
    assert lease.fail(claimed(lease), "down", pause)
    assert lease.claim() == clock.now() + 10
    lease.refresh()
    assert claimed(lease).hurried


def test_refresh_is_served_by_whichever_pane_can_and_names_settled_ids_too(
    open_panes: Panes, replica: Replica, clock: HandClock
) -> None:
    one, other = open_panes(2, ids=1)
    replica.record([Task("t00000", Kind.MUSIC, Phase.DONE)], clock.now())
    assert other.claim() is None
    one.refresh(["t00000"])
    assert claimed(other).ids == ("t00000",)


def test_refresh_never_passes_what_the_gateway_asked_for(open_panes: Panes, clock: HandClock) -> None:
    [lease] = open_panes(1)
    assert lease.fail(claimed(lease), "busy", pause, floor=120)
    lease.refresh()
    assert lease.claim() == clock.now() + 120


def test_refresh_joins_a_request_under_way(open_panes: Panes, clock: HandClock) -> None:
    [lease] = open_panes(1)
    batch = claimed(lease)
    lease.refresh()
    clock.advance(0.5)
    assert answer(lease, batch)
    assert lease.claim() == clock.now() + INTERVAL


def test_who_holds_refresh_down_keeps_to_the_cap_and_silences_nobody_for_long(
    open_panes: Panes, clock: HandClock
) -> None:
    [lease] = open_panes(1)
    found: list[Batch] = []
    for _ in range(600):
        lease.refresh()
        batch = lease.claim()
        if isinstance(batch, Batch):
            found.append(batch)
            assert answer(lease, batch)
        clock.advance(0.25)
    assert most_in_a_minute(found) <= 30
    assert max(later.at - sooner.at for sooner, later in pairwise(found)) <= 10.5


@pytest.mark.parametrize("most", range(1, 31))
def test_a_burst_never_breaks_the_cap(most: int) -> None:
    burst, spacing = burst_of(most), 61 / most
    times = [0.0] * burst
    while len(times) < 200:
        times.append(times[-burst] + burst * spacing)
    assert max(sum(first <= at < first + 60 for at in times) for first in times) <= most


def test_trouble_is_everybodys_and_one_good_reply_ends_it(open_panes: Panes, clock: HandClock) -> None:
    one, other = open_panes(2)
    failures: list[int] = []
    for _ in range(3):
        assert one.fail(claimed(one), "down", lambda count: failures.append(count) or 10.0)  # type: ignore[func-returns-value]
        assert other.state().trouble == "down"
        assert other.claim() == clock.now() + 10
        clock.advance(10)
    assert failures == [1, 2, 3]
    assert answer(other, claimed(other))
    assert one.state().trouble == ""
    assert one.claim() == clock.now() + INTERVAL


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
def test_a_clock_that_is_set_kills_no_live_request_and_silences_nobody(
    open_panes: Panes, clock: HandClock, seconds: float
) -> None:
    slow, other = open_panes(2)
    batch = claimed(slow)
    clock.advance(0.5)
    clock.jump(seconds)
    assert not isinstance(other.claim(), Batch)
    clock.advance(0.5)
    assert slow.beat(batch)
    clock.advance(0.5)
    assert not isinstance(other.claim(), Batch)
    assert answer(slow, batch)
    assert len(asked(clock, [slow, other], 60)) >= 11


def test_a_clock_that_is_put_back_moves_back_off_and_due_times_with_it(open_panes: Panes, clock: HandClock) -> None:
    [lease] = open_panes(1)
    assert lease.fail(claimed(lease), "down", pause, floor=60)
    clock.jump(-3600)
    assert lease.claim() == pytest.approx(clock.now() + 60)


def test_who_waited_long_for_the_lock_looks_a_second_time(open_panes: Panes, clock: HandClock) -> None:
    slow, other = open_panes(2)
    claimed(slow)
    clock.advance(LEASE)
    other.claim()
    clock.advance(SECOND_LOOK)
    clocks = iter([clock.monotonic(), clock.monotonic()])
    steady = clock.monotonic
    clock.monotonic = lambda: next(clocks, steady() + 2)  # type: ignore[method-assign]
    assert not isinstance(other.claim(), Batch), "the beat may have waited as well"


def test_a_batch_that_breaks_is_halved_until_the_guilty_id_is_set_apart(open_panes: Panes, clock: HandClock) -> None:
    [lease] = open_panes(1, ids=8)
    sizes, guilty = [], "t00003"
    while clock.passed < 600:
        batch = lease.claim()
        if isinstance(batch, Batch):
            sizes.append(len(batch.ids))
            if guilty in batch.ids:
                assert lease.fail(batch, "500", lambda _: 2.0, suspects=INTERVAL)
            else:
                assert answer(lease, batch)
        clock.advance(1)
    assert sizes[:3] == [8, 4, 2]
    assert lease.state().trouble == ""
    assert 7 in sizes, "the others are served together"


def test_an_id_that_is_left_out_is_asked_for_alone_and_then_missing(
    open_panes: Panes, replica: Replica, clock: HandClock
) -> None:
    [lease] = open_panes(1, ids=2)
    batches: list[Batch] = []
    while clock.passed < 70:
        batch = lease.claim()
        if isinstance(batch, Batch):
            batches.append(batch)
            found = [Task(name, Kind.MUSIC, Phase.RUNNING) for name in batch.ids if name != "t00001"]
            assert lease.record(batch, found, soon) is not None
        clock.advance(1)
    first_alone = next(batch for batch in batches if batch.alone is Alone.LEFT_OUT)
    assert first_alone.ids == ("t00001",)
    assert first_alone.at - NOW >= 60, "a gateway stores a task only some time after it was submitted"
    assert replica.summaries(["t00001"])["t00001"].phase is Phase.MISSING


def test_named_ids_keep_to_the_lease_and_teach_nothing_of_those_left_out(
    open_panes: Panes, replica: Replica, clock: HandClock
) -> None:
    pane, command = open_panes(2, ids=1)
    assert isinstance(command.claim_for(["x"]), Batch)
    clock.advance(0.5)
    assert pane.claim() == clock.now() + LEASE - 0.5
    assert command.claim_for(["y"]) > clock.now()  # type: ignore[operator]
    assert replica.summaries(["x"]) == {}


def test_the_next_due_is_found_by_an_index_alone(replica: Replica) -> None:
    query = "EXPLAIN QUERY PLAN SELECT min(due_at) FROM task WHERE due_at IS NOT NULL AND origin = ? AND watched = 1"
    (step,) = replica._database.run(lambda connection: connection.execute(query, (ORIGIN,)).fetchall())
    assert "USING INDEX task_due" in step[-1]


CLAIM_AS_OFTEN_AS_IT_GOES = """
import sys, time
from pathlib import Path
from ecovai_tui.engine.worker import SystemClock
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.turns import Batch
replica = Replica(Path(sys.argv[1]), "https://gateway.example")
replica.be_patient()
lease = replica.lease(SystemClock(), 1)
print("ready", flush=True)
sys.stdin.read(1)
print(sum(isinstance(lease.claim(), Batch) for _ in range(50)))
"""


def test_of_eight_processes_that_claim_at_once_one_gets_it(path: Path, open_panes: Panes) -> None:
    open_panes(1)
    command = [sys.executable, "-c", CLAIM_AS_OFTEN_AS_IT_GOES, str(path)]
    children = [subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(8)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    assert sorted(int(child.communicate()[0]) for child in children) == [0] * 7 + [1]
