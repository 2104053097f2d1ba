"""All queries and updates of the replica, as methods of one object, and its ledger of downloads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecovai_tui.store import ledger, task_rows
from ecovai_tui.store.database import Database, transaction
from ecovai_tui.store.ledger import Learned, Plan, Recorded
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import ClipFile, Kind, Phase, Task, TaskSummary, WatchedTask

if TYPE_CHECKING:
    from ecovai_tui.store.requests import Clock, Lease
    from ecovai_tui.store.watchlist_document import WatchList


Result = TypeVar("Result")


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


class Replica:
    """The last known state of the tasks of one gateway, shared by all panes of a profile.

    ``path`` is None for a replica in memory. ``origin`` is the gateway's origin, so that two gateways never mix; ""
    takes the one that was used last. Where the file cannot be used, or can no longer be used, the methods go on from
    memory, and ``problem`` says why. Of what can become of a file they raise only a StoreError that says that another
    program is writing: nothing was changed, and the same call works once that is done.
    """

    def __init__(self, path: Path | None, origin: str = "") -> None:
        self._path = path
        self._database = Database(path)
        self.origin = origin or self._database.run(_newest_origin)

    @property
    def problem(self) -> str:
        """The sentence why the replica works from memory, or ""."""
        return self._database.problem

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all that is read in a ``with`` belong to one moment, however long it takes; nothing is written in it."""
        return self._database.snapshot()

    def watched(self, limit: int | None = None, offset: int = 0) -> list[WatchedTask]:
        """Return the watched tasks as the first screen shows them: those without data, then the newest first."""
        return self._database.run(lambda connection: task_rows.watched(connection, self.origin, limit, offset))

    def watched_behind(self, last: WatchedTask, limit: int) -> list[WatchedTask]:
        """Return those that follow a task in that order; where it stands may have changed since it was read."""
        return self._database.run(lambda connection: task_rows.watched_behind(connection, self.origin, last, limit))

    def seen_since(self, moment: float) -> dict[str, float]:
        """Return of which unsettled tasks the gateway told since a moment, and when it did so last."""
        return self._database.run(lambda connection: task_rows.seen_since(connection, self.origin, moment))

    def watched_ids(self) -> list[str]:
        """Return the ids of the watched tasks in the order of the watch list."""
        return self._database.run(lambda connection: task_rows.watched_ids(connection, self.origin))

    def watched_of(self, ids: Iterable[str]) -> list[WatchedTask]:
        """Return what is known of those of the ids that are watched."""
        asked = list(ids)
        return self._database.run(lambda connection: task_rows.watched_of(connection, self.origin, asked))

    def watched_tasks(self, ids: Iterable[str]) -> dict[str, WatchedTask]:
        """Return what is known of ids, watched or not; ids that the replica never heard of are left out."""
        asked = list(ids)
        return self._database.run(lambda connection: task_rows.watched_tasks(connection, self.origin, asked))

    def summaries(self, ids: Iterable[str]) -> dict[str, TaskSummary]:
        """Return the summaries of ids; ids that the replica never heard of are left out."""
        asked = list(ids)
        return self._database.run(lambda connection: task_rows.summaries(connection, self.origin, asked))

    def task(self, task_id: str) -> Task | None:
        """Return the whole task with its source, or None where none is stored that can be read."""
        return self._database.run(lambda connection: task_rows.task(connection, self.origin, task_id))

    def task_of_clip(self, clip: str) -> str | None:
        """Return the id of the newest task that is known to have made a clip."""
        return self._database.run(lambda connection: task_rows.task_of_clip(connection, self.origin, clip))

    def find_lyrics(self, texts: Iterable[str]) -> task_rows.Found:
        """Return which tasks have each of some folded texts in their lyrics; with many tasks, a matter of a second."""
        return self._database.run(lambda connection: task_rows.find_lyrics(connection, self.origin, texts))

    @property
    def file(self) -> Path | None:
        """The file that is in use; None while the replica works from memory."""
        return None if self.problem else self._path

    def history(self, task_id: str) -> list[Change]:
        """Return everything that changed of a task, oldest first."""
        return self._database.run(lambda connection: ledger.history(connection, self.origin, task_id))

    def changes_after(self, row: int) -> list[tuple[int, Change]]:
        """Return the ledger behind a row, with the row of each entry, oldest first."""
        return self._database.run(lambda connection: ledger.changes_after(connection, self.origin, row))

    def last_change(self) -> int:
        """Return the row of the ledger's newest entry; 0 while it is empty."""
        return self._database.run(ledger.last_change)

    def durations(self, kind: Kind, model: str = "") -> Learned | None:
        """Return how long tasks of a kind took that ended well; of any model if ``model`` is empty."""
        return self._database.run(lambda connection: ledger.durations(connection, self.origin, kind, model))

    def record(self, tasks: Iterable[Task], now: float, plan: Plan | None = None) -> Recorded:
        """Store what the gateway told, and return what changed by it; without a plan none of it is due any more."""
        told = list(tasks)
        return self.written(lambda connection: ledger.store(connection, self.origin, told, now, plan))

    def record_missing(self, ids: Iterable[str], now: float, plan: Plan | None = None) -> Recorded:
        """Store that the gateway answered not to know these ids."""
        asked = list(ids)
        return self.written(lambda connection: ledger.store_missing(connection, self.origin, asked, now, plan))

    def mirror(self, watch_list: WatchList, now: float) -> Mirrored:
        """Bring the mirror to the state of the watch list, and return how it differed; new ids are due at once."""
        return self._database.run(lambda connection: _mirror(connection, self.origin, watch_list, now))

    def lease(self, clock: Clock, most_per_minute: int = 30, own_ids: Iterable[str] = ()) -> Lease:
        """Return the right to poll the gateway, which all panes share."""
        from ecovai_tui.store.requests import Lease  # noqa: PLC0415 - neither a status nor the first paint polls

        return Lease(self._database, self.origin, clock, most_per_minute, own_ids)

    def quota(self) -> tuple[float | None, float]:
        """Return what was left to the key, in units of the site, and when a pane last set out to read it."""
        query = "SELECT quota_left, quota_at FROM gateway WHERE origin = ?"
        return self._database.run(lambda connection: connection.execute(query, (self.origin,)).fetchone()) or (
            None,
            0.0,
        )

    def begin_quota(self, now: float, every: float) -> bool:
        """Return whether the caller is the one to read the quota, as no pane has for ``every`` seconds."""

        def begin(connection: sqlite3.Connection) -> bool:
            connection.execute("INSERT OR IGNORE INTO gateway (origin) VALUES (?)", (self.origin,))
            query = "UPDATE gateway SET quota_at = ? WHERE origin = ? AND quota_at <= ?"
            return connection.execute(query, (now, self.origin, now - every)).rowcount == 1

        return self.written(begin)

    def record_quota(self, left: float | None) -> None:
        """Store for all panes what is left to the key."""
        query = "UPDATE gateway SET quota_left = ? WHERE origin = ?"
        self.written(lambda connection: connection.execute(query, (left, self.origin)))

    def claim_event(self, about: str, event: str, now: float) -> bool:
        """Return whether it is ours to act upon an event: no pane has claimed it before."""
        return self.written(lambda connection: ledger.claim_event(connection, self.origin, about, event, now))

    def data_version(self) -> int:
        """Return a number that differs after another pane has written."""
        return self._database.run(lambda connection: int(connection.execute("PRAGMA data_version").fetchone()[0]))

    def prune(self, now: float) -> None:
        """Forget what has been kept long enough; a call now and then is enough."""
        self.written(lambda connection: ledger.prune(connection, now))

    def be_patient(self) -> None:
        """Wait longer for other programs from now on, in a thread where that holds up nobody."""
        self._database.be_patient()

    def heal(self, now: float) -> bool:
        """Take up the file again after it was set aside, deleted or out of reach; a look costs one stat.

        True means that everything read before may be out of date, and that the watch list wants mirroring again.
        """
        return self._database.heal(now)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what some work reads, for those who keep tables of their own here."""
        return self._database.run(work)

    def written(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what comes of some work in one transaction."""

        def in_transaction(connection: sqlite3.Connection) -> Result:
            with transaction(connection):
                return work(connection)

        return self._database.run(in_transaction)


_FINAL = frozenset(phase.value for phase in Phase if phase.final)


class Estimates:
    """Knows how long tasks of each kind and model took, each read once until another becomes final."""

    def __init__(self, replica: Replica) -> None:
        self._replica: Replica | None = replica
        self._learned: dict[tuple[Kind, str], Learned | None] = {}
        self.wanted: set[tuple[Kind, str]] = set()
        """What is to be read by ``read`` in the thread of the replica."""

    def of(self, summary: TaskSummary) -> Learned | None:
        """Return how long tasks like this one took, of any model while its own is not known; None if nobody knows."""
        if not summary.phase.active or summary.kind is Kind.UNKNOWN:
            return None
        key = summary.kind, summary.model
        if key not in self._learned and self._replica is None:
            self.wanted.add(key)
        elif key not in self._learned and self._replica is not None:
            self._learned[key] = self._replica.durations(*key)
        return self._learned.get(key)

    def read_later(self) -> None:
        """Read nothing from here on: the replica is its own thread's now, which calls ``read`` for what is wanted."""
        self._replica = None

    def learn(self, changes: Iterable[Change]) -> None:
        """Want everything again if a task became final, or was when it was first seen."""
        if any(change.what in {Aspect.PHASE, Aspect.APPEARED} and change.after in _FINAL for change in changes):
            self.wanted |= self._learned.keys()

    def read(self, replica: Replica) -> None:
        """Read what is wanted."""
        wanted, self.wanted = self.wanted, set()
        self._learned |= {key: replica.durations(*key) for key in wanted}


def _mirror(connection: sqlite3.Connection, origin: str, watch_list: WatchList, now: float) -> Mirrored:
    """Bring the replica to the state of the watch list, and return how it differed; new ids are due at once.

    A list that did not change writes nothing.
    """
    if _newest_origin(connection) != origin:
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


def _newest_origin(connection: sqlite3.Connection) -> str:
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


class FileState(StrEnum):
    """How far a download is."""

    WANTED = "wanted"
    """It goes on by itself at the next start of the monitor."""
    BEGUN = "begun"
    """A part of it may be there, for when it is asked for again."""
    SAVED = "saved"


class FileEntry(NamedTuple):
    """What the ledger holds of one file of a clip."""

    task: str
    clip: str
    what: str
    state: FileState
    path: str = ""
    size: int = 0
    validator: str = ""
    """By what the server knew the file of which a part is there."""

    @property
    def file(self) -> ClipFile:
        """The same for those who only want to know where it is."""
        return ClipFile(self.clip, self.what, self.path, self.size)


_COLUMNS = "task, clip, what, state, path, size, validator"
_WRITE = f"""
    INSERT INTO file (origin, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (origin, clip, what) DO UPDATE SET task = excluded.task, state = excluded.state, path = excluded.path,
    size = excluded.size, validator = excluded.validator
"""  # noqa: S608 - _COLUMNS is a constant
_COUNT = """
    UPDATE task SET files = (
        SELECT count(*) FROM file WHERE file.origin = task.origin AND file.task = task.id AND state = 'saved'
    ) WHERE origin = ? AND id = ?
"""


class FileLedger:
    """The files of the clips of a replica's gateway; to be used wherever the replica may be."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def note(self, *entries: FileEntry) -> None:
        """Write entries, and how many files each task has."""

        def write(connection: sqlite3.Connection) -> None:
            for entry in entries:
                connection.execute(_WRITE, (self._replica.origin, *entry))
                connection.execute(_COUNT, (self._replica.origin, entry.task))

        self._replica.written(write)

    def of_tasks(self, ids: Iterable[str]) -> list[FileEntry]:
        """Return the entries of tasks: wanted, begun and saved ones."""
        query = f"SELECT {_COLUMNS} FROM file WHERE origin = ? AND task IN (SELECT value FROM json_each(?))"  # noqa: S608
        asked = (self._replica.origin, json.dumps(list(ids)))
        return self._replica.read(lambda connection: _read(connection.execute(query, asked)))

    def wanted(self) -> list[FileEntry]:
        """Return what was wanted and is not saved yet."""
        query = f"SELECT {_COLUMNS} FROM file WHERE origin = ? AND state = 'wanted' ORDER BY rowid"  # noqa: S608
        return self._replica.read(lambda connection: _read(connection.execute(query, (self._replica.origin,))))


def _read(rows: Iterable[tuple[str, str, str, str, str, int, str]]) -> list[FileEntry]:
    known = {state.value: state for state in FileState}
    return [FileEntry(*row[:3], known[row[3]], *row[4:]) for row in rows if row[3] in known]
