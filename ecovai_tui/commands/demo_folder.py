"""The directory of a demo: it goes with the demo, or with the next one if the process had no time to take it away."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

PREFIX = "ecovai-tui-demo."


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Make a directory for as long as it is needed, and remove those of demos that were killed.

    It is locked while it is in use. The lock ends with the process, and outlasts its being suspended.
    """
    _remove_abandoned(Path(gettempdir()))
    made, lock = _made_and_locked()
    try:
        with made as name:
            yield Path(name)
    finally:
        os.close(lock)


def _made_and_locked() -> tuple[TemporaryDirectory[str], int]:
    """Return a directory and its lock; one that another demo is about to remove is given up for another one."""
    while True:
        made = TemporaryDirectory(prefix=PREFIX)
        lock = _lock_of(Path(made.name))
        if lock is not None:
            return made, lock
        made.cleanup()


def _lock_of(folder: Path) -> int | None:
    """Return the lock of a directory, None where somebody else has it or the directory is gone."""
    try:
        lock = _opened(folder)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    except OSError:
        return lock  # this file system knows no locks, so nobody removes anything here
    if folder.exists():
        return lock
    os.close(lock)
    return None


def _remove_abandoned(place: Path) -> None:
    """Remove our own directories of demos that do not run any more; whatever cannot be removed is left."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = _opened(folder)
            try:
                if os.fstat(lock).st_uid == os.getuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
