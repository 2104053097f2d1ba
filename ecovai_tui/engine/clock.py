"""The clock that the engine lives by, and blocking work off the event loop; tests pass in a clock of their own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

PAUSE = 0.005
"""Seconds between two slices of long work, in which a key goes all its way to the screen."""


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> float:
        """Return the time in Unix seconds."""

    def monotonic(self) -> float:
        """Return seconds since some moment, by a clock that nobody sets."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set or the time is over, whichever comes first; None waits for the event alone."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Return the time in Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds since the machine was started."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set or so many seconds are over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()


async def let_others_work() -> None:
    """Leave room between two slices: the engine shares its event loop with the keyboard."""
    await asyncio.sleep(PAUSE)


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


async def in_thread(work: Callable[Parameters, Result], *args: Parameters.args, **named: Parameters.kwargs) -> Result:
    """Return what blocking work returns, or raise what it raises.

    Unlike the default executor's, the thread is a daemon: a key command that hangs does not delay the exit.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def settle(settle_outcome: Callable[[], None]) -> None:
        if not outcome.done():
            settle_outcome()

    def run() -> None:
        try:
            result = work(*args, **named)
        except Exception as error:  # noqa: BLE001 the caller gets it, whatever it is
            failure = error
            _hand_over(loop, settle, lambda: outcome.set_exception(failure))
        else:
            _hand_over(loop, settle, lambda: outcome.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await outcome


def _hand_over(
    loop: asyncio.AbstractEventLoop, settle: Callable[[Callable[[], None]], None], settle_outcome: Callable[[], None]
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle, settle_outcome)
