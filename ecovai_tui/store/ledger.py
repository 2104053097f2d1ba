"""Recording what the gateway said: states, payloads, the ledger of changes, and the durations learned from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ecovai_tui.store.task_rows import WRITE_SUMMARY, Planned, planned, stored_task, summary_row
from ecovai_tui.tasks.judging import Aspect, Change, changes_between, declare_missing, summarise
from ecovai_tui.tasks.model import Kind, Task, TaskSummary
from ecovai_tui.tasks.task_json import task_content

_ASPECTS = {aspect.value: aspect for aspect in Aspect}


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

    def joined(self, other: Recorded) -> Recorded:
        """Return what two steps brought together, this one first."""
        return Recorded(self.changes + other.changes, self.seen | other.seen)


Plan = Callable[[TaskSummary, float, float | None], float | None]
"""Returns when a task is due next, given what was told now and when the user last asked for it; None for never."""


def store(
    connection: sqlite3.Connection, origin: str, told: Iterable[Task], now: float, plan: Plan | None = None
) -> Recorded:
    """Store the tasks of a reply, within a transaction of the caller's, and return what changed by them.

    ``plan`` tells when each is due next; without one none is due any more.
    """
    tasks = {task.id: task for task in told}
    before = planned(connection, origin, tasks)
    stored = _payloads(connection, origin, list(tasks))
    new = {task_id: (_content_text(task), task.source) for task_id, task in tasks.items()}
    after = [
        _summarise(task, _known(before, task_id), now, (stored.get(task_id, ("",))[0], new[task_id][0]))
        for task_id, task in tasks.items()
    ]
    changed = [(origin, task_id, *payload) for task_id, payload in new.items() if stored.get(task_id) != payload]
    connection.executemany(_WRITE_PAYLOAD, changed)
    return _write(connection, origin, before, after, now=now, plan=plan)


def store_missing(
    connection: sqlite3.Connection, origin: str, ids: Iterable[str], now: float, plan: Plan | None = None
) -> Recorded:
    """Store that the gateway answered not to know these ids, and return what changed by that; else as ``store``."""
    asked = dict.fromkeys(ids)
    before = planned(connection, origin, asked)
    after = [declare_missing(_known(before, task_id) or TaskSummary(task_id), now) for task_id in asked]
    return _write(connection, origin, before, after, now=now, plan=plan)


def _known(before: Mapping[str, Planned], task_id: str) -> TaskSummary | None:
    return before[task_id].summary if task_id in before else None


def _summarise(task: Task, before: TaskSummary | None, now: float, contents: tuple[str, str]) -> TaskSummary:
    """Summarise; where the old content is no longer stored, the summaries alone show whether something changed."""
    old, new = contents
    same = summarise(task, before, now, content_changed=False)
    if _differ(old, new) or changes_between(before, same, now):
        return summarise(task, before, now, content_changed=True)
    return same


def _differ(old: str, new: str) -> bool:
    """Return whether two contents differ, also where an older version wrote fewer fields of the first."""
    if not old or old == new:
        return False
    task = stored_task(old)
    return task is None or _content_text(task) != new


def _write(
    connection: sqlite3.Connection,
    origin: str,
    before: Mapping[str, Planned],
    after: Sequence[TaskSummary],
    *,
    now: float,
    plan: Plan | None,
) -> Recorded:
    changes = tuple(change for new in after for change in changes_between(_known(before, new.id), new, now))
    rows = [
        summary_row(origin, new, now, plan(new, now, before[new.id].restarted_at if new.id in before else None))
        if plan
        else summary_row(origin, new, now, None)
        for new in after
    ]
    connection.executemany(WRITE_SUMMARY, rows)
    connection.executemany(
        "INSERT INTO change (origin, at, id, what, before, after) VALUES (?, ?, ?, ?, ?, ?)",
        [(origin, change.at, change.id, change.what.value, change.before, change.after) for change in changes],
    )
    return Recorded(changes, frozenset(summary.id for summary in after))


def _payloads(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    query = "SELECT id, content, source FROM payload WHERE origin = ? AND id IN (SELECT value FROM json_each(?))"
    rows = connection.execute(query, (origin, json.dumps(ids)))
    return {task_id: (content, source) for task_id, content, source in rows}


def _content_text(task: Task) -> str:
    return json.dumps(task_content(task), ensure_ascii=False, separators=(",", ":"))


def claim_event(connection: sqlite3.Connection, origin: str, about: str, event: str, now: float) -> bool:
    """Note that an event is acted upon, and return whether it was not yet; within a transaction of the caller's."""
    row = (origin, about, event, now)
    return (
        connection.execute("INSERT OR IGNORE INTO hook (origin, about, event, at) VALUES (?, ?, ?, ?)", row).rowcount
        > 0
    )


DAY = 24 * 60 * 60.0
LEDGER_KEPT = 90 * DAY
"""Seconds for which the ledger is kept, and the states of tasks that are no longer watched."""
PAYLOADS_KEPT = 30 * DAY
"""Seconds for which whole tasks are kept that are no longer watched."""

_PRUNE_PAYLOADS = """
    DELETE FROM payload WHERE rowid IN (
        SELECT payload.rowid FROM task JOIN payload USING (origin, id) WHERE watched = 0 AND unwatched_at < ?
    )
"""
_PRUNE_LEDGER = """
    DELETE FROM change WHERE row < coalesce(
        (SELECT row FROM change WHERE at >= ? ORDER BY row LIMIT 1), (SELECT max(row) + 1 FROM change)
    )
"""
"""Up to the first that is young enough: rows are in the order of time."""


def prune(connection: sqlite3.Connection, now: float) -> None:
    """Forget old entries, whole tasks and states of no use, of every origin; within a transaction of the caller's."""
    connection.execute(_PRUNE_LEDGER, (now - LEDGER_KEPT,))
    connection.execute("DELETE FROM hook WHERE at < ?", (now - LEDGER_KEPT,))
    connection.execute(_PRUNE_PAYLOADS, (now - PAYLOADS_KEPT,))
    connection.execute("DELETE FROM task WHERE watched = 0 AND unwatched_at < ?", (now - LEDGER_KEPT,))
