"""The clock that the engine lives by; tests pass in their own and turn it by hand."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Protocol

PAUSE = 0.005
"""Seconds between two slices of long work, in which a key goes all its way to the screen."""


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> float:
        """Return the time in Unix seconds."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set or the time is over, whichever comes first; None waits for the event alone."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Return the time in Unix seconds."""
        return time.time()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set or so many seconds are over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()


class Course:
    """Notices that the clock was put back, after which moments of before lie in the future."""

    def __init__(self) -> None:
        self._latest = float("-inf")

    def put_back(self, now: float) -> bool:
        """Tell whether it is earlier now (Unix seconds) than at the last look."""
        before, self._latest = self._latest, now
        return now < before


async def let_others_work() -> None:
    """Leave room between two slices: the engine shares its event loop with the keyboard."""
    await asyncio.sleep(PAUSE)
