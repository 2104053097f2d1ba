"""The ledger of downloads in the replica: what is wanted of which clip, what was begun, and where it was saved."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.store.replica import Replica
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
