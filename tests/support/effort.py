"""How much a process has worked: silence alone does not tell whether it has nothing more to say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

AT_WORK = 3_000_000
"""Nanoseconds of processor time in a moment from which on a process was at work; one that rests needs a tenth."""

KEPT_WAITING = 30_000_000
"""Nanoseconds of waiting for a processor in a moment from which on it may have had to do more than it could."""

_WAKE_UPS = re.compile(r"^voluntary_ctxt_switches:\s*(\d+)$", re.MULTILINE)


class Effort(NamedTuple):
    """What the threads of a process did up to now, in nanoseconds."""

    ran: int
    waited: int
    """For a processor."""
    busy: bool
    """Whether one of them runs, wants to, or waits for the disk."""

    def rested_since(self, before: Effort) -> bool:
        """Return whether nothing worth mentioning was done since."""
        return self.ran - before.ran < AT_WORK and self.waited - before.waited < KEPT_WAITING and not self.busy


def effort_of(process: int, *, but: int = 0) -> Effort | None:
    """Return the effort of a process up to now, ``but`` that of one thread; None where the system does not tell."""
    threads = [thread for thread in Path(f"/proc/{process}/task").glob("*") if thread.name != str(but)]
    try:
        times = [thread.joinpath("schedstat").read_text().split() for thread in threads]
        states = [thread.joinpath("stat").read_text().rpartition(")")[2].split()[0] for thread in threads]
    except OSError:  # there is no such file, or a thread ended meanwhile
        return None
    if not times:
        return None
    return Effort(sum(int(time[0]) for time in times), sum(int(time[1]) for time in times), bool({*"RD"} & {*states}))


def wake_ups_of(process: int) -> int:
    """Return how often the threads of a process went to sleep up to now, so as often they woke."""
    told = [thread.joinpath("status").read_text() for thread in Path(f"/proc/{process}/task").iterdir()]
    return sum(int(found.group(1)) for text in told if (found := _WAKE_UPS.search(text)))
