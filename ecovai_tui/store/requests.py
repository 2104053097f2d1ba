"""What panes share through the replica: requests made, and what was kept long enough."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from ecovai_tui.store.database import transaction

Rule = Callable[[Sequence[float], float], bool]

WINDOW = 60.0
"""Seconds for which requests and wishes are kept."""


def claim_request(
    connection: sqlite3.Connection, origin: str, clock: Callable[[], float], may_go: Rule
) -> float | None:
    """Note a request that is about to be made and return its time; None where the rule is against it.

    Nobody else can claim between the count and the claim, and the clock is read only then. So the rule, which is
    given the times of the last requests and the present one, sees all that came before.
    """
    with transaction(connection):
        now = clock()
        forget_requests(connection, origin, now)
        if not may_go(requests_since(connection, origin, now - WINDOW), now):
            return None
        connection.execute("INSERT INTO request (origin, at) VALUES (?, ?)", (origin, now))
        return now


def requests_since(connection: sqlite3.Connection, origin: str, at: float) -> list[float]:
    """Return when requests were made by any pane after a moment, oldest first."""
    query = "SELECT at FROM request WHERE origin = ? AND at > ? ORDER BY at"
    return [moment for (moment,) in connection.execute(query, (origin, at))]


def forget_requests(connection: sqlite3.Connection, origin: str, now: float) -> None:
    """Forget requests outside the window, those of a clock that was wrong as well."""
    connection.execute(
        "DELETE FROM request WHERE origin = ? AND (at < ? OR at > ?)", (origin, now - WINDOW, now + WINDOW)
    )


def ask(connection: sqlite3.Connection, origin: str, intent: str, now: float) -> None:
    """Leave a wish for the pane that asks the gateway; one that is waiting already is not doubled."""
    with transaction(connection):
        connection.execute("DELETE FROM intent WHERE origin = ? AND at < ?", (origin, now - WINDOW))
        waiting = connection.execute("SELECT 1 FROM intent WHERE origin = ? AND intent = ?", (origin, intent))
        if waiting.fetchone() is None:
            connection.execute("INSERT INTO intent (origin, at, intent) VALUES (?, ?, ?)", (origin, now, intent))


def oldest_intent(connection: sqlite3.Connection, origin: str) -> tuple[int, float] | None:
    """Return what tells the wish that has been waiting longest from all others; None if none is."""
    found = connection.execute("SELECT row, at FROM intent WHERE origin = ? ORDER BY row LIMIT 1", (origin,)).fetchone()
    return None if found is None else (found[0], found[1])


def take_intents(connection: sqlite3.Connection, origin: str) -> list[str]:
    """Return the waiting wishes, oldest first, each to one taker only."""
    query = "SELECT row, intent FROM intent WHERE origin = ? ORDER BY row"
    if connection.execute(query, (origin,)).fetchone() is None:
        return []
    with transaction(connection):
        waiting = connection.execute(query, (origin,)).fetchall()
        connection.executemany("DELETE FROM intent WHERE row = ?", [(row,) for row, _ in waiting])
    return [intent for _, intent in waiting]


def publish_link(connection: sqlite3.Connection, origin: str, told: str) -> None:
    """Tell the other panes how the link is, in a text of the caller's own making."""
    with transaction(connection):
        connection.execute("INSERT OR REPLACE INTO link (origin, told) VALUES (?, ?)", (origin, told))


def published_link(connection: sqlite3.Connection, origin: str) -> str:
    """Return what the pane that asks told last; "" if none ever did."""
    found = connection.execute("SELECT told FROM link WHERE origin = ?", (origin,)).fetchone()
    return found[0] if found else ""


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
