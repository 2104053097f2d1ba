"""What a request names: its batch of ids, the ids that batches leave out, and the families that rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from ecovai_tui.store import task_rows
from ecovai_tui.store.ledger import Plan
from ecovai_tui.tasks.families import DEFAULT_FAMILY, FAMILIES, family_of

Limit: TypeAlias = Callable[[str], int]
"""Returns how many ids of a family one request may name."""


class Alone(IntEnum):
    """Whether an id shares its requests with others."""

    NO = 0
    LEFT_OUT = 1
    """Batches left it out often enough: it is asked for by itself."""
    APART = 2
    """Batches that name it fail."""
    NAMED = 3
    """Never in the database: a command named the ids, so nothing is learned from those that are left out."""


class Batch(NamedTuple):
    """The ids of one request, and the token that proves the right to record its reply."""

    token: int
    at: float
    ids: tuple[str, ...]
    alone: Alone = Alone.NO
    hurried: bool = False
    """The user asked for it."""


class GatewayState(NamedTuple):
    """How all panes together stand with a gateway."""

    last_reply: float | None = None
    skew: float = 0.0
    trouble: str = ""
    """The text that ``fail`` was given, "" after a good reply."""
    asking_since: float | None = None
    """When the request under way was claimed; None while there is none."""
    next_poll: float | None = None
    """When this pane may claim the next one; None where nothing is due."""
    latency: float | None = None


class Due(NamedTuple):
    """The condition for a task to be due at all, and its parameters."""

    condition: str
    scope: tuple[object, ...]


def _named(family: str) -> str:
    patterns = " OR ".join(f"id GLOB '{family}{sign}*'" for sign in (":", "/"))
    return f"WHEN {patterns} THEN '{family}'"


FAMILY = (
    f"CASE WHEN instr(id, ':') = 0 THEN '{DEFAULT_FAMILY}' "
    f"{' '.join(map(_named, FAMILIES))} ELSE '{DEFAULT_FAMILY}' END"
)
"""The family of a row's id in SQL: as ``families.family_of`` tells it."""


def limit_of(family: str) -> int:
    """Return how many ids of a family one request may name at most."""
    return FAMILIES[family].most_ids


def rest(connection: sqlite3.Connection, due: Due, batch: Batch, until: float, note: str) -> Sequence[str]:
    """Let all open tasks of a batch's family be due at a moment, with a note that says why; return their ids."""
    where, family = f"{due.condition} AND {FAMILY} = ?", family_of(batch.ids[0])
    ids = [name for (name,) in connection.execute(f"SELECT id FROM task WHERE {where}", (*due.scope, family))]  # noqa: S608 - as above
    update = f"UPDATE task SET due_at = ?, note = ?, alone = 0 WHERE {where}"  # noqa: S608 - as above
    connection.execute(update, (until, note, *due.scope, family))
    return ids


def pause(connection: sqlite3.Connection, due: Due, batch: Batch, until: float, note: str) -> Sequence[str]:
    """Let no open task of a batch's family be due before a moment, and its own ids last, with a note; return these."""
    family = FAMILIES[family_of(batch.ids[0])]
    query = f"UPDATE task SET due_at = max(due_at, ?) WHERE {due.condition} AND {FAMILY} = ?"  # noqa: S608 - as above
    connection.execute(query, (until, *due.scope, family.name))
    query = f"UPDATE task SET due_at = ?, note = ?, alone = ? WHERE {due.condition} AND id = ?"  # noqa: S608 - as above
    last = max(until, batch.at + family.interval)
    connection.executemany(query, [(last, note, batch.alone, *due.scope, name) for name in batch.ids])
    return batch.ids


def miss(connection: sqlite3.Connection, origin: str, ids: Sequence[str], now: float, plan: Plan) -> None:
    """Count that a reply left ids out; twice, and beyond the family's grace, they are asked for one by one.

    Grace is needed, as a gateway stores a task only after its answer to the submission.
    """
    for name, row in task_rows.planned(connection, origin, ids).items():
        lost = bool(row.misses) and (row.added_at is None or now - row.added_at >= FAMILIES[family_of(name)].grace)
        due = now if lost else plan(row.summary, now, row.restarted_at)
        query = "UPDATE task SET misses = misses + 1, due_at = ?, alone = ? WHERE origin = ? AND id = ?"
        connection.execute(query, (due, Alone.LEFT_OUT if lost else Alone.NO, origin, name))
