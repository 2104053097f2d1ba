"""Who of many open panes asks the gateway: the one that holds a lock, which the system frees when it dies."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ecovai_tui.monitor.processes import Processes
from ecovai_tui.store.files import make_directory

if TYPE_CHECKING:
    from filelock import BaseFileLock


class Leadership:
    """A claim to be the one instance of a profile that asks the gateway."""

    def __init__(self, lock_file: Path | None, processes: Processes | None = None) -> None:
        """``lock_file`` None means that there is nobody to share with."""
        self._file = lock_file
        self._processes = processes or Processes()
        self._lock: BaseFileLock | None = None
        self._identity: tuple[int, int] | None = None
        """The file that this instance has locked."""
        self._alone = False

    @property
    def shared(self) -> bool:
        """Tell whether other instances look to the one that leads; not to one that has ids of its own."""
        return self._file is not None

    @property
    def held(self) -> bool:
        """Tell whether this instance asks the gateway; not any more when another has seized the lead meanwhile."""
        return self._alone or (self._locked and self._identity == self._identity_now())

    @property
    def stopped_leader(self) -> str:
        """The name of the process that leads, if it stands still and the system shows that; else ""."""
        if self._file is None or self.held:
            return ""
        try:
            name = self._file.read_text(errors="replace")
        except OSError:
            return ""
        return name if self._processes.stopped(name) else ""

    def claim(self) -> bool:
        """Take the lead if nobody has it, without waiting; tell whether this instance has it now.

        Where locks do not work at all, everyone leads: too many requests are better than none.
        """
        if self._file is None:
            self._alone = True
            return True
        if self.held:
            return True
        self.resign()
        from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import, and nobody leads before the first paint

        self._lock = self._lock or FileLock(self._file, mode=0o600, fallback_to_soft=False, is_singleton=False)
        try:
            make_directory(self._file.parent)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            self._alone = True
        self._identity = self._identity_now()
        self._sign()
        return self.held

    def seize(self) -> bool:
        """Take the lead from an instance that holds the lock and does nothing; tell whether this one has it now.

        The lock of a stopped program cannot be had, so a new file takes the place of the locked one. The other
        notices when it goes on, for it holds the lock of a file that is not there any more.
        """
        if self._file is not None:
            with suppress(OSError):
                self._file.unlink()
        return self.claim()

    def resign(self) -> None:
        """Let another instance take the lead, as when this one ends or is suspended."""
        if self._lock is not None:
            self._lock.release(force=True)

    def _sign(self) -> None:
        """Write into the lock file who leads."""
        if self._file is not None and self._locked and self.held:
            with suppress(OSError):
                self._file.write_text(self._processes.own_name)

    @property
    def _locked(self) -> bool:
        return self._lock is not None and self._lock.is_locked

    def _identity_now(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None
