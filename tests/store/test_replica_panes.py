"""Many panes at one replica: each reads what the others wrote."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task

ORIGIN = "https://gateway.example"
NOW = 1_790_000_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.sqlite3"


@pytest.fixture
def one(path: Path, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(path)


@pytest.fixture
def other(path: Path, one: Replica, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(path)


OTHER_PROCESS = """
import sys
from pathlib import Path
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task
replica = Replica(Path(sys.argv[1]), "https://gateway.example")
replica.mirror(WatchList(ids=("a",)), 1.0)
for number, phase in enumerate([Phase.WAITING, Phase.RUNNING, Phase.FAILED]):
    replica.record([Task("a", Kind.MUSIC, phase)], 2.0 + number)
assert replica.problem == ""
"""


def test_another_process_is_noticed_and_its_ledger_read(path: Path, one: Replica) -> None:
    version, row = one.data_version(), one.last_change()
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, path], check=True)
    assert one.data_version() != version
    assert [(change.what, change.after) for _, change in one.changes_after(row)] == [
        ("appeared", "waiting"),
        ("phase", "running"),
        ("phase", "failed"),
    ]
    assert one.watched()[0].summary.phase is Phase.FAILED


def test_the_version_stays_while_nobody_else_writes(one: Replica, other: Replica) -> None:
    version = one.data_version()
    one.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    other.watched()
    assert one.data_version() == version


def test_a_pane_reads_on_from_the_row_it_knows(one: Replica, other: Replica) -> None:
    one.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    rows = other.changes_after(0)
    one.record([Task("a", Kind.MUSIC, Phase.FAILED)], NOW + 1)
    assert [change.after for _, change in other.changes_after(rows[-1][0])] == ["failed"]
    assert other.changes_after(other.last_change()) == []


def test_rows_of_the_ledger_are_never_used_twice(one: Replica) -> None:
    one.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    row = one.last_change()
    one._database.run(lambda connection: connection.execute("DELETE FROM change"))
    one.record([Task("b", Kind.MUSIC, Phase.RUNNING)], NOW)
    assert one.changes_after(row)[0][0] > row


def test_a_file_that_another_program_writes_to_is_busy_and_not_given_up(path: Path, one: Replica) -> None:
    one.mirror(WatchList(ids=("a",)), NOW)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLocked, match="Another program is writing"):
        one.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    assert [task.id for task in one.watched()] == ["a"], "reading goes on"
    writer.execute("ROLLBACK")
    writer.close()
    assert one.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW).seen == {"a"}
    assert one.problem == ""
