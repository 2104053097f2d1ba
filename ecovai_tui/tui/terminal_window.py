"""The terminal around the program: signals and suspending, the window's title, the clipboard."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from types import FrameType
from typing import TypeAlias

from textual.app import App

from ecovai_tui.engine.worker import in_thread
from ecovai_tui.language import tr
from ecovai_tui.tasks.text import truncate
from ecovai_tui.terminal.capabilities import Capabilities
from ecovai_tui.terminal.graphics import Way
from ecovai_tui.terminal.sequences import Copied, ask_tmux, copy_text, load_tmux_buffer
from ecovai_tui.tui.context import Options
from ecovai_tui.view.lines import ellipsis_of

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


def suspend_on_signals(app: App[int], before: Callable[[], object], redraw: Callable[[], object]) -> None:
    """Call ``before`` when the process is about to stop (ctrl+z, SIGTSTP), and bring the screen back on SIGCONT.

    Textual's own handlers do the rest, but on the event loop: they interrupt nothing there.
    """
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    if not callable(stop) or not callable(go_on):
        return
    suspension = Suspension(before, redraw, stop, go_on)
    app.app_resume_signal.subscribe(app, lambda _app: suspension.end(), immediate=True)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTSTP, suspension.begin)
    loop.add_signal_handler(signal.SIGCONT, suspension.go_on)


class Suspension:
    """Whether the process left the screen before it stopped, so that it takes it over again when it goes on.

    A process that was stopped by SIGSTOP never left the screen, so it only paints it again; Textual would take the
    terminal over a second time, read each key twice, and never give the terminal back.
    """

    def __init__(
        self, before: Callable[[], object], redraw: Callable[[], object], leave: Handler, take_over: Handler
    ) -> None:
        self._before = before
        self._redraw = redraw
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
            self._redraw()

    def end(self) -> None:
        """Show all, now that the screen is ours again."""
        self._away = False
        self._redraw()


SHOWN_WIDTH = 60
"""Cells that a toast shows of a copied text at most: enough to know it again."""


async def copy(text: str, capabilities: Capabilities, environment: Mapping[str, str]) -> tuple[Copied, bytes]:
    """Copy the text; return what came of it, and the bytes that the terminal still has to be sent."""
    sequences: list[bytes] = []

    def work() -> Copied:
        return copy_text(text, capabilities, sequences.append, lambda data: load_tmux_buffer(data, environment))

    return await in_thread(work), b"".join(sequences)


def shown(text: str, remark: str = "", *, ascii_only: bool = False) -> str:
    """Return how a copied text begins and how many lines it has, and a remark behind that."""
    first, *others = text.split("\n")
    begin = truncate(first, SHOWN_WIDTH, ellipsis_of(ascii_only=ascii_only))
    lines = tr("{n} lines", n=len(others) + 1) if others else ""
    return "  ".join(filter(None, (begin, lines, remark)))


async def ask_for_graphics(options: Options, send: Callable[[bytes], object]) -> None:
    """Ask the terminal what it can do with pictures, where they are wanted; in tmux, ask tmux what it lets through."""
    graphics = options.pictures
    if graphics.way is Way.OFF or find_spec("PIL") is None:
        return
    if options.capabilities.tmux:
        told = await in_thread(ask_tmux, options.environment)
        outside = f"{told.client_termtype} {told.client_termname}" if told else ""
        graphics.stand_in_tmux(told.allow_passthrough if told else "", outside)
    else:
        graphics.measure()
        send(graphics.questions)
