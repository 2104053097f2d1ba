"""From older files to newer ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ecovai_tui.store.database import STEPS, NewerSchemaError, migrate
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList

LATER = (*STEPS, ("ALTER TABLE task ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "replica.sqlite3", isolation_level=None)) as opened:
        yield opened


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_an_empty_file_gets_all_tables(connection: sqlite3.Connection) -> None:
    migrate(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"task", "payload", "change", "request", "intent", "origin"} <= tables
    assert version(connection) == len(STEPS)


def test_an_older_file_becomes_a_newer_one_with_everything_in_it(connection: sqlite3.Connection) -> None:
    migrate(connection)
    connection.execute("INSERT INTO task (origin, id) VALUES ('o', 'a')")
    migrate(connection, LATER)
    assert connection.execute("SELECT id, mood FROM task").fetchall() == [("a", "calm")]
    assert version(connection) == len(LATER)
    migrate(connection, LATER)
    assert version(connection) == len(LATER)


def test_a_step_that_fails_changes_nothing(connection: sqlite3.Connection) -> None:
    migrate(connection)
    broken = (*STEPS, ("ALTER TABLE task ADD COLUMN mood TEXT", "ALTER TABLE nowhere ADD COLUMN mood TEXT"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, broken)
    assert version(connection) == len(STEPS)
    assert "mood" not in {row[1] for row in connection.execute("PRAGMA table_info(task)")}


def test_a_newer_file_is_refused_untouched(connection: sqlite3.Connection) -> None:
    migrate(connection, LATER)
    with pytest.raises(NewerSchemaError):
        migrate(connection)
    assert version(connection) == len(LATER)
    assert not connection.in_transaction


def test_a_file_that_a_killed_program_only_began_is_finished(tmp_path: Path) -> None:
    (tmp_path / "replica.sqlite3").touch()
    with closing(Replica(tmp_path / "replica.sqlite3", "https://gateway.example")) as replica:
        assert replica.problem == ""
        assert replica.mirror(WatchList(ids=("a",)), 1.0).added == {"a"}


def test_the_log_is_written_ahead_where_that_works(tmp_path: Path) -> None:
    with closing(Replica(tmp_path / "replica.sqlite3", "https://gateway.example")) as replica:
        mode = replica._database.run(lambda connection: connection.execute("PRAGMA journal_mode").fetchone())
    assert mode == ("wal",)
