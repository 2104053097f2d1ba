"""A leader that does nothing: it holds the lock, but was stopped where no handler could give the lock away.

Where the system shows that its process stands still, a follower sees it at its own look. Elsewhere, one that misses
something knocks: it leaves a wish, as it does for a refresh, and whoever leads takes the wishes at its next tick. A
wish that nobody takes tells of a stopped leader, and nothing is written while nothing is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecovai_tui.monitor.update import Link

LATE = 1.0
"""Seconds after which a promised look counts as missed."""

PATIENCE = 3
"""Looks in a row, a second apart, at which the same wish still waits; a leader that lives takes it within two."""

KNOCKS_APART = 5.0
"""Seconds between two knocks at least, as while a leader that lives waits long for the gateway's answer."""

LOOKS = 2
"""Looks in a row, a second apart, at which the leader's process stands still; a pause may pass before the second."""


@dataclass(slots=True)
class Standstill:
    """For how many looks in a row one follower has seen its leader's process stand still."""

    _leader: str = ""
    _looks: int = 0

    @property
    def too_long(self) -> bool:
        """Tell whether the leader is stopped for good, as far as anybody can tell."""
        return self._looks >= LOOKS

    def look(self, stopped_leader: str) -> None:
        """Note the name of the process that leads and stands still, "" if it does not."""
        same = stopped_leader == self._leader
        self._leader, self._looks = stopped_leader, (self._looks if same else 0) + bool(stopped_leader)


@dataclass(slots=True)
class Silence:
    """What one follower misses of its leader, and how long its wishes have been waiting."""

    missed: bool = False
    """Something wants to be asked for, and the leader has not shown yet that it knows."""
    _unheard: int = 0
    _oldest: tuple[int, float] | None = None
    _knocked_at: float = float("-inf")

    @property
    def too_long(self) -> bool:
        """Tell whether the leader seems to be stopped."""
        return self._unheard >= PATIENCE

    def look(self, oldest: tuple[int, float] | None) -> None:
        """Note which wish has been waiting longest, if any is."""
        self._unheard = self._unheard + 1 if oldest is not None and oldest == self._oldest else 0
        self._oldest = oldest

    def wants_knock(self, link: Link, now: float) -> bool:
        """Tell whether it is time to see if the leader lives, and note that it will be done."""
        overdue = link.next_look is not None and now >= link.next_look + LATE
        if not self.missed and not (overdue and now >= self._knocked_at + KNOCKS_APART):
            return False
        self.missed, self._knocked_at = False, now
        return True
