"""The SQLite file of the replica: opened, brought to the newest schema, set aside when damaged, else in memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from ecovai_tui.store.errors import StoreError, shown_path
from ecovai_tui.store.files import make_directory, resolved
from ecovai_tui.store.text_search import TAGS


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing; the right to write is taken at once, so that what is read meanwhile stays true."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


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
    """Return whether another program is only in the way: "locked" is not "damaged"."""
    return _code(error) in _BUSY


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the file's contents are not what they must be."""
    return _code(error) in _DAMAGE


def is_our_mistake(error: sqlite3.Error) -> bool:
    """Return whether the statement is wrong and not the file."""
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


Step = tuple[str, ...]

_TABLES: Step = (
    """
    CREATE TABLE task (
        origin TEXT NOT NULL, id TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT 'unknown', phase TEXT NOT NULL DEFAULT 'waiting', status TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '', clip_phases TEXT NOT NULL DEFAULT '',
        fail_reason TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
        no_audio INTEGER NOT NULL DEFAULT 0, awaits_file INTEGER NOT NULL DEFAULT 0,
        submitted_at REAL, started_at REAL, finished_at REAL,
        quiet_since REAL, final_at REAL, seen_at REAL, changed_at REAL,
        watched INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL DEFAULT 0, label TEXT NOT NULL DEFAULT '',
        added_at REAL, unwatched_at REAL,
        PRIMARY KEY (origin, id)
    )
    """,
    """
    CREATE INDEX task_on_screen
        ON task (origin, submitted_at IS NULL, coalesce(submitted_at, added_at, 0.0), position) WHERE watched = 1
    """,
    """
    CREATE INDEX task_unsettled ON task (origin)
        WHERE watched = 1 AND (phase NOT IN ('done', 'partial', 'failed') OR awaits_file = 1)
    """,
    "CREATE INDEX task_unwatched ON task (unwatched_at) WHERE watched = 0",
    "CREATE INDEX task_example ON task (origin, kind, final_at) WHERE final_at IS NOT NULL",
    """
    CREATE TABLE payload (
        origin TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (origin, id)
    )
    """,
    """
    CREATE TABLE change (
        row INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, at REAL NOT NULL, id TEXT NOT NULL,
        what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    )
    """,
    "CREATE INDEX change_of_task ON change (origin, id)",
    "CREATE TABLE request (origin TEXT NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX request_time ON request (origin, at)",
    "CREATE TABLE intent (row INTEGER PRIMARY KEY, origin TEXT NOT NULL, at REAL NOT NULL, intent TEXT NOT NULL)",
    "CREATE TABLE link (origin TEXT PRIMARY KEY, told TEXT NOT NULL)",
    "CREATE TABLE origin (name TEXT PRIMARY KEY, used_at REAL NOT NULL)",
)

STEPS: tuple[Step, ...] = (_TABLES, TAGS)
"""Step n leads from version n to version n + 1; steps are added at the end and never changed."""


class NewerSchemaError(Exception):
    """The file was written by a newer version of the program."""


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Bring a file to the newest version, in one transaction; raises NewerSchemaError when it is beyond it."""
    if _version(connection, steps) == len(steps):
        return
    with transaction(connection):
        version = _version(connection, steps)
        for statement in (statement for step in steps[version:] for statement in step):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _version(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
    """Return the version of a file that the steps lead from; reading it needs no right to write."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise NewerSchemaError(version)
    return version


BUSY_TIMEOUT = 0.25
"""Seconds that a statement waits for another program; the event loop waits with it."""

_LARGEST_LOG = 4 * 1024 * 1024
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
    """Open a replica in memory that holds what can be read of a file which cannot be written, or nothing.

    The file's log is left out, since reading it needs to write beside the file. Raises NewerSchemaError.
    """
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with suppress(sqlite3.Error):
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            file.backup(memory)
        if memory.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
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


class Database:
    """Keeps a connection that works, whatever becomes of the file; ``path`` is None for memory alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path and real_path(path)
        self._opened = self._open()
        self._attempted_at = 0.0
        self._sees_another_state = False
        """Since the last ``heal``, which returns it, so that the watch list is mirrored again."""

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
            self._adopt(self._fallen_back(self._path, error, self._opened.identity))
            self._sees_another_state = True
        return work(self._opened.connection)

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
        """Open the file again where that helps, and return whether its contents may differ from what was read before.

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
        """Return whether to try a file that failed: not at every tick, and not what is damaged for good."""
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
        unreadable = damaged or (isinstance(error, sqlite3.Error) and is_busy(error))
        try:
            connection = open_memory() if unreadable else copy_to_memory(path)
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
