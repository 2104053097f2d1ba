"""Runs the program by a clock that goes ten times as fast: what it does in ten seconds is seen in one.

All that the program waits for in its event loop is over ten times as soon. Started as a program by a test, which tells
it when the clock began to hurry.
"""

from __future__ import annotations

import os
import selectors
import sys
import time
from collections.abc import Callable

SPEED = 10.0
BEGUN = "HURRIED_SINCE"
"""The variable with the moment (Unix seconds) at which all hurried clocks showed the true time."""

COMMAND = [sys.executable, __file__]


def hurried(clock: Callable[[], float], begun: float) -> Callable[[], float]:
    """Return a clock that goes faster than another, and showed the same when it began."""
    return lambda: begun + (clock() - begun) * SPEED


class HurriedSelector(selectors.DefaultSelector):
    """Waits for a tenth of the time: an event loop reckons it by a hurried clock."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / SPEED)


def hurry(begun: float) -> None:
    """Let all clocks of this process hurry; whoever imported them by name before keeps the true one."""
    time.time = hurried(time.time, begun)
    time.monotonic = hurried(time.monotonic, time.monotonic())
    time.perf_counter = hurried(time.perf_counter, time.perf_counter())
    selectors.DefaultSelector = HurriedSelector  # type: ignore[misc]  # what event loops take


if __name__ == "__main__":
    hurry(float(os.environ[BEGUN]))
    from ecovai_tui.cli import main

    sys.exit(main())
