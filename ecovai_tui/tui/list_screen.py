"""The task list on the main screen: the filter line, the order, and how time passes there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.geometry import Size
from textual.timer import Timer
from textual.widgets import Input

from ecovai_tui.engine.clock import let_others_work
from ecovai_tui.tasks.selection import Order
from ecovai_tui.tasks.times import next_midnight
from ecovai_tui.tui.layout import LayoutScreen
from ecovai_tui.tui.refresh_rate import SLOW, USUAL, RefreshRate, limit_frames
from ecovai_tui.tui.task_list import TaskList
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished
from ecovai_tui.tui.widgets.task_table import SortRequested

if TYPE_CHECKING:
    from ecovai_tui.engine.session import Session
    from ecovai_tui.tui.app import MonitorApp
    from ecovai_tui.tui.widgets.notice import FilterLine


SCROLLING = ("scroll_", "page_")
"""Begin the actions that an input inherits and has no use for: there those keys move the cursor of the table."""

ARRANGING = "arranging"
"""The group of the one worker that arranges the board."""


class ListScreen(LayoutScreen):
    """A screen whose table shows a board; a subclass tells of its state."""

    app: MonitorApp

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.task_list = TaskList()
        self._filter_line: FilterLine | None = None

    @abstractmethod
    def show_status(self) -> None:
        """Bring all that tells of the state of things up to date."""

    @property
    def filter_line(self) -> FilterLine:
        """Where the words of the filter are typed; made when it is first needed, as styling it slows the start."""
        if self._filter_line is None:
            from ecovai_tui.tui.widgets.notice import FilterLine  # noqa: PLC0415  # not needed for the first paint

            self._filter_line = FilterLine(id="filter")
            self.mount(self._filter_line, before="#footer")
        return self._filter_line

    @property
    def typing(self) -> bool:
        """Whether the user types the words of a filter."""
        return self._filter_line is not None and self._filter_line.typing

    @property
    def chosen_ids(self) -> Sequence[str]:
        """The marked tasks in the order of the screen, or else the one under the cursor."""
        cursor = self.table.cursor_id
        return self.table.marked or ((cursor,) if cursor else ())

    def show_task_list(self) -> None:
        """Show the board as it is arranged now."""
        self.table.empty_text = self.task_list.emptiness(self.app.key_of("add"), self.app.key_of("back"))
        task_list = self.task_list
        self.table.show(task_list.shown, task_list.find, sorted_by=task_list.order, labelled=task_list.labelled)
        if self.task_list.arranged and not self.typing:
            self.table.let_cursor_go()
        self.show_status()

    def arrange_task_list(self) -> None:
        """Show what is wanted of the board: at once, or after some slices of a long one, which newer wishes end."""
        self.workers.cancel_group(self, ARRANGING)
        slices = self.task_list.arranging()
        for _ in slices:  # there is more than one
            self._arrange_on(slices)
            break
        self.show_task_list()

    def sort(self, order: Order) -> None:
        """Show the tasks in another order."""
        self.task_list.sort(order)
        self.arrange_task_list()

    def go_back(self) -> None:
        """Go one step back: from the filter line, the panel, the zoom, the filter, the marks."""
        if self._filter_line is not None and self._filter_line.display:
            self.app.unfinished = Unfinished("filter", self._filter_line.input.value)
            self.focus_table()
            self._filter_line.close()
            self.find("")
            self.show_status()
        elif self.panel_focused or self.zoomed:
            self.focus_table()
        elif self.task_list.filter:
            self.task_list.show_all()
            self.arrange_task_list()
        else:
            self.unmark_all()

    def end_typing_elsewhere(self) -> None:
        """Put the filter line away, the filter kept, once the keyboard is elsewhere, as after a click."""
        line = self._filter_line
        if line is not None and line.display and self.focused is not None and not self.typing:
            self.table.let_cursor_go()
            line.close()

    def unmark_all(self) -> None:
        """Take all marks away."""
        self.table.unmark_all()
        self.show_status()

    def find(self, text: str) -> None:
        """Show only the lines that have these words."""
        if text != self.task_list.filter.text:
            self.task_list.find_words(text)
            self.arrange_task_list()

    def takes_key(self, event: events.Key) -> bool:
        """Return whether a key belongs to the line of the filter."""
        if not self.typing:
            return False
        bound = self.active_bindings.get(event.key)
        if bound is None or bound.node is not self.filter_line.input:
            return False
        return not bound.binding.action.startswith(SCROLLING)

    @on(SortRequested)
    def sort_by_header(self, event: SortRequested) -> None:
        """Sort by a column, or turn the order round if it is sorted by that already."""
        order = self.task_list.order
        self.sort(order.reversed() if event.key is order.key else Order(event.key))

    @on(Input.Changed, "#words")
    def find_while_typing(self, event: Input.Changed) -> None:
        """Filter while the words are typed."""
        self.find(event.value)

    @on(Input.Submitted, "#words")
    def keep_filter(self) -> None:
        """Keep the filter and go back to the table, to the task that is under the cursor now."""
        self.table.let_cursor_go()
        self.focus_table()
        self.filter_line.close()

    @work(group=ARRANGING)
    async def _arrange_on(self, slices: Iterator[None]) -> None:
        await let_others_work()
        for _ in slices:
            await let_others_work()
        self.show_task_list()


FLASHED_FOR = 10.0
"""Seconds for which a row shows that it changed just now."""

LATEST = 1.0
"""Seconds after midnight by which the new day is told at the latest."""


class TickingScreen(ListScreen):
    """A screen whose table, panel and status bar tell running times."""

    session: Session

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.pace: RefreshRate = USUAL
        """How often time passes here."""
        self.attended = True
        """Whether the terminal says that somebody looks at this pane."""
        self._ticker: Timer | None = None
        self._backoff: Timer | None = None
        """Ends when it is to be told again for how long no answer has come."""
        self._midnight: Timer | None = None
        """Ends with the day, which final tasks are told by as well."""
        self._flashes: dict[str, frozenset[str]] = {}
        """The ids whose rows show that they changed, and all that showed it last together with each."""

    @property
    @abstractmethod
    def time_matters(self) -> bool:
        """Whether anything on the screen changes by time alone."""

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
        self.session.engine.look_away()

    def look_back(self) -> None:
        """Catch up."""
        self.attended = True
        self.session.engine.look_back()
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
        if self._backoff is not None:
            self._backoff.stop()
            self._backoff = None
        seconds = self.session.state.link.next_step(self.session.clock.now()) if self.attended else None
        if seconds is not None:
            self._backoff = self.set_timer(seconds, self.show_status)

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
