"""The tasks in the replica: a summary as columns of a row, read for one line or as a whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from ecovai_tui.store.database import Database
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.task_json import read_content

_SUMMARY_NAMES = (
    "id",
    "kind",
    "phase",
    "status",
    "title",
    "model",
    "tags",
    "clip_phases",
    "fail_reason",
    "note",
    "no_audio",
    "awaits_file",
    "submitted_at",
    "started_at",
    "finished_at",
    "quiet_since",
    "final_at",
    "seen_at",
    "changed_at",
)

_SUMMARY_COLUMNS = ", ".join(_SUMMARY_NAMES)

COLUMNS = f"{_SUMMARY_COLUMNS}, label, added_at, position"
"""The columns that ``read_watched`` takes, in its order."""

WRITE_SUMMARY = f"""
    INSERT INTO task (origin, {_SUMMARY_COLUMNS}, unwatched_at)
    VALUES (?, {", ".join("?" * len(_SUMMARY_NAMES))}, ?)
    ON CONFLICT (origin, id) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in _SUMMARY_NAMES[1:])},
    unwatched_at = CASE WHEN watched = 1 THEN NULL ELSE excluded.unwatched_at END
"""  # noqa: S608 - made of the constants above alone
"""Write what ``summary_row`` gives; what the watch list says of the task is left alone."""

_PHASES = {phase.value: phase for phase in Phase}
_KINDS = {kind.value: kind for kind in Kind}


def summary_row(origin: str, summary: TaskSummary, now: float) -> tuple[object, ...]:
    """Return the parameters of ``WRITE_SUMMARY``."""
    return (
        origin,
        summary.id,
        summary.kind.value,
        summary.phase.value,
        summary.status,
        summary.title,
        summary.model,
        summary.tags,
        " ".join(summary.clip_phases),
        summary.fail_reason,
        summary.note,
        summary.no_audio,
        summary.awaits_file,
        summary.submitted_at,
        summary.started_at,
        summary.finished_at,
        summary.quiet_since,
        summary.final_at,
        summary.seen_at,
        summary.changed_at,
        now,
    )


def read_watched(row: Sequence[Any]) -> WatchedTask:
    """Return the watched task in a row; a word that nobody knows is ``unknown``."""
    *summary, label, added_at, position = row
    return WatchedTask(_read_summary(summary), label, added_at, position)


def _read_summary(row: Sequence[Any]) -> TaskSummary:
    name, kind, phase, status, title, model, tags, clips, fail_reason, note, no_audio, awaits_file, *times = row
    return TaskSummary(
        name,
        _KINDS.get(kind, Kind.UNKNOWN),
        _PHASES.get(phase, Phase.UNKNOWN),
        status,
        title,
        model,
        tags,
        _phases(clips),
        fail_reason,
        note,
        bool(no_audio),
        bool(awaits_file),
        *times,
    )


@lru_cache(maxsize=1024)
def _phases(words: str) -> tuple[Phase, ...]:
    return tuple(_PHASES.get(word, Phase.UNKNOWN) for word in words.split())


FIRST_SCREEN = f"""
    SELECT {COLUMNS} FROM task WHERE origin = ? AND watched = 1
    ORDER BY submitted_at IS NULL DESC, coalesce(submitted_at, added_at, 0.0) DESC, position DESC LIMIT ? OFFSET ?
"""  # noqa: S608 - COLUMNS is a constant
"""Tasks without a submit time on top, then the newest first, by index alone."""

NEXT_SCREEN = f"""
    SELECT {COLUMNS} FROM task WHERE origin = :origin AND watched = 1 AND (submitted_at IS NULL) = :unsubmitted
    AND coalesce(submitted_at, added_at, 0.0) <= :moment
    AND (coalesce(submitted_at, added_at, 0.0) < :moment OR position < :position)
    ORDER BY coalesce(submitted_at, added_at, 0.0) DESC, position DESC LIMIT :limit
"""  # noqa: S608 - COLUMNS is a constant
"""What follows a place in the order of the first screen; an offset would have to count its way there each time."""

IDS_AT_ONCE = 1_000
"""Ids that are read in one query of a matter of milliseconds."""

_WATCHED_IDS = "SELECT rowid, id FROM task WHERE +origin = ? AND +watched = 1 AND rowid > ? ORDER BY rowid LIMIT ?"

_OF_IDS = f"""
    SELECT {COLUMNS} FROM task WHERE origin = ? AND id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - COLUMNS is a constant

_WATCHED_OF_IDS = f"{_OF_IDS} AND watched = 1"

UNSETTLED = """
    SELECT rowid, id FROM task WHERE origin = ? AND watched = 1
    AND (phase NOT IN ('done', 'partial', 'failed') OR awaits_file = 1) AND rowid > ? ORDER BY rowid LIMIT ?
"""
"""Tasks of which something is still to come, by index alone."""

SEEN_SINCE = """
    SELECT id, seen_at FROM task WHERE origin = ? AND watched = 1 AND seen_at >= ?
    AND (phase NOT IN ('done', 'partial', 'failed') OR awaits_file = 1)
"""

_NO_LIMIT = -1


def watched(connection: sqlite3.Connection, origin: str, limit: int | None, offset: int) -> list[WatchedTask]:
    """Return the watched tasks as the first screen shows them."""
    rows = connection.execute(FIRST_SCREEN, (origin, _NO_LIMIT if limit is None else limit, offset))
    return [read_watched(row) for row in rows]


def watched_behind(connection: sqlite3.Connection, origin: str, last: WatchedTask, limit: int) -> list[WatchedTask]:
    """Return the watched tasks that follow one in the order of the first screen."""
    unsubmitted = last.summary.submitted_at is None
    moment = last.summary.submitted_at or last.added_at or 0.0
    found = _behind(connection, origin, (unsubmitted, moment, last.position), limit)
    if unsubmitted and len(found) < limit:
        found += _behind(connection, origin, (False, float("inf"), 0), limit - len(found))
    return found


def _behind(
    connection: sqlite3.Connection, origin: str, place: tuple[bool, float, int], limit: int
) -> list[WatchedTask]:
    names = ("origin", "unsubmitted", "moment", "position", "limit")
    rows = connection.execute(NEXT_SCREEN, dict(zip(names, (origin, *place, limit), strict=True)))
    return [read_watched(row) for row in rows]


def watched_ids_in_slices(holder: Database, origin: str) -> Iterator[list[str]]:
    """Yield the ids of the watched tasks in no certain order, some at a time."""
    yield from _in_slices(holder, origin, _WATCHED_IDS)


def unsettled_ids_in_slices(holder: Database, origin: str) -> Iterator[list[str]]:
    """Yield the ids of the watched tasks that are not final, or owe the address of a file, some at a time."""
    yield from _in_slices(holder, origin, UNSETTLED)


def _in_slices(holder: Database, origin: str, query: str) -> Iterator[list[str]]:
    row = 0
    while found := holder.run(partial(_ids_behind, query=query, origin=origin, row=row)):
        row = found[-1][0]
        yield [name for _, name in found]


def _ids_behind(connection: sqlite3.Connection, query: str, origin: str, row: int) -> list[tuple[int, str]]:
    return connection.execute(query, (origin, row, IDS_AT_ONCE)).fetchall()


def seen_since(connection: sqlite3.Connection, origin: str, moment: float) -> dict[str, float]:
    """Return when the gateway told last of those unsettled tasks of which it told since a moment."""
    return dict(connection.execute(SEEN_SINCE, (origin, moment)).fetchall())


def watched_ids(connection: sqlite3.Connection, origin: str) -> list[str]:
    """Return the ids of the watched tasks in the order of the watch list."""
    rows = connection.execute("SELECT id FROM task WHERE origin = ? AND watched = 1 ORDER BY position", (origin,))
    return [name for (name,) in rows]


def watched_tasks(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, WatchedTask]:
    """Return what is known of ids, watched or not, that the replica has heard of."""
    rows = connection.execute(_OF_IDS, (origin, json.dumps(ids)))
    return {found.id: found for found in map(read_watched, rows)}


def watched_of(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> list[WatchedTask]:
    """Return what is known of those of the ids that are watched."""
    return [read_watched(row) for row in connection.execute(_WATCHED_OF_IDS, (origin, json.dumps(ids)))]


def summaries(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, TaskSummary]:
    """Return the summaries of ids that the replica has heard of."""
    return {name: found.summary for name, found in watched_tasks(connection, origin, ids).items()}


def task(connection: sqlite3.Connection, origin: str, task_id: str) -> Task | None:
    """Return the whole task, or None where no reply about it is stored or what is stored cannot be read."""
    query = "SELECT content, source FROM payload WHERE origin = ? AND id = ?"
    found = connection.execute(query, (origin, task_id)).fetchone()
    if found is None:
        return None
    try:
        return read_content(json.loads(found[0]), found[1])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
