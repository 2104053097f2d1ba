"""Who of many open panes asks the gateway: the one that holds a lock."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ecovai_tui.store.files import make_directory

if TYPE_CHECKING:
    from filelock import BaseFileLock


_STATE, _STARTED = 0, 19
"""Places behind the program's name; the state is the third field of ``/proc/PID/stat``, the start the 22nd."""

_STOPPED = "T"
"""The state after SIGSTOP and its like; a debugger's halt is another one."""


class Processes:
    """The processes of this machine, each under a name that no other ever has: its id and when it was started."""

    def __init__(self, folder: Path = Path("/proc"), own_id: int | None = None) -> None:
        self._folder = folder
        self._own_id = str(os.getpid() if own_id is None else own_id)

    @property
    def own_name(self) -> str:
        """The name of this process; "" where the system shows none."""
        fields = self._fields(self._own_id)
        return f"{self._own_id} {fields[_STARTED]}" if fields else ""

    def stopped(self, name: str) -> bool:
        """Return whether the process of this name stands still; False also where nothing is known of it."""
        process_id, _, started = name.partition(" ")
        fields = self._fields(process_id) if process_id.isdecimal() else []
        return bool(fields) and fields[_STARTED] == started and fields[_STATE] == _STOPPED

    def _fields(self, process_id: str) -> list[str]:
        """Return what is told of a process behind its name, which may hold blanks and brackets itself."""
        try:
            told = (self._folder / process_id / "stat").read_text(errors="replace")
        except OSError:
            return []
        fields = told.rpartition(")")[2].split()
        return fields if len(fields) > _STARTED else []


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
        """Whether other instances look to the one that leads; not to one that has ids of its own."""
        return self._file is not None

    @property
    def held(self) -> bool:
        """Whether this instance asks the gateway; not any more when another has seized the lead meanwhile."""
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
