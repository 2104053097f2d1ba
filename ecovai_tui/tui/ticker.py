"""How time passes on the screen: how often, only while somebody looks, and only for what changes by time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.screen import Screen
from textual.timer import Timer

from ecovai_tui.tasks.times import next_midnight
from ecovai_tui.tui.context import Session

LATEST = 1.0
"""Seconds after midnight by which the new day is told at the latest."""


class RefreshRate(NamedTuple):
    """How often time passes; all in seconds but the frames."""

    tick: float
    """Between two looks at the clock while something runs."""
    calm: int
    """Running times are told in such steps."""
    close: int
    """Those of the selected task, and countdowns, in such."""
    frames: int
    """Paints in a second at most."""


USUAL = RefreshRate(tick=5.0, calm=10, close=5, frames=60)
SLOW = RefreshRate(tick=60.0, calm=60, close=60, frames=4)
"""For a slow link: times per minute, and keys that come fast share a paint. No key waits longer for it."""


class Ticker:
    """The timers of one screen."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        rate: RefreshRate,
        *,
        tick: Callable[[], None],
        show_status: Callable[[], None],
    ) -> None:
        """``tick`` lets time pass on the whole screen, ``show_status`` only shows again how things stand."""
        self._screen = screen
        self._session = session
        self._tick = tick
        self._show_status = show_status
        self.rate = rate
        """How often time passes here."""
        self.attended = True
        """Whether the terminal says that somebody looks at this pane."""
        self.running: Timer | None = None
        """Ticks while something runs."""
        self.midnight: Timer | None = None
        """Ends with the day, which final tasks are told by as well."""
        self._no_answer: Timer | None = None
        """Ends when it is to be told again for how long no answer has come."""

    def tick_or_rest(self, *, time_matters: bool, rows_in_view: bool) -> None:
        """Keep a timer only while somebody looks, and only for what changes by time: now and then, or at midnight."""
        self._keep_running(wanted=self.attended and time_matters)
        self._keep_midnight(wanted=self.attended and rows_in_view)
        self._time_the_answer()

    def look_away(self) -> None:
        """Let no time pass while nobody looks, and poll the gateway less often."""
        self.attended = False
        self._show_status()
        self._session.engine.look_away()

    def look_back(self) -> None:
        """Catch up."""
        self.attended = True
        self._session.engine.look_back()
        self._tick()

    def _keep_running(self, *, wanted: bool) -> None:
        if wanted and self.running is None:
            self.running = self._screen.set_interval(self.rate.tick, self._tick)
        elif not wanted and self.running is not None:
            self.running.stop()
            self.running = None

    def _keep_midnight(self, *, wanted: bool) -> None:
        if wanted and self.midnight is None:
            now = self._session.clock.now()
            self.midnight = self._screen.set_timer(max(next_midnight(now) - now, LATEST), self._begin_day)
        elif not wanted and self.midnight is not None:
            self.midnight.stop()
            self.midnight = None

    def _begin_day(self) -> None:
        self.midnight = None
        self._tick()

    def _time_the_answer(self) -> None:
        """Tell of a request without an answer at each step of its time; of the next one it is known when it is due."""
        if self._no_answer is not None:
            self._no_answer.stop()
            self._no_answer = None
        seconds = self._session.state.link.next_step(self._session.clock.now()) if self.attended else None
        if seconds is not None:
            self._no_answer = self._screen.set_timer(seconds, self._show_status)
