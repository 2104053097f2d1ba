"""From older files to newer ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ecovai_tui.engine.worker import SystemClock
from ecovai_tui.store.database import NewerSchemaError, migrate
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.schema import STEPS, VERSION
from ecovai_tui.store.turns import Batch
from ecovai_tui.store.watchlist_document import WatchList

FIRST_VERSION = """
    CREATE TABLE task (
        origin TEXT NOT NULL, id TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT 'unknown', phase TEXT NOT NULL DEFAULT 'waiting', status TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '', clip_phases TEXT NOT NULL DEFAULT '',
        fail_reason TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
        no_audio INTEGER NOT NULL DEFAULT 0, awaits_file INTEGER NOT NULL DEFAULT 0,
        submitted_at REAL, started_at REAL, finished_at REAL,
        quiet_since REAL, final_at REAL, seen_at REAL, changed_at REAL,
        watched INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL DEFAULT 0, label TEXT NOT NULL DEFAULT '',
        added_at REAL, unwatched_at REAL,
        PRIMARY KEY (origin, id)
    );
    CREATE INDEX task_on_screen
        ON task (origin, submitted_at IS NULL, coalesce(submitted_at, added_at, 0.0), position) WHERE watched = 1;
    CREATE INDEX task_unsettled ON task (origin)
        WHERE watched = 1 AND (phase NOT IN ('done', 'partial', 'failed') OR awaits_file = 1);
    CREATE INDEX task_unwatched ON task (unwatched_at) WHERE watched = 0;
    CREATE INDEX task_example ON task (origin, kind, final_at) WHERE final_at IS NOT NULL;
    CREATE TABLE payload (
        origin TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (origin, id)
    );
    CREATE TABLE change (
        row INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, at REAL NOT NULL, id TEXT NOT NULL,
        what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    );
    CREATE INDEX change_of_task ON change (origin, id);
    CREATE TABLE request (origin TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX request_time ON request (origin, at);
    CREATE TABLE intent (row INTEGER PRIMARY KEY, origin TEXT NOT NULL, at REAL NOT NULL, intent TEXT NOT NULL);
    CREATE TABLE link (origin TEXT PRIMARY KEY, told TEXT NOT NULL);
    CREATE TABLE origin (name TEXT PRIMARY KEY, used_at REAL NOT NULL);
    PRAGMA user_version = 1;
    INSERT INTO origin VALUES ('https://gateway.example', 5.0);
    INSERT INTO task (origin, id, phase, watched) VALUES ('https://gateway.example', 'open', 'running', 1);
    INSERT INTO task (origin, id, phase, watched) VALUES ('https://gateway.example', 'settled', 'done', 1);
"""
"""What the first version of the program wrote."""

_SINCE_THIRD_VERSION = """
    ALTER TABLE gateway DROP COLUMN quota_left;
    ALTER TABLE gateway DROP COLUMN quota_at;
    ALTER TABLE task DROP COLUMN files;
    ALTER TABLE task DROP COLUMN length;
    ALTER TABLE task DROP COLUMN progress;
    ALTER TABLE task DROP COLUMN expires_at;
    DROP TABLE file;
    DROP TABLE hook;
    PRAGMA user_version = 3;
"""
_WATCHING = """
    INSERT INTO gateway (origin, used_at) VALUES ('https://gateway.example', 5.0);
    INSERT INTO task (origin, id, phase, watched, due_at) VALUES ('https://gateway.example', 'open', 'running', 1, 0);
    INSERT INTO task (origin, id, phase, watched) VALUES ('https://gateway.example', 'settled', 'done', 1);
"""
THIRD_VERSION = ";".join((*STEPS[0], _SINCE_THIRD_VERSION, _WATCHING))
"""What an older version wrote."""


_SINCE_FOURTH_VERSION = """
    ALTER TABLE task DROP COLUMN progress;
    ALTER TABLE task DROP COLUMN expires_at;
    PRAGMA user_version = 4;
"""
FOURTH_VERSION = ";".join((*STEPS[0], _WATCHING, _SINCE_FOURTH_VERSION))
"""What the version before this one wrote."""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "replica.sqlite3", isolation_level=None)) as opened:
        yield opened


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_an_empty_file_gets_all_tables(connection: sqlite3.Connection) -> None:
    migrate(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"task", "payload", "change", "request", "gateway", "file"} <= tables
    assert version(connection) == VERSION


@pytest.mark.parametrize("older", [FIRST_VERSION, THIRD_VERSION, FOURTH_VERSION], ids=["first", "third", "fourth"])
def test_an_older_file_becomes_a_newer_one_with_everything_in_it(
    connection: sqlite3.Connection, tmp_path: Path, older: str
) -> None:
    connection.executescript(older)
    with closing(Replica(tmp_path / "replica.sqlite3")) as replica:
        assert (replica.problem, replica.origin) == ("", "https://gateway.example")
        assert set(replica.watched_ids()) == {"open", "settled"}
        claimed = replica.lease(SystemClock()).claim()
        assert isinstance(claimed, Batch)
        assert claimed.ids == ("open",)
    assert version(connection) == VERSION


def test_an_old_file_and_a_new_one_have_the_same_tables(connection: sqlite3.Connection) -> None:
    def tables(of: sqlite3.Connection) -> dict[str, set[str]]:
        names = [name for (name,) in of.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")]
        return {name: {row[1] for row in of.execute(f"PRAGMA table_info({name})")} for name in names}

    connection.executescript(FIRST_VERSION)
    migrate(connection)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        migrate(new)
        assert tables(connection) == tables(new)


def test_a_step_that_fails_changes_nothing(connection: sqlite3.Connection) -> None:
    connection.executescript(FIRST_VERSION + "DROP TABLE link;")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert version(connection) == 1
    assert "due_at" not in {row[1] for row in connection.execute("PRAGMA table_info(task)")}


def test_a_newer_file_is_refused_untouched(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchemaError):
        migrate(connection)
    assert version(connection) == 99
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
