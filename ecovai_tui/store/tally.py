"""What a status line needs, read at once: how many of the watched tasks are in each phase, and their decisive times.

A status line is printed every few seconds by a process of its own, so this does without the modules that read and
write whole tasks. Wherever anything is out of the ordinary it leaves the answer to them.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.store.files import is_there
from ecovai_tui.tasks.model import Phase, Timed, is_id

SCHEMA_VERSION = 1
"""The version of the replica's tables that the queries below are for."""

_PATIENCE = 0.25
_CHOSEN = "FROM task WHERE origin = ? AND id IN (SELECT value FROM json_each(?))"
_COUNTS = f"SELECT phase, count(*), max(seen_at) {_CHOSEN} GROUP BY phase"
_ACTIVE = f"SELECT phase, submitted_at, quiet_since, seen_at {_CHOSEN} AND phase IN ('waiting', 'running', 'streaming')"
_PHASES = {phase.value: phase for phase in Phase}


class ActiveTask(NamedTuple):
    """What a status line needs of a task that is under way."""

    phase: Phase
    submitted_at: float | None = None
    quiet_since: float | None = None
    seen_at: float | None = None


class Tally(NamedTuple):
    """How the watched tasks stand."""

    counts: Mapping[Phase, int]
    """Phases that no task is in are left out."""
    active: tuple[Timed, ...]
    seen_at: float | None
    """When the gateway last told of any of them."""


def read_tally(watch_list: Path, replica: Path, origin: str) -> Tally | None:
    """Return how the tasks of a watch list stand by what a gateway (its origin) told.

    None where a file is not as it should be, or is not there.
    """
    ids = _read_ids(watch_list)
    if ids is None or not is_there(replica):
        return None
    try:
        connection = sqlite3.connect(replica, timeout=_PATIENCE, isolation_level=None)
    except sqlite3.Error:
        return None
    try:
        return _read_states(connection, ids, origin)
    except sqlite3.Error:
        return None
    finally:
        connection.close()


def _read_ids(watch_list: Path) -> frozenset[str] | None:
    try:
        ids = tomllib.loads(watch_list.read_text("utf-8")).get("ids")
    except (OSError, ValueError, RecursionError):
        return None
    if isinstance(ids, list) and all(
        isinstance(task_id, str) and is_id(task_id) and _is_plain(task_id) for task_id in ids
    ):
        return frozenset(ids)
    return None


def _is_plain(task_id: str) -> bool:
    """Return whether JSON writes an id as it is."""
    return '"' not in task_id and "\\" not in task_id


def _read_states(connection: sqlite3.Connection, ids: frozenset[str], origin: str) -> Tally | None:
    if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        return None
    chosen = (origin, '["' + '","'.join(ids) + '"]')
    known = connection.execute(_COUNTS, chosen).fetchall()
    active = [ActiveTask(_PHASES[word], *times) for word, *times in connection.execute(_ACTIVE, chosen)]
    active += [ActiveTask(Phase.WAITING)] * (len(ids) - sum(count for _, count, _ in known))
    return Tally(_counted(known, len(ids)), tuple(active), max((seen for *_, seen in known if seen), default=None))


def _counted(known: list[tuple[str, int, float | None]], total: int) -> dict[Phase, int]:
    """Return the number in each phase: a word that nobody knows is ``unknown``, an id of which nothing is, waits."""
    found = dict.fromkeys(Phase, 0)
    for word, count, _ in known:
        found[_PHASES.get(word, Phase.UNKNOWN)] += count
    found[Phase.WAITING] += total - sum(found.values())
    return {phase: count for phase, count in found.items() if count}
