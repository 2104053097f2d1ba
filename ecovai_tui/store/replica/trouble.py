"""What can go wrong with the replica's file: told apart, and told in sentences."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from ecovai_tui.store.errors import StoreError, shown_path

if TYPE_CHECKING:
    from pathlib import Path

_PRIMARY_CODE = 0xFF
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA})
_OUR_MISTAKES = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_MISMATCH}
)
_DISK_TROUBLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
"""Codes that SQLite gives also where the disk is full or read-only."""

_REFUSED_WRITES = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""What SQLite says where the file may not grow; it does not say why."""

_ROOM_NEEDED = 64 * 1024
"""Bytes without which SQLite cannot even begin its log and the index of it."""

_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it cannot be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check the owner and mode of the file and of its directory",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_AUTH: "permission denied",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
    sqlite3.SQLITE_NOLFS: "it is too large for this system",
}


class ReplicaBusy(StoreError):  # noqa: N818 - not a fault: the same call works at the next tick
    """Another program is writing to the replica right now; nothing was changed, and trying again will work."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Another program is writing to {shown_path(path)} right now. Try again in a moment.")


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether another program is only in the way: "locked" is not "damaged"."""
    return _code(error) in _BUSY


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether the file's contents are not what they must be."""
    return _code(error) in _DAMAGE


def is_our_mistake(error: sqlite3.Error) -> bool:
    """Tell whether the statement is wrong and not the file."""
    return isinstance(error, sqlite3.InterfaceError | sqlite3.ProgrammingError) or _code(error) in _OUR_MISTAKES


def reason(error: sqlite3.Error | OSError, path: Path) -> str:
    """Return in a few words why the file cannot be used."""
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    if is_busy(error):
        return "another program has locked it"
    if is_damage(error):
        return "it is damaged"
    if _code(error) in _DISK_TROUBLE and (found := _state_of_disk(path)):
        return found
    if error.sqlite_errorcode in _REFUSED_WRITES:
        return "nothing more can be written: the disk, a quota or a limit of the file's size refuses it"
    return _REASONS.get(_code(error), str(error))


def sentence(path: Path, why: str) -> str:
    """Say that the program works from memory, and why."""
    return (
        f"What is learned now will be forgotten at the end, because {shown_path(path)} cannot be used: {why}. "
        "The watch list is not affected."
    )


def _state_of_disk(path: Path) -> str:
    """Return what is wrong with the disk that a file is on; "" if nothing is, as far as the system says."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return ""
    if disk.f_flag & os.ST_RDONLY:
        return "the file system is read-only"
    return "the disk is full" if disk.f_bavail * disk.f_frsize < _ROOM_NEEDED else ""


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary code; text that is no UTF-8 has none and is damage."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & _PRIMARY_CODE
