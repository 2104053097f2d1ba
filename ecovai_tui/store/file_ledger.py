"""The ledger of downloads in the replica: what is wanted of which clip, what was begun, and where it was saved."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.tasks.model import ClipFile


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


def write(connection: sqlite3.Connection, origin: str, entries: Iterable[FileEntry]) -> None:
    """Write entries, and how many files each task has; within a transaction of the caller's."""
    for entry in entries:
        connection.execute(_WRITE, (origin, *entry))
        connection.execute(_COUNT, (origin, entry.task))


def forget(connection: sqlite3.Connection, origin: str, entry: FileEntry) -> None:
    """Take an entry out; within a transaction of the caller's."""
    keys = (origin, entry.clip, entry.what)
    connection.execute("DELETE FROM file WHERE origin = ? AND clip = ? AND what = ?", keys)
    connection.execute(_COUNT, (origin, entry.task))


def of_tasks(connection: sqlite3.Connection, origin: str, ids: Iterable[str]) -> list[FileEntry]:
    """Return the entries of tasks."""
    query = f"SELECT {_COLUMNS} FROM file WHERE origin = ? AND task IN (SELECT value FROM json_each(?))"  # noqa: S608
    return _read(connection.execute(query, (origin, json.dumps(list(ids)))))


def wanted(connection: sqlite3.Connection, origin: str) -> list[FileEntry]:
    """Return what was wanted and not saved."""
    query = f"SELECT {_COLUMNS} FROM file WHERE origin = ? AND state = 'wanted' ORDER BY rowid"  # noqa: S608
    return _read(connection.execute(query, (origin,)))


def _read(rows: Iterable[tuple[str, str, str, str, str, int, str]]) -> list[FileEntry]:
    known = {state.value: state for state in FileState}
    return [FileEntry(*row[:3], known[row[3]], *row[4:]) for row in rows if row[3] in known]
