"""Opening the replica's file with the settings that many panes and old file systems need."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from ecovai_tui.store.files import make_directory, resolved
from ecovai_tui.store.replica.schema import migrate
from ecovai_tui.store.replica.transaction import transaction

if TYPE_CHECKING:
    from pathlib import Path

BUSY_TIMEOUT = 0.25
"""Seconds that a statement waits for another program; the event loop waits with it."""

_LARGEST_LOG = 4 * 1024 * 1024
_LARGEST_COPY = 256 * 1024 * 1024
_ROOM_FOR_WORK = 64 * 1024


def open_file(path: Path, *, to_write: bool = False) -> sqlite3.Connection:
    """Open, and make where it is missing, the file at a resolved path; raises sqlite3.Error, OSError, NewerSchemaError.

    The file is the user's alone (mode 0600). Opening alone does not show whether it takes what is written;
    ``to_write`` tries that.
    """
    _make_private(path)
    connection = _prepared(sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None))
    if to_write:
        _try_to_write(connection)
    return connection


def open_memory() -> sqlite3.Connection:
    """Open an empty replica in memory."""
    return _prepared(sqlite3.connect(":memory:", isolation_level=None))


def copy_to_memory(path: Path) -> sqlite3.Connection:
    """Open a replica in memory that holds what can be read of a file which cannot be written.

    It is empty where nothing can be read, and where the file is larger than a program should keep in memory. Raises
    NewerSchemaError.
    """
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with suppress(sqlite3.Error, OSError):
        if path.stat().st_size <= _LARGEST_COPY:
            _copy(path, memory)
            return _prepared(memory)
    memory.close()
    return open_memory()


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells one file at a path from another that takes its place; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def real_path(path: Path) -> Path:
    """Return where the file is, or would be, behind symbolic links; the path itself where they lead in a circle."""
    try:
        return resolved(path)
    except OSError:
        return path


def _make_private(path: Path) -> None:
    """Make the file, or take it from others; an open one is never touched, since closing it would drop its locks."""
    make_directory(path.parent)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        with suppress(OSError):
            path.chmod(0o600)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_LOG}")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _try_to_write(connection: sqlite3.Connection) -> None:
    """Write more than may happen to find room in a full file, and take it away again; raises sqlite3.Error."""
    try:
        with transaction(connection):
            connection.execute("INSERT OR REPLACE INTO link (origin, told) VALUES ('', ?)", (" " * _ROOM_FOR_WORK,))
        with transaction(connection):
            connection.execute("DELETE FROM link WHERE origin = ''")
    except BaseException:
        connection.close()
        raise


def _copy(path: Path, memory: sqlite3.Connection) -> None:
    """Copy the file; where it is locked, or even reading needs to write beside it, its log is left out of account."""
    try:
        _copy_from(f"{path.absolute().as_uri()}?mode=ro", memory)
    except sqlite3.OperationalError:
        _copy_from(f"{path.absolute().as_uri()}?mode=ro&immutable=1", memory)
        if _half_written(path, memory):
            raise


def _half_written(path: Path, copy: sqlite3.Connection) -> bool:
    """Tell whether another program was in the midst of changing the file, as its journal or the copy shows."""
    return os.path.lexists(f"{path}-journal") or copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",)


def _copy_from(address: str, memory: sqlite3.Connection) -> None:
    file = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT)
    try:
        file.backup(memory, progress=_give_up_when_busy)
    finally:
        file.close()


def _give_up_when_busy(status: int, _remaining: int, _total: int) -> None:
    """End a copy that would wait for a lock without end."""
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise sqlite3.OperationalError("the file is locked")
