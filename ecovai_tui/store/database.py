"""The SQLite file of the replica: opened, brought to the newest schema, set aside when damaged, else in memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import StoreError, shown_path, words_of_system
from ecovai_tui.store.files import make_directory, resolved
from ecovai_tui.store.schema import STEPS, VERSION

FIRST_TIMEOUT = 0.25
"""Seconds that a statement waits for another program before the first paint, and in commands that only read."""

BUSY_TIMEOUT = 5.0
"""Seconds that it waits in a thread of its own."""

_PRIMARY_CODE = 0xFF
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA})
_OUR_MISTAKES = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_ERROR,
    }
)
"""Codes of a wrong statement; the last is damage where a file is opened, since the tables are not what they must be."""
_DISK_TROUBLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
"""Codes that SQLite gives also where the disk is full or read-only."""

_REFUSED_WRITES = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""What SQLite says where the file may not grow; it does not say why."""

_ROOM_NEEDED = 64 * 1024
"""Bytes without which SQLite cannot even begin its log and the index of it."""

_LARGEST_LOG = 4 * 1024 * 1024

_REASONS = {
    sqlite3.SQLITE_FULL: later("the disk is full"),
    sqlite3.SQLITE_READONLY: later("it cannot be written"),
    sqlite3.SQLITE_CANTOPEN: later("it cannot be opened: check the owner and mode of the file and of its directory"),
    sqlite3.SQLITE_PERM: later("permission denied"),
    sqlite3.SQLITE_AUTH: later("permission denied"),
    sqlite3.SQLITE_IOERR: later("the disk reports an error"),
    sqlite3.SQLITE_NOMEM: later("there is not enough memory"),
    sqlite3.SQLITE_NOLFS: later("it is too large for this system"),
}
_NEWER = later("it was written by a newer ecovai-tui, so please update")


class DatabaseLocked(StoreError):  # noqa: N818 - not a fault: the same call works once the other is done
    """Another program keeps the file locked; nothing was changed, and trying again will work."""


class NewerSchemaError(Exception):
    """The file was written by a newer version of the program."""


def reason(error: sqlite3.Error | OSError, path: Path) -> str:
    """Return in a few words why the file cannot be used."""
    if isinstance(error, OSError):
        return words_of_system(error).lower()
    if _code(error) in _BUSY:
        return tr("another program has locked it")
    if _code(error) in _DAMAGE:
        return tr("it is damaged")
    if _code(error) in _DISK_TROUBLE and (found := _state_of_disk(path)):
        return found
    if error.sqlite_errorcode in _REFUSED_WRITES:
        return tr("nothing more can be written: the disk, a quota or a limit of the file's size refuses it")
    return tr(_REASONS.get(_code(error), str(error)))


def _state_of_disk(path: Path) -> str:
    """Return what is wrong with the disk that a file is on; "" if nothing is, as far as the system says."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return ""
    if disk.f_flag & os.ST_RDONLY:
        return tr("the file system is read-only")
    return tr("the disk is full") if disk.f_bavail * disk.f_frsize < _ROOM_NEEDED else ""


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary code; text that is no UTF-8 has none and is damage."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & _PRIMARY_CODE


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


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the newest version, in one transaction; raises NewerSchemaError when it is beyond it."""
    if _version(connection) == VERSION:  # reading it needs no right to write
        return
    with transaction(connection):
        for statement in STEPS.get(_version(connection), ()):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise NewerSchemaError(version)
    return version


def open_file(path: Path, *, to_write: bool = False) -> sqlite3.Connection:
    """Open, and make where it is missing, the file at a resolved path; raises sqlite3.Error, OSError, NewerSchemaError.

    The file is the user's alone (mode 0600). Opening alone does not show whether it takes what is written;
    ``to_write`` tries that.
    """
    _make_private(path)
    connection = _prepared(sqlite3.connect(path, timeout=FIRST_TIMEOUT, isolation_level=None, check_same_thread=False))
    if to_write:
        _try_to_write(connection)
    return connection


def open_memory() -> sqlite3.Connection:
    """Open an empty replica in memory."""
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def copy_to_memory(path: Path) -> sqlite3.Connection:
    """Open a replica in memory that holds what can be read of a file which cannot be written, or nothing.

    The file's log is left out, since reading it needs to write beside the file. Raises NewerSchemaError.
    """
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with suppress(sqlite3.Error):
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            file.backup(memory)
        if memory.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
            return _prepared(memory)
    memory.close()
    return open_memory()


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
            connection.execute("INSERT OR REPLACE INTO gateway (origin, trouble) VALUES ('', ?)", (" " * _ROOM_NEEDED,))
        with transaction(connection):
            connection.execute("DELETE FROM gateway WHERE origin = ''")
    except BaseException:
        connection.close()
        raise


Result = TypeVar("Result")

_BETWEEN_ATTEMPTS = 30.0


class Opened(NamedTuple):
    """A connection, and what it is a connection to."""

    connection: sqlite3.Connection
    identity: tuple[int, int] | None = None
    """The file that was opened, or could not be."""
    problem: str = ""
    """Why it is not the file that is used."""
    notice: str = ""
    """What became of a damaged file whose place it takes."""


class Database:
    """Keeps a connection that works, whatever becomes of the file; ``path`` is None for memory alone.

    Three rungs: the file, a new file in the place of a damaged one, memory. One thread at a time works with it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path and _real_path(path)
        self._timeout = FIRST_TIMEOUT
        self._opened = self._open()
        self._attempted_at = 0.0
        self._sees_another_state = False
        """Since the last ``heal``, which returns it, so that the watch list is mirrored again."""

    @property
    def problem(self) -> str:
        """The sentence why the program works from memory, or what became of a damaged file until it heals; or ""."""
        return self._opened.problem or self._opened.notice

    def be_patient(self) -> None:
        """Wait longer for other programs, in a thread where that holds up nobody."""
        self._timeout = BUSY_TIMEOUT
        self._adopt(self._opened)

    def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something with the connection, and do it again in memory, or in a new file, if the file fails.

        Raises DatabaseLocked when only another program is in the way.
        """
        try:
            return work(self._opened.connection)
        except sqlite3.Error as error:
            if self._path is None or isinstance(error, sqlite3.InterfaceError | sqlite3.ProgrammingError):
                raise
            if _code(error) in _BUSY:
                raise DatabaseLocked(_locked(self._path)) from None
            if _code(error) in _OUR_MISTAKES:
                raise
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
        another, self._sees_another_state = self._sees_another_state or bool(self._opened.notice), False
        self._opened = self._opened._replace(notice="")
        return self._open_again(now) or another

    def _open_again(self, now: float) -> bool:
        if self._path is None:
            return False
        moved = _identity(self._path) != self._opened.identity
        waited = self._opened.problem and now - self._attempted_at >= _BETWEEN_ATTEMPTS
        if not moved and not waited:
            return False
        self._attempted_at = now
        opened = self._open(to_write=bool(self._opened.problem))
        if opened.problem and self._opened.problem:
            opened.connection.close()
            return False
        self._adopt(opened)
        return True

    def close(self) -> None:
        """Let go of the file."""
        self._opened.connection.close()

    def _open(self, *, to_write: bool = False) -> Opened:
        if self._path is None:
            return Opened(open_memory())
        try:
            return Opened(open_file(self._path, to_write=to_write), _identity(self._path))
        except NewerSchemaError:
            return Opened(open_memory(), _identity(self._path), _sentence(self._path, tr(_NEWER)))
        except (sqlite3.Error, OSError) as error:
            return self._fallen_back(self._path, error, _identity(self._path))

    @staticmethod
    def _fallen_back(path: Path, error: sqlite3.Error | OSError, found: tuple[int, int] | None) -> Opened:
        """Return what goes on in the place of a file that failed; a damaged one is set aside where that can be."""
        code = _code(error) if isinstance(error, sqlite3.Error) else None
        problem = _sentence(path, reason(error, path))
        if code in _DAMAGE:
            with suppress(sqlite3.Error, OSError, NewerSchemaError):
                notice = _set_aside(path) if _identity(path) == found else ""
                return Opened(open_file(path), _identity(path), notice=notice)
        if code in _DAMAGE or code in _BUSY:
            return Opened(open_memory(), found, problem)
        try:
            return Opened(copy_to_memory(path), found, problem)
        except NewerSchemaError:
            return Opened(open_memory(), found, _sentence(path, tr(_NEWER)))

    def _adopt(self, opened: Opened) -> None:
        if opened.connection is not self._opened.connection:
            self._opened.connection.close()
        opened.connection.execute(f"PRAGMA busy_timeout = {int(1000 * self._timeout)}")
        self._opened = opened


def _sentence(path: Path, why: str) -> str:
    return tr(
        "What is learned now will be forgotten at the end, because {path} cannot be used: {why}. The "
        "watch list is not affected.",
        path=shown_path(path),
        why=why,
    )


def _locked(path: Path) -> str:
    return tr("Another program is writing to {path} right now. Try again in a moment.", path=shown_path(path))


def _begin_reading(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        connection.execute("BEGIN")


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells one file at a path from another that takes its place; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _real_path(path: Path) -> Path:
    """Return where the file is, or would be, behind symbolic links; the path itself where they lead in a circle."""
    try:
        return resolved(path)
    except OSError:
        return path


def _set_aside(path: Path) -> str:
    """Rename the file, its log first: a new file must never meet the log of the damaged one; return what to say."""
    aside = path.with_name(f"{path.name}.damaged")
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    return tr(
        "{path} was damaged and is now {name}, so the history of tasks begins again. The watch list is not affected.",
        path=shown_path(path),
        name=shown_path(aside.name),
    )
