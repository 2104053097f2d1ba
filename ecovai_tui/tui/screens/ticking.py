"""How time passes on the main screen: seldom, in coarse steps, and not at all while nobody looks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.timer import Timer

from ecovai_tui.tasks.times import next_midnight
from ecovai_tui.tui.pace import SLOW, USUAL, Pace, limit_frames
from ecovai_tui.tui.screens.board import BoardScreen

if TYPE_CHECKING:
    from ecovai_tui.monitor.session import Session

FLASHED_FOR = 10.0
"""Seconds for which a row shows that it changed just now."""

LATEST = 1.0
"""Seconds after midnight by which the new day is told at the latest."""


class TickingScreen(BoardScreen):
    """A screen whose table, panel and status bar tell running times."""

    session: Session

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.pace: Pace = USUAL
        """How often time passes here."""
        self.attended = True
        """Whether the terminal says that somebody looks at this pane."""
        self._ticker: Timer | None = None
        self._patience: Timer | None = None
        """Ends when it is to be told again for how long no answer has come."""
        self._midnight: Timer | None = None
        """Ends with the day, which final tasks are told by as well."""
        self._flashes: dict[str, frozenset[str]] = {}
        """The ids whose rows show that they changed, and all that showed it last together with each."""

    @property
    @abstractmethod
    def time_matters(self) -> bool:
        """Tell whether anything on the screen changes by time alone."""

    @abstractmethod
    def tick(self) -> None:
        """Let time pass on the screen."""

    def tick_or_rest(self) -> None:
        """Keep a timer only while somebody looks, and only for what changes by time: now and then, or at midnight."""
        self._keep_ticker(wanted=self.attended and self.time_matters)
        self._keep_midnight(wanted=self.attended and bool(self.table.ids_in_view))
        self._keep_patience()

    def pass_time(self, skew: float) -> None:
        """Tell the times of the table as they are now; ``skew`` is the gateway's clock minus ours, in seconds."""
        self.table.tick(self.session.clock.now(), skew=skew, calm=self.pace.calm, close=self.pace.close)

    def slow_down(self) -> None:
        """Spare a slow link: times in minutes, and few paints."""
        self.pace = SLOW
        for screen in self.app.screen_stack:
            limit_frames(screen, SLOW.frames)
        self._keep_ticker(wanted=False)
        self.tick()

    def look_away(self) -> None:
        """Let no time pass while nobody looks, and ask the gateway seldom."""
        self.attended = False
        self.tick_or_rest()
        self.session.monitor.look_away()

    def look_back(self) -> None:
        """Catch up."""
        self.attended = True
        self.session.monitor.look_back()
        self.tick()

    def flash(self, ids: frozenset[str]) -> None:
        """Show for a while which rows in view changed."""
        shown = ids.intersection(self.table.ids_in_view)
        if shown:
            self._flashes |= dict.fromkeys(shown, shown)
            self.table.flash(shown)
            self.set_timer(FLASHED_FOR, lambda: self._end_flash(shown))

    def _end_flash(self, shown: frozenset[str]) -> None:
        """End what began together, but for what has changed again since."""
        over = {name for name in shown if self._flashes.get(name) is shown}
        for name in over:
            del self._flashes[name]
        self.table.end_flash(over)

    def _keep_ticker(self, *, wanted: bool) -> None:
        if wanted and self._ticker is None:
            self._ticker = self.set_interval(self.pace.tick, self.tick)
        elif not wanted and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _keep_patience(self) -> None:
        """Tell of a request without an answer at each step of its time; of the next one it is known when it is due."""
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        seconds = self.session.standing.link.next_step(self.session.clock.now()) if self.attended else None
        if seconds is not None:
            self._patience = self.set_timer(seconds, self.show_status)

    def _keep_midnight(self, *, wanted: bool) -> None:
        if wanted and self._midnight is None:
            now = self.session.clock.now()
            self._midnight = self.set_timer(max(next_midnight(now) - now, LATEST), self._begin_day)
        elif not wanted and self._midnight is not None:
            self._midnight.stop()
            self._midnight = None

    def _begin_day(self) -> None:
        self._midnight = None
        self.tick()
