"""A leader that says nothing: it holds the lock, but was stopped where no handler could give the lock away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecovai_tui.monitor.update import Link, Trouble

LATE = 5.0
"""Seconds after which a promised look counts as overdue."""

LONGEST_REQUEST = 75.0
"""Seconds after which a request that was begun must have ended one way or the other."""

PATIENCE = 8
"""Looks in a row at which the leader must be overdue; a computer that slept wakes all panes in the same moment."""

SILENT = Trouble(
    "The pane that asks for all of them keeps silent, so this may be out of date: it seems to be stopped. "
    "Continue it (kill -CONT) or end it; then another takes over."
)


@dataclass(slots=True)
class Silence:
    """What one follower has noticed of its leader."""

    overdue: int = 0
    """Looks in a row at which it was overdue."""

    @property
    def too_long(self) -> bool:
        """Tell whether the leader seems to be stopped."""
        return self.overdue >= PATIENCE

    def look(self, link: Link, requests: Sequence[float], now: float) -> bool:
        """Note how the leader keeps what its link promised; tell whether the judgement differs from before.

        ``requests`` are when any instance asked lately.
        """
        before = self.too_long
        self.overdue = self.overdue + 1 if _is_overdue(link, requests, now) else 0
        return self.too_long != before


def _is_overdue(link: Link, requests: Sequence[float], now: float) -> bool:
    if link.next_look is None or now < link.next_look + LATE:
        return False
    begun = max(requests, default=0.0)
    return begun < link.next_look - 1.0 or now - begun > LONGEST_REQUEST
