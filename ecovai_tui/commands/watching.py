"""Running the engine for a command that waits for something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ecovai_tui.commands.exit_codes import ExitCode
from ecovai_tui.monitor.monitor import Monitor
from ecovai_tui.monitor.update import Update
from ecovai_tui.store.replica import ReplicaBusy

BUSY_PAUSE = 1.0
"""Seconds until a judge looks again where another program was in the way, as the engine does."""

Judge = Callable[[Update | None], ExitCode | None]
"""Takes what happened (None: only time passed), and returns the exit code once there is nothing more to wait for.

May raise ReplicaBusy; it keeps what it has not told yet, and is called again with None.
"""


async def watch(monitor: Monitor, judge: Judge, *, tick: float | None = None) -> ExitCode:
    """Run the engine until the judge is content; it is called at first, after each update and every ``tick`` seconds.

    It is called outside of the engine, so that what it raises, as for a closed pipe, is raised here.
    """
    updates: asyncio.Queue[Update] = asyncio.Queue()
    unsubscribe = monitor.subscribe(updates.put_nowait)
    engine = asyncio.create_task(monitor.run())
    try:
        code = await _verdict(judge, None)
        while code is None:
            code = await _verdict(judge, await _next_update(updates, engine, tick))
    finally:
        unsubscribe()
        engine.cancel()
        await asyncio.wait({engine})
    return code


async def _verdict(judge: Judge, update: Update | None) -> ExitCode | None:
    """Let the judge decide; another program can be in its way where the file system knows no write-ahead log."""
    while True:
        try:
            return judge(update)
        except ReplicaBusy:
            update = None
            await asyncio.sleep(BUSY_PAUSE)


async def _next_update(updates: asyncio.Queue[Update], engine: asyncio.Task[None], tick: float | None) -> Update | None:
    """Return the next update, or None after ``tick`` seconds; raises what the engine died of."""
    news = asyncio.create_task(updates.get())
    await asyncio.wait({news, engine}, timeout=tick, return_when=asyncio.FIRST_COMPLETED)
    if news.done():
        return news.result()
    news.cancel()
    if engine.done():
        _raise_first(engine.exception())
    return None


def _raise_first(error: BaseException | None) -> None:
    """Raise the error itself and not the group that a task group makes of it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    raise error or RuntimeError("the engine ended by itself")
