"""The mirror of the watch list in the replica, so that the first screen needs no other file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.database import Database, transaction

if TYPE_CHECKING:
    from ecovai_tui.store.watchlist_document import WatchList

SLICE = 500
"""Ids that are compared and written at once; their transaction is a matter of milliseconds."""

_WRITE_PLACE = """
    INSERT INTO task (origin, id, watched, position, label, added_at) VALUES (?, ?, 1, ?, ?, ?)
    ON CONFLICT (origin, id) DO UPDATE SET
    watched = 1, position = excluded.position, label = excluded.label,
    added_at = coalesce(added_at, excluded.added_at), unwatched_at = NULL
"""
_PLACES = """
    SELECT id, position, label FROM task
    WHERE origin = ? AND watched = 1 AND id IN (SELECT value FROM json_each(?))
"""
_PAGE = "SELECT id FROM task WHERE origin = ? AND id > ? AND +watched = 1 ORDER BY id LIMIT ?"
_WRITE_ORIGIN = """
    INSERT OR REPLACE INTO origin (name, used_at)
    SELECT :origin, max(:now, coalesce(max(used_at) + 1, :now)) FROM origin
"""
_UNWATCH = "UPDATE task SET watched = 0, unwatched_at = ? WHERE origin = ? AND id = ?"


class Mirrored(NamedTuple):
    """How the watch list differed from what the replica had of it."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    """Watched before and now, with another label."""

    @classmethod
    def union(cls, parts: Iterable[Mirrored]) -> Mirrored:
        """Return the differences of all parts together."""
        every = tuple(parts)
        return cls(
            added=frozenset().union(*(part.added for part in every)),
            removed=frozenset().union(*(part.removed for part in every)),
            changed=frozenset().union(*(part.changed for part in every)),
        )


class _Place(NamedTuple):
    position: int
    label: str


def mirror_in_slices(holder: Database, origin: str, watch_list: WatchList, now: float) -> Iterator[Mirrored]:
    """Bring the replica to the state of the watch list, a slice and a short transaction at a time."""
    holder.run(partial(_use, origin=origin, now=now))
    last = -1
    for start in range(0, len(watch_list.ids), SLICE):
        ids = watch_list.ids[start : start + SLICE]
        mirrored, last = holder.run(
            partial(_watch, origin=origin, ids=ids, labels=watch_list.labels, last=last, now=now)
        )
        yield mirrored
    yield from _unwatch_others(holder, origin, frozenset(watch_list.ids), now)


def newest_origin(connection: sqlite3.Connection) -> str:
    """Return the gateway whose watch list was mirrored last; "" when none ever was."""
    found = connection.execute("SELECT name FROM origin ORDER BY used_at DESC LIMIT 1").fetchone()
    return found[0] if found else ""


def _use(connection: sqlite3.Connection, origin: str, now: float) -> None:
    """Let an origin be the newest, also where the clock was ahead when another one was used."""
    if newest_origin(connection) != origin:
        connection.execute(_WRITE_ORIGIN, {"origin": origin, "now": now})


def _watch(
    connection: sqlite3.Connection, origin: str, ids: Sequence[str], *, labels: Mapping[str, str], last: int, now: float
) -> tuple[Mirrored, int]:
    """Mirror ids that come behind a position, and return the position of the last of them."""
    old = _places(connection, origin, ids)
    new = _new_places(ids, old, labels, last)
    return _write_places(connection, origin, old, new, now), new[ids[-1]].position


def _places(connection: sqlite3.Connection, origin: str, ids: Sequence[str]) -> dict[str, _Place]:
    rows = connection.execute(_PLACES, (origin, json.dumps(ids)))
    return {task_id: _Place(position, label) for task_id, position, label in rows}


def _new_places(
    ids: Sequence[str], old: Mapping[str, _Place], labels: Mapping[str, str], last: int
) -> dict[str, _Place]:
    """Give each id a position behind the one before it, and leave it the one it has wherever that will do.

    So an id that is taken out leaves a gap, and does not move all that follow.
    """
    new: dict[str, _Place] = {}
    for task_id in ids:
        known = old.get(task_id)
        last = known.position if known is not None and known.position > last else last + 1
        new[task_id] = _Place(last, labels.get(task_id, ""))
    return new


def _write_places(
    connection: sqlite3.Connection, origin: str, old: dict[str, _Place], new: dict[str, _Place], now: float
) -> Mirrored:
    different = {task_id: place for task_id, place in new.items() if old.get(task_id) != place}
    if different:
        rows = [(origin, task_id, place.position, place.label, now) for task_id, place in different.items()]
        with transaction(connection):
            connection.executemany(_WRITE_PLACE, rows)
    return Mirrored(
        added=frozenset(different.keys() - old.keys()),
        changed=frozenset(
            task_id for task_id in different.keys() & old.keys() if old[task_id].label != new[task_id].label
        ),
    )


def _unwatch_others(holder: Database, origin: str, watched: frozenset[str], now: float) -> Iterator[Mirrored]:
    last = ""
    while page := holder.run(partial(_watched_page, origin=origin, after=last)):
        last = page[-1]
        gone = [task_id for task_id in page if task_id not in watched]
        if gone:
            holder.run(partial(_unwatch, origin=origin, ids=gone, now=now))
        yield Mirrored(removed=frozenset(gone))


def _watched_page(connection: sqlite3.Connection, origin: str, after: str) -> list[str]:
    return [task_id for (task_id,) in connection.execute(_PAGE, (origin, after, SLICE))]


def _unwatch(connection: sqlite3.Connection, origin: str, ids: Sequence[str], now: float) -> None:
    with transaction(connection):
        connection.executemany(_UNWATCH, [(now, origin, task_id) for task_id in ids])
