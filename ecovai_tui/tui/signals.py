"""Leaving cleanly when the system says so, and stopping for a while without keeping other panes waiting."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecovai_tui.tui.app import MonitorApp

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

    Textual's own handlers do the rest, but on the event loop: they interrupt nothing there. A process that was
    stopped by SIGSTOP never left the screen, so it only paints it again; Textual would take the terminal over a second
    time, read each key twice, and never give the terminal back.
    """
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    if not callable(stop) or not callable(go_on):
        return
    away = asyncio.Event()

    def suspend() -> None:
        before()
        away.set()
        stop(signal.SIGTSTP, None)

    def come_back() -> None:
        if away.is_set():
            go_on(signal.SIGCONT, None)
        else:
            app.paint_anew()

    def show_all() -> None:
        away.clear()
        app.paint_anew()

    app.app_resume_signal.subscribe(app, lambda _app: show_all(), immediate=True)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTSTP, suspend)
    loop.add_signal_handler(signal.SIGCONT, come_back)
