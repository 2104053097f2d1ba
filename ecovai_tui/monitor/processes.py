"""What the system shows of other programs: Linux does so in files, which cost no signal and no right; others do not."""

from __future__ import annotations

import os
from pathlib import Path

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
        """Tell whether the process of this name stands still; False also where nothing is known of it."""
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
