"""How time passes on the main screen: seldom, in coarse steps, and not at all while nobody looks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.timer import Timer

from ecovai_tui.tui.pace import SLOW, USUAL, Pace, limit_frames
from ecovai_tui.tui.screens.board import BoardScreen

if TYPE_CHECKING:
    from ecovai_tui.monitor.session import Session

FLASHED_FOR = 10.0
"""Seconds for which a row shows that it changed just now."""


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

    @property
    @abstractmethod
    def time_matters(self) -> bool:
        """Tell whether anything on the screen changes by time alone."""

    @abstractmethod
    def tick(self) -> None:
        """Let time pass on the screen."""

    def tick_or_rest(self) -> None:
        """Keep the one timer only while somebody looks and time changes something."""
        wanted = self.attended and self.time_matters
        if wanted and self._ticker is None:
            self._ticker = self.set_interval(self.pace.tick, self.tick)
        elif not wanted:
            self._stop_ticking()

    def pass_time(self, skew: float) -> None:
        """Tell the times of the table as they are now; ``skew`` is the gateway's clock minus ours, in seconds."""
        self.table.tick(self.session.clock.now(), skew=skew, calm=self.pace.calm, close=self.pace.close)

    def slow_down(self) -> None:
        """Spare a slow link: times in minutes, and few paints."""
        self.pace = SLOW
        limit_frames(self, SLOW.frames)
        self._stop_ticking()
        self.tick()

    def look_away(self) -> None:
        """Let no time pass while nobody looks, and ask the gateway seldom."""
        self.attended = False
        self._stop_ticking()
        self.session.monitor.look_away()

    def look_back(self) -> None:
        """Catch up; the times follow with what the gateway says now, or with the next tick."""
        self.attended = True
        self.session.monitor.look_back()
        self.show_status()

    def flash(self, ids: frozenset[str]) -> None:
        """Show for a while which rows in view changed."""
        shown = ids.intersection(self.table.ids_in_view)
        if shown:
            self.table.flash(shown)
            self.set_timer(FLASHED_FOR, lambda: self.table.end_flash(shown))

    def _stop_ticking(self) -> None:
        if self._ticker is not None:
            self._ticker.stop()
            self._ticker = None
