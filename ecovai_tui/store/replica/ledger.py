"""The ledger: what of which task changed when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tasks.changes import Aspect, Change

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_ASPECTS = {aspect.value: aspect for aspect in Aspect}


def write_changes(connection: sqlite3.Connection, origin: str, changes: Sequence[Change]) -> range:
    """Append changes to the ledger, and return their rows; to be called within a transaction."""
    connection.executemany(
        "INSERT INTO change (origin, at, id, what, before, after) VALUES (?, ?, ?, ?, ?, ?)",
        [(origin, change.at, change.id, change.what.value, change.before, change.after) for change in changes],
    )
    end = last_change(connection) + 1
    return range(end - len(changes), end)


def history(connection: sqlite3.Connection, origin: str, task_id: str) -> list[Change]:
    """Return everything that changed of a task, oldest first."""
    query = "SELECT row, at, id, what, before, after FROM change WHERE origin = ? AND id = ? ORDER BY row"
    return [change for _, change in _read(connection, query, (origin, task_id))]


def changes_after(connection: sqlite3.Connection, origin: str, row: int) -> list[tuple[int, Change]]:
    """Return the entries behind a row with their rows, oldest first."""
    query = "SELECT row, at, id, what, before, after FROM change WHERE row > ? AND +origin = ? ORDER BY row"
    return _read(connection, query, (row, origin))


def last_change(connection: sqlite3.Connection) -> int:
    """Return the row of the newest entry of any origin; 0 in an empty ledger."""
    return int(connection.execute("SELECT coalesce(max(row), 0) FROM change").fetchone()[0])


def _read(connection: sqlite3.Connection, query: str, parameters: tuple[object, ...]) -> list[tuple[int, Change]]:
    """Return the changes of a query; kinds of change that only a newer version knows are left out."""
    return [
        (row, Change(at, task_id, _ASPECTS[what], before, after))
        for row, at, task_id, what, before, after in connection.execute(query, parameters)
        if what in _ASPECTS
    ]
