"""Leaving cleanly when the system says so, and stopping for a while without keeping other panes waiting."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ecovai_tui.tui.app import MonitorApp

Handler: TypeAlias = Callable[[int, FrameType | None], object]
"""What Python calls on a signal."""

LEAVING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def leave_on_signals(leave: Callable[[], object]) -> Callable[[], None]:
    """Call ``leave`` on SIGTERM and SIGHUP while the event loop runs; the result ends that.

    Without this the terminal would stay in the alternate screen.
    """
    loop = asyncio.get_running_loop()
    for number in LEAVING_SIGNALS:
        loop.add_signal_handler(number, leave)

    def forget() -> None:
        for number in LEAVING_SIGNALS:
            loop.remove_signal_handler(number)

    return forget


def suspend_on_signals(app: MonitorApp, before: Callable[[], object]) -> None:
    """Call ``before`` when the process is about to stop (ctrl+z, SIGTSTP), and bring the screen back on SIGCONT.

    Textual's own handlers do the rest, but on the event loop: they interrupt nothing there.
    """
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    if not callable(stop) or not callable(go_on):
        return
    suspension = Suspension(app, before, stop, go_on)
    app.app_resume_signal.subscribe(app, lambda _app: suspension.end(), immediate=True)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTSTP, suspension.begin)
    loop.add_signal_handler(signal.SIGCONT, suspension.go_on)


class Suspension:
    """Whether the process left the screen before it stopped, so that it takes it over again when it goes on.

    A process that was stopped by SIGSTOP never left the screen, so it only paints it again; Textual would take the
    terminal over a second time, read each key twice, and never give the terminal back.
    """

    def __init__(self, app: MonitorApp, before: Callable[[], object], leave: Handler, take_over: Handler) -> None:
        self._app = app
        self._before = before
        self._leave = leave
        self._take_over = take_over
        self._away = False

    def begin(self) -> None:
        """Leave the screen, and stop."""
        self._before()
        self._away = True
        self._leave(signal.SIGTSTP, None)

    def go_on(self) -> None:
        """Take the screen over, or paint it again if it was never left."""
        if self._away:
            self._take_over(signal.SIGCONT, None)
        else:
            self._app.paint_anew()

    def end(self) -> None:
        """Show all, now that the screen is ours again."""
        self._away = False
        self._app.paint_anew()
