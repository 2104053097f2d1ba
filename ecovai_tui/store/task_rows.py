"""The tasks in the replica: a summary as columns of a row, read for one line or as a whole, or found by lyrics."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.store.errors import StoreError, shown_path
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.task_json import read_content
from ecovai_tui.tasks.text import folded

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
    "length",
    "submitted_at",
    "started_at",
    "finished_at",
    "quiet_since",
    "final_at",
    "seen_at",
    "changed_at",
    "progress",
    "expires_at",
)

_SUMMARY_COLUMNS = ", ".join(_SUMMARY_NAMES)

COLUMNS = f"{_SUMMARY_COLUMNS}, label, added_at, position, files"
"""The columns that ``read_watched`` takes, in its order."""

WRITE_SUMMARY = f"""
    INSERT INTO task (origin, {_SUMMARY_COLUMNS}, unwatched_at, due_at)
    VALUES (?, {", ".join("?" * len(_SUMMARY_NAMES))}, ?, ?)
    ON CONFLICT (origin, id) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in _SUMMARY_NAMES[1:])},
    due_at = excluded.due_at, misses = 0, alone = 0,
    unwatched_at = CASE WHEN watched = 1 THEN NULL ELSE excluded.unwatched_at END
"""  # noqa: S608 - made of the constants above alone
"""Write what ``summary_row`` gives; what the watch list says of the task is left alone."""

_PHASES = {phase.value: phase for phase in Phase}
_KINDS = {kind.value: kind for kind in Kind}


def summary_row(origin: str, summary: TaskSummary, now: float, due_at: float | None) -> tuple[object, ...]:
    """Return the parameters of ``WRITE_SUMMARY``; ``due_at`` is when to ask for the task again, None for never."""
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
        summary.length,
        summary.submitted_at,
        summary.started_at,
        summary.finished_at,
        summary.quiet_since,
        summary.final_at,
        summary.seen_at,
        summary.changed_at,
        summary.progress,
        summary.expires_at,
        now,
        due_at,
    )


def read_watched(row: Sequence[Any]) -> WatchedTask:
    """Return the watched task in a row; a word that nobody knows is ``unknown``."""
    *summary, label, added_at, position, files = row
    return WatchedTask(_read_summary(summary), label, added_at, position, files)


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

_OF_IDS = f"""
    SELECT {COLUMNS} FROM task WHERE origin = ? AND id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - COLUMNS is a constant

_WATCHED_OF_IDS = f"{_OF_IDS} AND watched = 1"

SEEN_SINCE = """
    SELECT id, seen_at FROM task WHERE origin = ? AND watched = 1 AND due_at IS NOT NULL AND seen_at >= ?
"""

_PLANNED = f"""
    SELECT {COLUMNS}, misses, restarted_at FROM task WHERE origin = ? AND id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - COLUMNS is a constant

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


def seen_since(connection: sqlite3.Connection, origin: str, moment: float) -> dict[str, float]:
    """Return when the gateway told last of those of which it told since a moment and more is to come."""
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


class Planned(NamedTuple):
    """What is known of a task, and what its next request depends on."""

    summary: TaskSummary
    added_at: float | None
    misses: int
    """How many batches in a row have left it out."""
    restarted_at: float | None
    """When the user last asked for it."""


def planned(connection: sqlite3.Connection, origin: str, ids: Iterable[str]) -> dict[str, Planned]:
    """Return this of ids that the replica has heard of."""
    rows = connection.execute(_PLANNED, (origin, json.dumps(list(ids))))
    found = ((read_watched(row[:-2]), row[-2:]) for row in rows)
    return {known.id: Planned(known.summary, known.added_at, *more) for known, more in found}


def summaries(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, TaskSummary]:
    """Return the summaries of ids that the replica has heard of."""
    return {name: found.summary for name, found in watched_tasks(connection, origin, ids).items()}


def task_of_clip(connection: sqlite3.Connection, origin: str, clip: str) -> str | None:
    """Return the id of the task in whose stored reply a clip has this id, of several the one stored last."""
    query = """
        SELECT payload.id FROM payload WHERE origin = ? AND instr(content, ?) AND EXISTS (
            SELECT 1 FROM json_each(content, '$.clips') AS clip WHERE json_extract(clip.value, '$.id') = ?
        ) ORDER BY rowid DESC LIMIT 1
    """
    found = connection.execute(query, (origin, clip, clip)).fetchone()
    return None if found is None else str(found[0])


def task(connection: sqlite3.Connection, origin: str, task_id: str) -> Task | None:
    """Return the whole task, or None where no reply about it is stored or what is stored cannot be read."""
    query = "SELECT content, source FROM payload WHERE origin = ? AND id = ?"
    found = connection.execute(query, (origin, task_id)).fetchone()
    return None if found is None else stored_task(*found)


def stored_task(content: str, source: str = "") -> Task | None:
    """Return the task of a stored content, also one that an older version wrote; None if it cannot be read."""
    try:
        return read_content(json.loads(content), source)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


_HAVING = """
    SELECT id FROM payload WHERE origin = ? AND EXISTS (
        SELECT 1 FROM json_tree(content) AS part
        WHERE part.key IN ('lyrics', 'text') AND part.type = 'text' AND instr(folded(part.value), ?)
    )
"""

Found = Mapping[str, frozenset[str]]
"""The ids of the tasks whose lyrics have a text, by that text."""


def find_lyrics(connection: sqlite3.Connection, origin: str, texts: Iterable[str]) -> Found:
    """Return which tasks, watched or not, have each of some folded texts in their lyrics."""
    once = lru_cache(maxsize=1)(folded)  # the clips of a task have the same lyrics
    connection.create_function("folded", 1, once, deterministic=True)
    return {text: frozenset(name for (name,) in connection.execute(_HAVING, (origin, text))) for text in texts}


def find_lyrics_in_file(path: Path, origin: str, texts: Iterable[str]) -> Found:
    """Return the same from a file, by a connection of its own, so that it can be asked in a thread.

    Raises StoreError for a file that cannot be read now.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return find_lyrics(connection, origin, texts)
    except sqlite3.Error as error:
        raise StoreError(
            tr("Lyrics cannot be looked through in {path}: {error}.", path=shown_path(path), error=error)
        ) from None
