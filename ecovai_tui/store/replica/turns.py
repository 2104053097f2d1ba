"""What panes tell each other: requests made, wishes for the one that asks, and how its link to the gateway is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.store.replica.transaction import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

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
