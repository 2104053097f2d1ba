"""Leaving cleanly when the system says so: without this the terminal would stay in the alternate screen."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

LEAVING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def leave_on_signals(leave: Callable[[], object]) -> Callable[[], None]:
    """Call ``leave`` on SIGTERM and SIGHUP while the event loop runs; the result ends that."""
    loop = asyncio.get_running_loop()
    for number in LEAVING_SIGNALS:
        loop.add_signal_handler(number, leave)

    def forget() -> None:
        for number in LEAVING_SIGNALS:
            loop.remove_signal_handler(number)

    return forget
