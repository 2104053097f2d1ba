"""Recording what the gateway said: states, payloads and the ledger, in one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.replica.ledger import write_changes
from ecovai_tui.store.replica.reading import summaries
from ecovai_tui.store.replica.rows import WRITE_SUMMARY, summary_row
from ecovai_tui.store.replica.transaction import transaction
from ecovai_tui.tasks.changes import Change, changes_between, declare_missing, summarise
from ecovai_tui.tasks.document import task_content
from ecovai_tui.tasks.model import Task, TaskSummary

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

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
    """Store a remark of our own on ids, until the gateway tells of them again."""
    with transaction(connection):
        before = summaries(connection, origin, ids)
        after = [before.get(task_id, TaskSummary(task_id))._replace(note=text) for task_id in dict.fromkeys(ids)]
        connection.executemany(WRITE_SUMMARY, [summary_row(origin, summary, now) for summary in after])
    return Recorded(seen=frozenset(ids))


def _summarise(task: Task, before: TaskSummary | None, now: float, contents: tuple[str, str]) -> TaskSummary:
    """Summarise; where the old content is no longer stored, the summaries alone tell whether something changed."""
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
