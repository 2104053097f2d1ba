"""The one screen: status bar, table, panel, footer, wired to the task list and to the engine's updates."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.timer import Timer
from textual.worker import Worker

from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.ui_state import UiState
from ecovai_tui.tasks.changes import Aspect
from ecovai_tui.tui.list_screen import TickingScreen
from ecovai_tui.tui.pages.status import title_text
from ecovai_tui.tui.reports import Reports
from ecovai_tui.tui.task_loader import TaskLoader
from ecovai_tui.tui.toasts import SHOWN_FOR, Toast, Toasts
from ecovai_tui.tui.widgets.area import Area
from ecovai_tui.tui.widgets.line_bar import LineBar
from ecovai_tui.tui.widgets.notice import Notice
from ecovai_tui.tui.widgets.task_table import Activated, CursorMoved, TaskTable

if TYPE_CHECKING:
    from ecovai_tui.engine.engine import Engine
    from ecovai_tui.engine.updates import Update
    from ecovai_tui.tui.app import MonitorApp
    from ecovai_tui.tui.pages.panel_page import Subject
    from ecovai_tui.tui.toasts import Gravity
    from ecovai_tui.tui.widgets.panel import Panel


RESTED_AFTER = 0.1
"""Seconds after which the panel follows the cursor."""


MOMENT = 0.5
"""Seconds after which a request takes long, so that the status bar says that it is under way."""

OLD_NEWS = 10.0
"""Seconds for which the status bar says that the gateway was asked."""

SLICES_TOLD = 20
"""Slices of a long list after which the screen shows what has come so far."""


class MainScreen(TickingScreen):
    """Shows the board, performs the actions, and follows the monitor."""

    def __init__(self, app: MonitorApp) -> None:
        super().__init__(app.size)
        self.session = app.session
        self.reports = Reports(app, self.task_list)
        self.table = TaskTable(
            self.reports.interval_of,
            now=self.session.clock.now(),
            learned_of=self.reports.learned_of,
            ascii_only=app.options.ascii,
            id="table",
        )
        self._status_bar, self._notice, self._footer = LineBar(id="status"), Notice(id="notice"), LineBar(id="footer")
        self._task_loader = TaskLoader(app.session.replica, self.task_list)
        self._loading: Worker[None] | None = None
        self._resting: Timer | None = None
        self._asking: tuple[Timer, ...] = ()
        self.toasts = Toasts()
        self._said: Notice | None = None
        self._talking: Timer | None = None
        """Ends when what was said last has stood for its time."""

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield self._status_bar
        yield self._notice
        with Area(id="body"):
            yield self.table
            yield self._panel_place
        yield self._footer

    def on_mount(self) -> None:
        """Show what is known, and begin to listen."""
        self._take_up(self.app.memory.state)
        self._task_loader.load_first()
        self.show_task_list()
        self.focus_table()
        if self.app.options.slow_link:
            self.slow_down()
        self.call_after_refresh(self._go_on_loading)

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self.session.engine

    def perform(self, action_id: str) -> None:
        """Perform an action of the registry; one that takes its time does so beside the event loop's other work."""
        from ecovai_tui.tui.actions.handlers import HANDLERS  # noqa: PLC0415  # not needed for the first paint

        waiting = HANDLERS[action_id](self)
        if waiting is not None or self.app.asks(action_id):
            self.app.typed_ahead.hold()
        if waiting is not None:
            self.run_worker(self._finish(waiting))

    def say(self, text: str, *, title: str = "", gravity: Gravity = "information") -> None:
        """Show a toast."""
        self.app.say(text, title=title, gravity=gravity)

    def show_toast(self, toast: Toast) -> None:
        """Say something in the place of the footer, for its time."""
        self.toasts.add(toast)
        if self._talking is not None:
            self._talking.stop()
        self._talking = self.set_timer(SHOWN_FOR, self._stop_talking)
        self._show_toasts()

    def take_old_toasts_away(self) -> None:
        """Bring the footer back where a warning has stood for long enough and somebody is there."""
        if self.toasts.take_key():
            self._show_toasts()

    def show_status(self) -> None:
        """Bring status bar, notice and footer up to date."""
        marked = len(self.table.marked)
        self._status_bar.lay_out(lambda width: self.reports.status_line(marked, width))
        in_panel, typing = self.panel_focused, self.typing
        self._footer.lay_out(lambda width: self.reports.footer_line(width, in_panel=in_panel, typing=typing))
        self._notice.show(self.reports.notices())
        self.set_class(self.reports.unusual, "-unusual")
        self.app.window_title.show(self._title())
        self.tick_or_rest()

    @property
    def look(self) -> UiState:
        """How the screen is now, as far as that is remembered from run to run."""
        return UiState(
            order=self.task_list.order,
            panel=not self.has_class("-panel-off"),
            tab=self.app.memory.state.tab if self._panel is None else self._panel.tab_name,
        )

    def tell_asked(self) -> None:
        """Say that the gateway is being asked, or was: once that is so, or once it takes long."""
        for timer in self._asking:
            timer.stop()
        self.reports.asked_at = self.session.clock.now()
        self._asking = self.set_timer(MOMENT, self.show_status), self.set_timer(OLD_NEWS, self._forget_asking)

    def read_subject(self) -> Subject | None:
        """Read all that is known of the task under the cursor."""
        return self.reports.subject(self.table.cursor_id, self.table.clip_index)

    def make_panel(self) -> Panel:
        """Return the panel with the tab that was shown last."""
        from ecovai_tui.tui.widgets.panel import Panel  # noqa: PLC0415  # not needed for the first paint

        return Panel(tab=self.app.memory.state.tab, ascii_only=self.app.options.ascii)

    def fill_panel(self) -> None:
        """Let the panel show what is under the cursor, unless it is away."""
        if self.panel_shown:
            try:
                subject = self.read_subject()
            except ReplicaBusy:  # only where the file system knows no write-ahead log
                self._resting = self.set_timer(RESTED_AFTER, self.fill_panel)
                return
            self.panel.show(subject, self.reports.moment(self.table.cursor_id))

    def follow_engine(self, update: Update) -> None:
        """Take in what the monitor found out, unless this screen is being taken down."""
        if not self.display:
            return
        ids = update.changed | update.seen
        self.reports.learn(update)
        if self._task_loader.take(update):
            self.show_task_list()
        else:
            self.table.update_tasks(ids)
            self.show_status()
        self.flash(frozenset(change.id for change in update.changes if change.what is not Aspect.APPEARED))
        if self.attended:
            self.pass_time(update.link.skew)
        if self.table.cursor_id in ids:
            self.fill_panel()
        self.reports.announce(update, self)
        self._go_on_loading()

    def engine_failed(self, error: BaseException | None) -> None:
        """Say that what is shown is no longer kept up to date, and why."""
        self.reports.failure = f"The monitor stopped by an error of its own: {error!r}. Leave and start again."
        self.show_status()

    @property
    def time_matters(self) -> bool:
        """Whether anything is under way, or counted down."""
        return self.task_list.active or self.reports.counts_down

    def tick(self) -> None:
        """Let time pass on the screen."""
        self.pass_time(self.session.state.link.skew)
        self.show_status()
        if self._panel is not None and self.panel_shown:
            self._panel.pass_time(self.reports.moment(self.table.cursor_id))

    def on_key(self, event: events.Key) -> None:
        """Perform the action of a key, unless it is one that the line of the filter needs for editing."""
        if self.takes_key(event):
            return
        action_id = self.app.action_of(event, in_panel=self.panel_focused)
        if action_id is not None:
            event.stop()
            event.prevent_default()
            self.perform(action_id)

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """Perform the action that was clicked."""
        self.perform(event.action)

    @on(CursorMoved)
    def follow_cursor(self) -> None:
        """Let the panel follow once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        if self._panel is None or not self._panel.is_about(self.table.cursor_id, self.table.clip_index):
            self._resting = self.set_timer(RESTED_AFTER, self.fill_panel)

    @on(Activated)
    def open_task(self) -> None:
        """Go to the panel of the task."""
        self.focus_panel()

    def on_descendant_focus(self) -> None:
        """Show the keys that work here."""
        self.end_typing_elsewhere()
        self.show_status()

    def panel_opened(self) -> None:
        """Fill the panel, which is not kept up while it is away."""
        self.call_after_refresh(self.fill_panel)

    def _stop_talking(self) -> None:
        self.toasts.grow_old()
        self._show_toasts()

    def _show_toasts(self) -> None:
        """Let the footer give its place to what is said; that is made when it is first needed."""
        if self._said is None:
            self._said = Notice(id="said")
            self.mount(self._said, after=self._footer)
        lines = self.toasts.lines
        self._said.show(lines)
        self._footer.set_class(bool(lines), "-away")

    def _forget_asking(self) -> None:
        self.reports.asked_at = None
        self.show_status()

    def _title(self) -> str:
        name = "demo" if self.app.options.demo else self.session.settings.profile or ""
        state = self.session.state
        return title_text(name, self.task_list.counts, state.link, state.role)

    def _take_up(self, left: UiState) -> None:
        """Begin as the screen was left."""
        self.task_list.order = left.order
        self.set_class(not left.panel, "-panel-off")

    def _go_on_loading(self) -> None:
        if self._task_loader.behind and (self._loading is None or self._loading.is_finished):
            self._loading = self.run_worker(self._load_rest())

    async def _load_rest(self) -> None:
        slices = 0
        async for _ in self._task_loader.load_rest():
            slices += 1
            if slices % SLICES_TOLD == 0:
                self.show_task_list()
        if slices:
            self.show_task_list()

    async def _finish(self, waiting: Awaitable[None]) -> None:
        try:
            await waiting
        except StoreError as error:
            self.say(str(error), gravity="error")
        finally:
            self.app.call_later(self.app.typed_ahead.hand_over)
