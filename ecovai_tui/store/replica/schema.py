"""The tables of the replica, and the steps by which an older file becomes a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.store.replica.transaction import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

Step = tuple[str, ...]

_TABLES: Step = (
    """
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
    )
    """,
    """
    CREATE INDEX task_on_screen
        ON task (origin, submitted_at IS NULL, coalesce(submitted_at, added_at, 0.0), position) WHERE watched = 1
    """,
    """
    CREATE INDEX task_unsettled ON task (origin)
        WHERE watched = 1 AND (phase NOT IN ('done', 'partial', 'failed') OR awaits_file = 1)
    """,
    "CREATE INDEX task_unwatched ON task (unwatched_at) WHERE watched = 0",
    "CREATE INDEX task_example ON task (origin, kind, final_at) WHERE final_at IS NOT NULL",
    """
    CREATE TABLE payload (
        origin TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (origin, id)
    )
    """,
    """
    CREATE TABLE change (
        row INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, at REAL NOT NULL, id TEXT NOT NULL,
        what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    )
    """,
    "CREATE INDEX change_of_task ON change (origin, id)",
    "CREATE TABLE request (origin TEXT NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX request_time ON request (origin, at)",
    "CREATE TABLE intent (row INTEGER PRIMARY KEY, origin TEXT NOT NULL, at REAL NOT NULL, intent TEXT NOT NULL)",
    "CREATE TABLE link (origin TEXT PRIMARY KEY, told TEXT NOT NULL)",
    "CREATE TABLE origin (name TEXT PRIMARY KEY, used_at REAL NOT NULL)",
)

STEPS: tuple[Step, ...] = (_TABLES,)
"""Step n leads from version n to version n + 1; steps are added at the end and never changed."""


class NewerSchemaError(Exception):
    """The file was written by a newer version of the program."""


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Bring a file to the newest version, in one transaction; raises NewerSchemaError when it is beyond it."""
    if _version(connection, steps) == len(steps):
        return
    with transaction(connection):
        version = _version(connection, steps)
        for statement in (statement for step in steps[version:] for statement in step):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _version(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
    """Return the version of a file that the steps lead from; reading it needs no right to write."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise NewerSchemaError(version)
    return version
