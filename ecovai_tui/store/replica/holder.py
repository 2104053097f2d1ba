"""The replica's connection: to its file where that can be used, else to memory, with the sentence why."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecovai_tui.store.replica.opening import copy_to_memory, identity, open_file, open_memory, real_path
from ecovai_tui.store.replica.schema import NewerSchemaError
from ecovai_tui.store.replica.trouble import ReplicaBusy, is_busy, is_damage, is_our_mistake, reason, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")

_NEWER = "it was written by a newer ecovai-tui, so please update"
_BETWEEN_ATTEMPTS = 30.0


class Opened(NamedTuple):
    """A connection, and what it is a connection to."""

    connection: sqlite3.Connection
    identity: tuple[int, int] | None = None
    """The file that was opened, or was found damaged."""
    problem: str = ""
    """Why it is not the file that is used."""
    damaged: bool = False


class Holder:
    """Keeps a connection that works, whatever becomes of the file; ``path`` is None for memory alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path and real_path(path)
        self._opened = self._open()
        self._attempted_at = 0.0
        self._sees_another_state = False
        """Since the last ``heal``, so that whoever mirrors the watch list into the file hears of it there."""

    @property
    def problem(self) -> str:
        """The sentence why the program works from memory, or ""."""
        return self._opened.problem

    def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something with the connection, and do it again in memory if the file fails.

        Raises ReplicaBusy when only another program is in the way.
        """
        try:
            return work(self._opened.connection)
        except sqlite3.Error as error:
            if self._path is None or is_our_mistake(error):
                raise
            if is_busy(error):
                raise ReplicaBusy(self._path) from None
            self._adopt(self._after(error, self._path))
            self._sees_another_state = True
        return work(self._opened.connection)

    def _after(self, error: sqlite3.Error, path: Path) -> Opened:
        """Return what to go on with: memory, and an empty one where what was copied into it is damaged as well."""
        if self.problem:
            return self._opened._replace(connection=open_memory())
        return self._fallen_back(path, error, self._opened.identity)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Show one state of things to all that is read meanwhile.

        Without a write-ahead log that would keep all others from writing, so there each reading is by itself.
        """
        self.run(_begin_reading)
        try:
            yield
        finally:
            if self._opened.connection.in_transaction:
                self._opened.connection.execute("ROLLBACK")

    def heal(self, now: float) -> bool:
        """Open the file anew where that helps, and tell whether another state of things is seen than before.

        It helps when the file was set aside, deleted or replaced, and when it could not be used before. One that
        failed must take what is written: to go back to it earlier would lose what memory has learned meanwhile.
        """
        another, self._sees_another_state = self._sees_another_state, False
        return self._open_anew(now) or another

    def _open_anew(self, now: float) -> bool:
        if self._path is None:
            return False
        moved = identity(self._path) != self._opened.identity
        if not moved and not self._may_work_again(now):
            return False
        self._attempted_at = now
        opened = self._open(to_write=bool(self.problem))
        if opened.problem and self.problem:
            opened.connection.close()
            return False
        self._adopt(opened)
        return True

    def _may_work_again(self, now: float) -> bool:
        """Tell whether to try a file that failed: not at every tick, and not what is damaged for good."""
        return bool(self.problem) and not self._opened.damaged and now - self._attempted_at >= _BETWEEN_ATTEMPTS

    def set_aside_if_damaged(self) -> Path | None:
        """Move a damaged file out of the way and begin a new one; return where the damaged one is, or None.

        Where it cannot be moved, as on a read-only disk, memory goes on.
        """
        if self._path is None or not self._opened.damaged:
            return None
        replaced = identity(self._path) != self._opened.identity
        aside = None if replaced else _set_aside(self._path)
        if replaced or aside:
            self._adopt(self._open())
            self._sees_another_state = True
        return aside

    def close(self) -> None:
        """Let go of the file."""
        self._opened.connection.close()

    def _open(self, *, to_write: bool = False) -> Opened:
        if self._path is None:
            return Opened(open_memory())
        try:
            return Opened(open_file(self._path, to_write=to_write), identity(self._path))
        except NewerSchemaError:
            return Opened(open_memory(), identity(self._path), sentence(self._path, _NEWER))
        except (sqlite3.Error, OSError) as error:
            return self._fallen_back(self._path, error, identity(self._path))

    @staticmethod
    def _fallen_back(path: Path, error: sqlite3.Error | OSError, found: tuple[int, int] | None) -> Opened:
        damaged = isinstance(error, sqlite3.Error) and is_damage(error)
        try:
            connection = open_memory() if damaged else copy_to_memory(path)
        except NewerSchemaError:
            return Opened(open_memory(), found, sentence(path, _NEWER))
        return Opened(connection, found, sentence(path, reason(error, path)), damaged)

    def _adopt(self, opened: Opened) -> None:
        self._opened.connection.close()
        self._opened = opened


def _begin_reading(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        connection.execute("BEGIN")


def _set_aside(path: Path) -> Path | None:
    """Rename the file, its log first: a new file must never meet the log of the damaged one; None if that fails."""
    aside = path.with_name(f"{path.name}.damaged")
    try:
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    except OSError:
        return None
    return aside
