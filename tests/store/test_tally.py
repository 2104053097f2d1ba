from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ecovai_tui.store.database import STEPS
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.tally import SCHEMA_VERSION, ActiveTask, read_tally
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Kind, Phase, Task

ORIGIN = "https://api.example"
NOW = 1_700_000_000.0
PHASES = list(Phase)


@pytest.fixture
def watch_list(tmp_path: Path) -> WatchListFile:
    return WatchListFile(tmp_path / "watchlist.toml")


@pytest.fixture
def replica(tmp_path: Path) -> Path:
    return tmp_path / "replica.sqlite3"


def tell(replica: Path, watch_list: WatchListFile, *tasks: Task, origin: str = ORIGIN, now: float = NOW) -> None:
    opened = Replica(replica, origin)
    opened.mirror(watch_list.read(), now)
    opened.record(tasks, now)
    opened.close()


def test_the_queries_are_for_the_newest_tables() -> None:
    assert len(STEPS) == SCHEMA_VERSION


def test_watched_tasks_are_counted_and_those_under_way_keep_their_times(
    watch_list: WatchListFile, replica: Path
) -> None:
    watch_list.add(["a", "b", "c"], now=NOW)
    running = Task("b", Kind.MUSIC, Phase.RUNNING, submitted_at=NOW - 60)
    tell(replica, watch_list, Task("a", Kind.MUSIC, Phase.DONE), running, Task("other", Kind.MUSIC, Phase.FAILED))
    tally = read_tally(watch_list.path, replica, ORIGIN)
    assert tally is not None
    assert tally.counts == {Phase.WAITING: 1, Phase.RUNNING: 1, Phase.DONE: 1}
    assert tally.seen_at == NOW
    times = {task.phase: (task.submitted_at, task.seen_at) for task in tally.active}
    assert times == {Phase.RUNNING: (NOW - 60, NOW), Phase.WAITING: (None, None)}


def test_an_id_that_nobody_told_of_waits(watch_list: WatchListFile, replica: Path) -> None:
    watch_list.add(["a"], now=NOW)
    tell(replica, watch_list)
    watch_list.add(["new"], now=NOW)
    tally = read_tally(watch_list.path, replica, ORIGIN)
    assert tally is not None
    assert tally.counts == {Phase.WAITING: 2}
    assert tally.active == (ActiveTask(Phase.WAITING),) * 2


@pytest.mark.parametrize(
    ("origin", "phase"),
    [(ORIGIN, Phase.DONE), ("https://other.example", Phase.FAILED), ("https://never-asked.example", Phase.WAITING)],
)
def test_the_gateway_that_is_named_is_counted_whichever_was_used_last(
    watch_list: WatchListFile, replica: Path, origin: str, phase: Phase
) -> None:
    watch_list.add(["a"], now=NOW)
    tell(replica, watch_list, Task("a", Kind.MUSIC, Phase.DONE))
    tell(replica, watch_list, Task("a", Kind.MUSIC, Phase.FAILED), origin="https://other.example", now=NOW + 1)
    tally = read_tally(watch_list.path, replica, origin)
    assert tally is not None
    assert tally.counts == {phase: 1}


def test_a_phase_of_a_newer_version_is_unknown(watch_list: WatchListFile, replica: Path) -> None:
    watch_list.add(["a"], now=NOW)
    tell(replica, watch_list, Task("a", Kind.MUSIC, Phase.DONE))
    connection = sqlite3.connect(replica)
    connection.execute("UPDATE task SET phase = 'dancing'")
    connection.commit()
    connection.close()
    tally = read_tally(watch_list.path, replica, ORIGIN)
    assert tally is not None
    assert tally.counts == {Phase.UNKNOWN: 1}


@pytest.mark.parametrize("content", ["ids = [oops", "ids = 3", "ids = [7]", 'ids = ["-x"]', "ids = ['a\"b']", "\x00"])
def test_a_watch_list_that_is_out_of_the_ordinary_is_left_to_others(
    watch_list: WatchListFile, replica: Path, content: str
) -> None:
    tell(replica, watch_list)
    watch_list.path.write_text(content)
    assert read_tally(watch_list.path, replica, ORIGIN) is None


def test_a_replica_that_is_not_there_is_not_made(watch_list: WatchListFile, replica: Path) -> None:
    watch_list.add(["a"], now=NOW)
    assert read_tally(watch_list.path, replica, ORIGIN) is None
    assert not replica.exists()


@pytest.mark.parametrize("damage", [b"", b"not a database, by far not one", b"SQLite format 3\x00" + b"\xff" * 200])
def test_a_replica_that_cannot_be_read_is_left_to_others(
    watch_list: WatchListFile, replica: Path, damage: bytes
) -> None:
    watch_list.add(["a"], now=NOW)
    replica.write_bytes(damage)
    assert read_tally(watch_list.path, replica, ORIGIN) is None


def test_a_replica_of_a_newer_version_is_left_to_others(watch_list: WatchListFile, replica: Path) -> None:
    watch_list.add(["a"], now=NOW)
    tell(replica, watch_list)
    connection = sqlite3.connect(replica)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    assert read_tally(watch_list.path, replica, ORIGIN) is None


@hypothesis_settings(deadline=None)
@given(phases=st.lists(st.sampled_from([*PHASES, None]), max_size=30))
def test_both_ways_to_count_agree(tmp_path_factory: pytest.TempPathFactory, phases: list[Phase | None]) -> None:
    folder = tmp_path_factory.mktemp("tally")
    watch_list, replica = WatchListFile(folder / "watchlist.toml"), folder / "replica.sqlite3"
    watch_list.add([f"id-{number}" for number in range(len(phases))] or ["other"], now=NOW)
    told = [Task(f"id-{number}", Kind.MUSIC, phase) for number, phase in enumerate(phases) if phase]
    tell(replica, watch_list, *told)
    tally = read_tally(watch_list.path, replica, ORIGIN)
    opened = Replica(replica, ORIGIN)
    whole = [task.summary.phase for task in opened.watched()]
    opened.close()
    assert tally is not None
    assert tally.counts == {phase: whole.count(phase) for phase in PHASES if phase in whole}
    assert len(tally.active) == sum(phase.active for phase in whole)
