"""Waiting until an app in this process has nothing more to do: Textual's own guess is the process's use of the clock.

On a busy machine that guess is wrong, and on an idle one it costs a fiftieth of a second after each key, twice.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from support.effort import effort_of

from ecovai_tui.engine import worker

SOON = 0.03
"""Seconds: a timer that rings within them belongs to what is under way."""

FRAME = 0.002
"""Seconds between two paints; an eighth of what a terminal gets, as a pilot waits for one after each of its keys."""

TURNS = 3
"""Turns of the event loop in which nothing was ready."""

GLANCE = 0.02
"""Seconds between two looks at what threads and other programs do that cannot be asked."""

LONGEST = 2.0
"""Seconds after which a job is left alone that a test holds up."""

Awaited = set[asyncio.Future[object]]
"""What comes from threads by futures and is not there yet."""


@contextmanager
def pilots_wait_for_rest() -> Iterator[None]:
    """Have Textual's pilot go on when the app rests."""
    awaited: Awaited = set()
    wrap = asyncio.wrap_future

    def note(future: object, *, loop: asyncio.AbstractEventLoop | None = None) -> asyncio.Future[object]:
        wrapped = wrap(future, loop=loop)  # type: ignore[arg-type]  # of any result
        awaited.add(wrapped)
        wrapped.add_done_callback(awaited.discard)
        return wrapped

    async def wait_for_rest(*_seconds: float) -> None:
        await rest(awaited)

    with (
        patch("textual.screen.UPDATE_PERIOD", FRAME),
        patch("asyncio.wrap_future", note),
        patch("asyncio.futures.wrap_future", note),
        patch("textual.pilot.wait_for_idle", wait_for_rest),
        patch("textual.app.wait_for_idle", wait_for_rest),
    ):
        yield


async def rest(awaited: Awaited) -> None:
    """Wait until nothing is ready or due soon, and no thread works for this event loop."""
    deadline = time.monotonic() + LONGEST
    quiet = 0
    while quiet < TURNS and time.monotonic() < deadline:
        await asyncio.sleep(0)
        if await _own_work():
            quiet = 0
        elif _others_may_work(awaited):
            if await _others_rest():
                return
            quiet = 0
        else:
            quiet += 1


async def _own_work() -> bool:
    """Return whether the event loop has something to do, and wait for what it does soon."""
    loop = asyncio.get_running_loop()
    if loop._ready:  # type: ignore[attr-defined]  # of asyncio's own loop
        return True
    due = [timer.when() for timer in loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
    if due and (left := min(due) - loop.time()) < SOON:
        await asyncio.sleep(max(0.0, left))
        return True
    return False


def _others_may_work(awaited: Awaited) -> bool:
    """Return whether something may come from a thread, or through a socket.

    What the replica's own thread does is awaited; it stands ready when there is nothing to do.
    """
    targets = (getattr(thread, "_target", None) for thread in threading.enumerate())
    sockets = len(asyncio.get_running_loop()._selector.get_map()) - 1  # type: ignore[attr-defined]  # one is the loop's
    passing = worker.in_thread.__qualname__
    return (
        bool(awaited) or sockets > 0 or any(getattr(each, "__qualname__", "").startswith(passing) for each in targets)
    )


async def _others_rest() -> bool:
    """Return whether no other thread did anything for a moment, nor came to the event loop."""
    this, loop = threading.get_native_id(), asyncio.get_running_loop()
    before = effort_of(os.getpid(), but=this)
    await asyncio.sleep(GLANCE)
    after = effort_of(os.getpid(), but=this)
    return not loop._ready and (before is None or after is None or after.rested_since(before))  # type: ignore[attr-defined]
