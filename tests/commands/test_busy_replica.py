"""Where another program is in the way of a read, a command that waits looks again, and tells everything once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ecovai_tui.commands.follow import Follower
from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.commands.shared.watching import Judge, watch
from ecovai_tui.commands.wait import Aim, Waiter
from ecovai_tui.engine.updates import Link, Update
from ecovai_tui.engine.worker import ReplicaWorker
from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task

NOW = 1_780_000_000.0


class Teller:
    """Stands where the monitor does: tells of updates, and then rests."""

    interval = 5.0

    def __init__(self, *updates: Update) -> None:
        self._updates = updates
        self._listener: Callable[[Update], None] = lambda _update: None

    def subscribe(self, listener: Callable[[Update], None]) -> Callable[[], None]:
        self._listener = listener
        return lambda: None

    async def run(self) -> None:
        for update in self._updates:
            self._listener(update)
        await asyncio.Event().wait()


@pytest.fixture
def replica(open_replica: Callable[[Path], Replica], tmp_path: Path) -> Replica:
    made = open_replica(tmp_path / "replica.sqlite3")
    made.mirror(WatchList(ids=("a", "b")), NOW)
    return made


@pytest.fixture
def both_end(replica: Replica) -> Callable[[], Update]:
    """Return what records that both tasks are done, and what the engine tells then."""

    def record() -> Update:
        recorded = replica.record([Task(name, Kind.MUSIC, Phase.DONE) for name in ("a", "b")], NOW)
        return Update(Link(), changes=recorded.changes, notice="A notice.")

    return record


@pytest.fixture
def hold_up(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Callable[[], int]]:
    """Return what puts another program in the way of some reads, and returns what tells how often it was."""
    run, reads, times = replica._database.run, 0, 0

    def run_or_not(work: Callable[[sqlite3.Connection], object]) -> object:
        nonlocal times, reads
        reads += 1
        if reads in {2, 3, 6, 8}:
            times += 1
            raise DatabaseLocked("Another program is writing.")
        return run(work)

    def begin() -> Callable[[], int]:
        monkeypatch.setattr(replica._database, "run", run_or_not)
        return lambda: times

    return begin


async def verdict(judge: Judge, update: Update, replica: Replica) -> ExitCode | None:
    """Return what comes of running an engine that tells of an update."""
    session = SimpleNamespace(engine=Teller(update), worker=ReplicaWorker(replica))
    try:
        return await watch(session, judge, tick=0.01)  # type: ignore[arg-type]  # all that it needs
    finally:
        session.worker.stop(1.0)


def follower_of(replica: Replica, *ids: str, as_json: bool = False) -> Follower:
    """Return what follows some ids until all are final."""
    session = SimpleNamespace(replica=replica, clock=SimpleNamespace(now=lambda: NOW), engine=Teller())
    return Follower(session, ids, as_json=as_json, until_final=True)  # type: ignore[arg-type]  # all that it needs


@pytest.mark.parametrize("as_json", [False, True])
async def test_follow_prints_each_change_once(
    replica: Replica,
    both_end: Callable[[], Update],
    hold_up: Callable[[], Callable[[], int]],
    capfd: pytest.CaptureFixture[str],
    as_json: bool,
) -> None:
    follower = follower_of(replica, "a", "b", as_json=as_json)
    update, held_up = both_end(), hold_up()
    assert await verdict(AfterUpdates(follower), update, replica) is ExitCode.WELL
    told = capfd.readouterr()
    assert held_up() > 1
    assert len(told.out.splitlines()) == 2
    assert told.err.count("A notice.") == 1


async def test_wait_tells_each_change_once(
    replica: Replica,
    both_end: Callable[[], Update],
    hold_up: Callable[[], Callable[[], int]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    waiter = Waiter(replica, ["a", "b"], Aim(), lambda: NOW)
    update, held_up = both_end(), hold_up()
    assert await verdict(AfterUpdates(waiter), update, replica) is ExitCode.WELL
    told = capfd.readouterr().err
    assert held_up() > 1
    assert told.count("done") == 2
    assert told.count("A notice.") == 1


class AfterUpdates:
    """A judge that is content only once it was told of an update."""

    def __init__(self, judge: Judge) -> None:
        self._judge, self._told = judge, False

    def take_in(self, update: Update) -> None:
        self._told = True
        self._judge.take_in(update)

    def verdict(self, replica: Replica) -> ExitCode | None:
        return self._judge.verdict(replica) if self._told else None

    def given_up(self) -> ExitCode | None:
        return self._judge.given_up()


@pytest.fixture
def blocked(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what puts another program in the way of every read from then on."""

    def refuse(_work: object) -> None:
        raise DatabaseLocked("Another program is writing.")

    return lambda: monkeypatch.setattr(replica._database, "run", refuse)


async def test_a_wait_ends_in_time_though_another_program_never_lets_go(
    replica: Replica, blocked: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    replica.record([Task("a", Kind.MUSIC, Phase.DONE)], NOW)
    seconds = iter(range(100))
    waiter = Waiter(replica, ["a", "b"], Aim(timeout=10.0), lambda: NOW, whole=True, steady=lambda: next(seconds))
    assert waiter.verdict(replica) is None
    blocked()
    assert await verdict(waiter, Update(Link()), replica) is ExitCode.TIMED_OUT
    waiter.end(ExitCode.TIMED_OUT)
    assert [(task.id, task.summary.phase) for task in waiter.tasks] == [("a", Phase.DONE), ("b", Phase.WAITING)]
    told = capfd.readouterr().err
    assert told.count("was known earlier") == 1
    assert "1 task is not final" in told


def test_what_a_wait_prints_at_its_end_is_read_when_it_ends(
    replica: Replica, both_end: Callable[[], Update], blocked: Callable[[], None]
) -> None:
    waiter = Waiter(replica, ["a", "b"], Aim(), lambda: NOW, whole=True)
    waiter.take_in(both_end())
    assert waiter.verdict(replica) is ExitCode.WELL
    blocked()
    waiter.end(ExitCode.WELL)
    assert [task.summary.phase for task in waiter.tasks] == [Phase.DONE, Phase.DONE]
    assert waiter.task("a") == Task("a", Kind.MUSIC, Phase.DONE)


def test_a_clock_that_is_put_back_neither_shortens_nor_lengthens_a_wait(replica: Replica) -> None:
    clock = SimpleNamespace(wall=NOW, steady=0.0)
    waiter = Waiter(replica, ["a"], Aim(timeout=10.0), lambda: clock.wall, steady=lambda: clock.steady)
    clock.wall, clock.steady = NOW - 3600, 9.0
    assert waiter.verdict(replica) is None
    clock.wall, clock.steady = NOW - 3599, 10.0
    assert waiter.verdict(replica) is ExitCode.TIMED_OUT


def test_a_task_that_is_found_missing_after_the_clock_was_put_back_ends_a_wait(replica: Replica) -> None:
    clock = SimpleNamespace(wall=NOW)
    waiter = Waiter(replica, ["a"], Aim(), lambda: clock.wall)
    clock.wall = NOW - 3600
    assert waiter.verdict(replica) is None
    replica.record_missing(["a"], clock.wall)
    assert waiter.verdict(replica) is ExitCode.NOT_KNOWN


@pytest.fixture
def other_pane(replica: Replica, open_replica: Callable[[Path], Replica], tmp_path: Path) -> Replica:
    """Return the replica as another pane has it open, which asks the gateway."""
    return open_replica(tmp_path / "replica.sqlite3")


def test_a_wait_tells_of_the_end_that_another_pane_records_before_the_engine_tells_of_it(
    replica: Replica, other_pane: Replica, capfd: pytest.CaptureFixture[str]
) -> None:
    waiter = Waiter(replica, ["a", "b"], Aim(), lambda: NOW)
    assert waiter.verdict(replica) is None
    other_pane.record([Task(name, Kind.MUSIC, Phase.RUNNING) for name in ("a", "b")], NOW)
    other_pane.record([Task(name, Kind.MUSIC, Phase.DONE) for name in ("a", "b")], NOW + 1)
    assert waiter.verdict(replica) is ExitCode.WELL
    told = capfd.readouterr().err
    assert [told.count(words) for words in ("appeared, running", "done, was running")] == [2, 2]


def test_a_wait_tells_each_change_once_though_the_engine_tells_of_it_later(
    replica: Replica, other_pane: Replica, capfd: pytest.CaptureFixture[str]
) -> None:
    waiter = Waiter(replica, ["a", "b"], Aim(), lambda: NOW)
    recorded = other_pane.record([Task("a", Kind.MUSIC, Phase.DONE), Task("c", Kind.MUSIC, Phase.DONE)], NOW)
    assert waiter.verdict(replica) is None
    waiter.take_in(Update(Link(), changes=recorded.changes))
    for _ in range(2):
        assert waiter.verdict(replica) is None
    assert len(capfd.readouterr().err.splitlines()) == 1, "and nothing of what is not waited for"


def test_following_prints_the_end_that_another_pane_records_before_the_engine_tells_of_it(
    replica: Replica, other_pane: Replica, capfd: pytest.CaptureFixture[str]
) -> None:
    follower = follower_of(replica, "a", "b")
    first = other_pane.record([Task("a", Kind.MUSIC, Phase.DONE)], NOW)
    assert follower.verdict(replica) is None
    other_pane.record([Task("b", Kind.MUSIC, Phase.DONE)], NOW)
    follower.take_in(Update(Link(), changes=first.changes))
    assert follower.verdict(replica) is ExitCode.WELL
    assert len(capfd.readouterr().out.splitlines()) == 2


def test_a_change_that_is_recorded_before_its_task_is_known_to_be_watched_is_printed(
    replica: Replica, other_pane: Replica, capfd: pytest.CaptureFixture[str]
) -> None:
    follower = follower_of(replica, "a")
    other_pane.record([Task("new", Kind.MUSIC, Phase.DONE)], NOW)
    assert follower.verdict(replica) is None
    follower.take_in(Update(Link(), added=frozenset({"new"})))
    assert follower.verdict(replica) is None
    assert "new" in capfd.readouterr().out


def test_what_was_recorded_before_a_wait_began_is_no_news(
    replica: Replica, other_pane: Replica, capfd: pytest.CaptureFixture[str]
) -> None:
    other_pane.record([Task(name, Kind.MUSIC, Phase.DONE) for name in ("a", "b")], NOW)
    assert Waiter(replica, ["a", "b"], Aim(), lambda: NOW).verdict(replica) is ExitCode.WELL
    assert capfd.readouterr().err == ""
