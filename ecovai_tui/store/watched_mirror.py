"""The mirror of the watch list in the replica, so that the first screen needs no other file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.database import transaction

if TYPE_CHECKING:
    from ecovai_tui.store.watchlist_document import WatchList

_WRITE_PLACE = """
    INSERT INTO task (origin, id, watched, position, label, added_at, due_at)
    VALUES (:origin, :id, 1, :position, :label, :now, :now)
    ON CONFLICT (origin, id) DO UPDATE SET
    watched = 1, position = excluded.position, label = excluded.label,
    added_at = coalesce(added_at, excluded.added_at), unwatched_at = NULL,
    due_at = CASE
        WHEN watched = 1 THEN due_at
        WHEN phase IN ('done', 'partial', 'failed') AND awaits_file = 0 THEN NULL ELSE excluded.due_at END
"""
_WRITE_ORIGIN = """
    INSERT INTO gateway (origin, used_at)
    SELECT :origin, max(:now, coalesce(max(used_at) + 1, :now)) FROM gateway WHERE true
    ON CONFLICT (origin) DO UPDATE SET used_at = excluded.used_at
"""
_UNWATCH = "UPDATE task SET watched = 0, unwatched_at = ? WHERE origin = ? AND id = ?"


class Mirrored(NamedTuple):
    """How the watch list differed from what the replica had of it."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    """Watched before and now, with another label."""


def mirror(connection: sqlite3.Connection, origin: str, watch_list: WatchList, now: float) -> Mirrored:
    """Bring the replica to the state of the watch list, and return how it differed; new ids are due at once.

    A list that did not change writes nothing.
    """
    if newest_origin(connection) != origin:
        connection.execute(_WRITE_ORIGIN, {"origin": origin, "now": now})
    query = "SELECT id, position, label FROM task WHERE origin = ? AND watched = 1"
    old = {task_id: (position, label) for task_id, position, label in connection.execute(query, (origin,))}
    new = _places(watch_list, old)
    different = {task_id: place for task_id, place in new.items() if old.get(task_id) != place}
    gone = old.keys() - new.keys()
    if different or gone:
        with transaction(connection):
            connection.executemany(
                _WRITE_PLACE,
                [
                    {"origin": origin, "id": task_id, "position": position, "label": label, "now": now}
                    for task_id, (position, label) in different.items()
                ],
            )
            connection.executemany(_UNWATCH, [(now, origin, task_id) for task_id in gone])
    relabelled = (task_id for task_id in different.keys() & old.keys() if old[task_id][1] != new[task_id][1])
    return Mirrored(frozenset(different.keys() - old.keys()), frozenset(gone), frozenset(relabelled))


def newest_origin(connection: sqlite3.Connection) -> str:
    """Return the gateway whose watch list was mirrored last; "" when none ever was."""
    found = connection.execute("SELECT origin FROM gateway WHERE used_at > 0 ORDER BY used_at DESC LIMIT 1").fetchone()
    return found[0] if found else ""


def _places(watch_list: WatchList, old: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Give each id a position behind the one before it, and leave it the one it has wherever that will do.

    So an id that is taken out leaves a gap, and does not move all that follow.
    """
    new: dict[str, tuple[int, str]] = {}
    last = -1
    for task_id in watch_list.ids:
        known = old[task_id][0] if task_id in old else -1
        last = known if known > last else last + 1
        new[task_id] = last, watch_list.labels.get(task_id, "")
    return new
