"""Blocking work off the event loop, in threads that never hold up the end of the program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

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
