"""How long to leave a gateway alone after failures."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ecovai_tui.monitor import schedule
from ecovai_tui.monitor.update import Trouble

HAS_WORKED = "This key has worked before, so it is tried for two minutes before it counts as refused."
"""Gateways also refuse a key while their database stumbles (measured on new-api 2025-04)."""


@dataclass(slots=True)
class Patience:
    """The back-off: grows with each failure, and ends with one good reply."""

    random: Random
    failures: int = 0
    trouble: Trouble | None = None
    wait_until: float = 0.0
    """Before this no request goes out by itself."""
    floor_until: float = 0.0
    """Before this no request goes out at all: the gateway named a time (``Retry-After``)."""
    _key_has_worked: bool = False
    _refusals: int = 0
    """How often the key was refused since it last worked."""
    _refused_since: float = 0.0

    @property
    def key_refused(self) -> bool:
        """Return whether the last request failed because of the key."""
        return self.trouble is not None and self.trouble.key_refused

    def failed(self, trouble: Trouble, now: float, retry_after: float | None) -> None:
        """Take in a failure; ``retry_after`` (seconds) is the gateway's own wish.

        A key that has worked is not given up by the first refusals.
        """
        self.failures += 1
        if trouble.key_refused and self._doubts_refusal(now):
            trouble = trouble._replace(message=f"{trouble.message} {HAS_WORKED}", key_refused=False)
        since = self.trouble.since if self.trouble else now
        self.trouble = trouble._replace(since=since)
        self.floor_until = now + (retry_after or 0.0)
        if trouble.key_refused:
            self.wait_until = now + schedule.KEY_REFUSED_PAUSE
        else:
            self.wait_until = max(self.floor_until, now + schedule.back_off(self.failures, self.random.random()))

    def answered(self) -> None:
        """Forget all failures: a good reply came."""
        self.failures, self.trouble, self.wait_until, self.floor_until = 0, None, 0.0, 0.0
        self._key_has_worked, self._refusals = True, 0

    def shorten(self, now: float) -> None:
        """Wait no longer than after a common failure: the clock was put back, so what remains is not known."""
        most = now + schedule.BACK_OFF_MOST
        self.wait_until, self.floor_until = min(self.wait_until, most), min(self.floor_until, most)
        self._refused_since = min(self._refused_since, now)

    def hurry(self) -> None:
        """Let the next request go as early as the gateway allows: the user asked for it."""
        self.wait_until = self.floor_until

    def _doubts_refusal(self, now: float) -> bool:
        """Return whether a refusal of the key, which is counted, may still pass."""
        self._refused_since = self._refused_since if self._refusals else now
        self._refusals += 1
        long_enough = now - self._refused_since >= schedule.KEY_DOUBTED_FOR
        return self._key_has_worked and not (long_enough and self._refusals >= schedule.KEY_DOUBTED_LEAST)
