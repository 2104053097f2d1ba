"""Forgetting what has been kept long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.store.replica.transaction import transaction
from ecovai_tui.store.replica.turns import WINDOW

if TYPE_CHECKING:
    import sqlite3

DAY = 24 * 60 * 60.0
LEDGER_KEPT = 90 * DAY
"""Seconds for which the ledger is kept, and the states of tasks that are no longer watched."""
PAYLOADS_KEPT = 30 * DAY
"""Seconds for which whole tasks are kept that are no longer watched."""
MOST_AT_ONCE = 1000
"""Rows of each kind that one call removes, so that the event loop is not held up; the rest goes with the next."""

_OLDEST_TO_KEEP = "SELECT row FROM change WHERE at >= ? ORDER BY row LIMIT 1"


def prune(connection: sqlite3.Connection, now: float) -> None:
    """Forget old ledger entries, whole tasks and states of no use, requests and wishes, of every origin."""
    with transaction(connection):
        _prune_ledger(connection, now - LEDGER_KEPT)
        _prune_payloads(connection, now - PAYLOADS_KEPT)
        _prune_tasks(connection, now - LEDGER_KEPT)
        connection.execute("DELETE FROM request WHERE at < ?", (now - WINDOW,))
        connection.execute("DELETE FROM intent WHERE at < ?", (now - WINDOW,))


def _prune_payloads(connection: sqlite3.Connection, before: float) -> None:
    old = connection.execute(
        "SELECT payload.rowid FROM task JOIN payload USING (origin, id) WHERE watched = 0 AND unwatched_at < ? LIMIT ?",
        (before, MOST_AT_ONCE),
    ).fetchall()
    connection.executemany("DELETE FROM payload WHERE rowid = ?", old)


def _prune_tasks(connection: sqlite3.Connection, before: float) -> None:
    old = connection.execute(
        "SELECT rowid FROM task WHERE watched = 0 AND unwatched_at < ? LIMIT ?", (before, MOST_AT_ONCE)
    ).fetchall()
    connection.executemany("DELETE FROM task WHERE rowid = ?", old)


def _prune_ledger(connection: sqlite3.Connection, before: float) -> None:
    """Remove entries up to the first that is young enough: rows are in the order of time."""
    oldest = connection.execute(_OLDEST_TO_KEEP, (before,)).fetchone()
    limit = oldest[0] if oldest else connection.execute("SELECT coalesce(max(row), 0) + 1 FROM change").fetchone()[0]
    first = connection.execute("SELECT coalesce(min(row), 0) FROM change").fetchone()[0]
    connection.execute("DELETE FROM change WHERE row < ?", (min(limit, first + MOST_AT_ONCE),))
