"""Recording what the gateway said: states, payloads, the ledger of changes, and the durations learned from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ecovai_tui.store.database import transaction
from ecovai_tui.store.task_rows import WRITE_SUMMARY, summaries, summary_row
from ecovai_tui.tasks.changes import Aspect, Change, changes_between, declare_missing, summarise
from ecovai_tui.tasks.model import Kind, Task, TaskSummary
from ecovai_tui.tasks.task_json import task_content

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


ENOUGH_FOR_AN_ESTIMATE = 5
ENOUGH_TO_CALL_SLOW = 20
MOST_EXAMPLES = 200
"""Tasks of one model that are learned from, the newest, so that an old habit of the gateway does not linger."""

_EXAMPLES = """
    SELECT submitted_at, ended_at FROM (
        SELECT submitted_at, coalesce(finished_at, (
            SELECT max(at) FROM change WHERE origin = :origin AND change.id = newest.id AND what = 'phase'
            AND after = phase AND before IN ('waiting', 'running', 'streaming')
        )) AS ended_at
        FROM (
            SELECT id, model, phase, submitted_at, finished_at FROM task
            WHERE origin = :origin AND kind = :kind AND final_at IS NOT NULL ORDER BY final_at DESC LIMIT 2000
        ) AS newest
        WHERE phase IN ('done', 'partial') AND submitted_at IS NOT NULL AND :model IN ('', model)
    )
    WHERE ended_at >= submitted_at LIMIT :most
"""


class Learned(NamedTuple):
    """How long tasks of one kind and model took from submit to final, in seconds."""

    median: float
    ninetieth: float
    """Nine of ten took no longer."""
    examples: int

    def seconds_left(self, elapsed: float) -> float | None:
        """Return how long an active task will take yet; None with too few examples, and beyond the median."""
        left = self.median - elapsed
        return left if self.examples >= ENOUGH_FOR_AN_ESTIMATE and left > 0 else None

    def is_slow(self, elapsed: float) -> bool:
        """Return whether an active task is slower than nine of ten; never with too few examples."""
        return self.examples >= ENOUGH_TO_CALL_SLOW and elapsed > self.ninetieth


def learn(durations: Iterable[float]) -> Learned | None:
    """Return what durations (seconds) teach, or None if there are none."""
    ordered = sorted(durations)
    if not ordered:
        return None
    return Learned(_quantile(ordered, 0.5), _quantile(ordered, 0.9), len(ordered))


def durations(connection: sqlite3.Connection, origin: str, kind: Kind, model: str) -> Learned | None:
    """Return what the tasks of a kind that ended well teach; of any model if ``model`` is empty.

    The gateway's own times are taken where it gives both; else the end is when the ledger saw it.
    """
    asked = {"origin": origin, "kind": kind.value, "model": model, "most": MOST_EXAMPLES}
    rows = connection.execute(_EXAMPLES, asked)
    return learn(end - submitted for submitted, end in rows)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of the ordered values lies, between two of them where it must be."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


_WRITE_PAYLOAD = """
    INSERT INTO payload (origin, id, content, source) VALUES (?, ?, ?, ?)
    ON CONFLICT (origin, id) DO UPDATE SET content = excluded.content, source = excluded.source
"""


class Recorded(NamedTuple):
    """What a reply brought."""

    changes: tuple[Change, ...] = ()
    seen: frozenset[str] = frozenset()
    """Ids of which something was told, changed or not."""
    rows: range = range(0)
    """The rows of the ledger that hold the changes."""

    def joined(self, other: Recorded) -> Recorded:
        """Return what two steps brought together, this one first."""
        rows = range(self.rows.start, other.rows.stop) if self.rows and other.rows else self.rows or other.rows
        return Recorded(self.changes + other.changes, self.seen | other.seen, rows)


def record(connection: sqlite3.Connection, origin: str, tasks: Iterable[Task], now: float) -> Recorded:
    """Store the tasks of a reply, and return what changed by them."""
    told = {task.id: task for task in tasks}
    if not told:
        return Recorded()
    with transaction(connection):
        before = summaries(connection, origin, list(told))
        stored = _payloads(connection, origin, list(told))
        new = {task_id: (_content_text(task), task.source) for task_id, task in told.items()}
        after = [
            _summarise(task, before.get(task_id), now, (stored.get(task_id, ("",))[0], new[task_id][0]))
            for task_id, task in told.items()
        ]
        changed = [(origin, task_id, *payload) for task_id, payload in new.items() if stored.get(task_id) != payload]
        connection.executemany(_WRITE_PAYLOAD, changed)
        return _write(connection, origin, before, after, now)


def record_missing(connection: sqlite3.Connection, origin: str, ids: Sequence[str], now: float) -> Recorded:
    """Store that the gateway answered not to know these ids, and return what changed by that."""
    with transaction(connection):
        before = summaries(connection, origin, ids)
        after = [declare_missing(before.get(task_id, TaskSummary(task_id)), now) for task_id in dict.fromkeys(ids)]
        return _write(connection, origin, before, after, now)


def note(connection: sqlite3.Connection, origin: str, ids: Sequence[str], text: str, now: float) -> Recorded:
    """Store a remark of our own on ids, until the gateway reports them again."""
    with transaction(connection):
        before = summaries(connection, origin, ids)
        after = [before.get(task_id, TaskSummary(task_id))._replace(note=text) for task_id in dict.fromkeys(ids)]
        connection.executemany(WRITE_SUMMARY, [summary_row(origin, summary, now) for summary in after])
    return Recorded(seen=frozenset(ids))


def _summarise(task: Task, before: TaskSummary | None, now: float, contents: tuple[str, str]) -> TaskSummary:
    """Summarise; where the old content is no longer stored, the summaries alone show whether something changed."""
    old, new = contents
    same = summarise(task, before, now, content_changed=False)
    if (old and old != new) or changes_between(before, same, now):
        return summarise(task, before, now, content_changed=True)
    return same


def _write(
    connection: sqlite3.Connection,
    origin: str,
    before: dict[str, TaskSummary],
    after: Sequence[TaskSummary],
    now: float,
) -> Recorded:
    changes = tuple(change for new in after for change in changes_between(before.get(new.id), new, now))
    connection.executemany(WRITE_SUMMARY, [summary_row(origin, summary, now) for summary in after])
    rows = write_changes(connection, origin, changes)
    return Recorded(changes, frozenset(summary.id for summary in after), rows)


def _payloads(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    query = "SELECT id, content, source FROM payload WHERE origin = ? AND id IN (SELECT value FROM json_each(?))"
    rows = connection.execute(query, (origin, json.dumps(ids)))
    return {task_id: (content, source) for task_id, content, source in rows}


def _content_text(task: Task) -> str:
    return json.dumps(task_content(task), ensure_ascii=False, separators=(",", ":"))
