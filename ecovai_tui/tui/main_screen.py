"""The one screen: status bar, table, panel, footer, wired to the task list and to the engine's updates."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from textual import events, on
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.language import tr
from ecovai_tui.store.replica import Estimates
from ecovai_tui.store.ui_state import UiState
from ecovai_tui.tasks.judging import Aspect
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import FAILED_PHASES, Order
from ecovai_tui.tui.file_controller import FileController
from ecovai_tui.tui.keyboard import SCREEN_BINDINGS, fault_line, performing, typing_line
from ecovai_tui.tui.list_controller import ListController
from ecovai_tui.tui.pages.status import (
    LITTLE_QUOTA,
    MESSAGES,
    PHASE_PRESS,
    Status,
    quota_in_words,
    status_line,
    steady_median,
    title_text,
)
from ecovai_tui.tui.panel_controller import PanelController, room_of
from ecovai_tui.tui.task_list import TaskList, TaskLoader
from ecovai_tui.tui.ticker import SLOW, USUAL, Ticker
from ecovai_tui.tui.toasts import ToastController
from ecovai_tui.tui.widget_colours import Ground
from ecovai_tui.tui.widgets.lines import Area, LineBar
from ecovai_tui.tui.widgets.table_parts import Activated, CursorMoved, SortRequested
from ecovai_tui.tui.widgets.task_table import TaskTable
from ecovai_tui.view.actions import Place

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.worker import Worker

    from ecovai_tui.engine.updates import Update
    from ecovai_tui.tasks.model import TaskSummary
    from ecovai_tui.tui.context import Context
    from ecovai_tui.view.lines import Line

MOMENT = 0.5
"""Seconds after which a request takes long, so that the status bar says that it is under way."""

OLD_NEWS = 10.0
"""Seconds for which the status bar says that the gateway was asked."""

SLICES_TOLD = 20
"""Slices of a long list after which the screen shows what has come so far."""


class MainScreen(Screen[None], inherit_bindings=False):
    """Shows the task list, and follows the engine; what a key does, the app is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = SCREEN_BINDINGS

    def __init__(self, context: Context, size: Size) -> None:
        """Take the layout of the window's size while there is nothing to style yet; Textual does so much later."""
        room = room_of(size)
        super().__init__(classes=" ".join(name for name, holds in room.classes.items() if holds))
        self.context, session = context, context.session
        self.task_list, estimates = TaskList(), Estimates(session.replica)
        rate = SLOW if context.options.slow_link else USUAL
        self.files = FileController(self, context, self.task_list, show=self._show_files, take_in=self.follow_engine)
        self.table = TaskTable(
            self._interval_of,
            now=session.clock.now(),
            learned_of=estimates.of,
            told_of=self.files.told_of,
            steps=(rate.calm, rate.close),
            columns=session.settings.columns,
            ascii_only=context.options.ascii,
            id="table",
        )
        self.ticker = Ticker(self, session, rate, tick=self.tick, show_status=self.show_status)
        self.listing = ListController(self, context, self.task_list, self.table, self.show_status)
        self.panes = PanelController(self, context, self.task_list, self.table, self.files)
        self._estimates, self._task_loader = estimates, TaskLoader(session, self.task_list)
        self._status_bar, self._footer = LineBar(strong=True, id="status"), LineBar(id="footer")
        self._loading: Worker[None] | None = None
        self._asking: tuple[Timer, ...] = ()
        self._median: float | None = None
        """Seconds that a reply usually takes, as it was shown last."""
        self._asked_at: float | None = None
        """When the user last asked for an answer now, None once that is old news."""
        self.failure = ""
        """Why the engine ended, if it did so by an error of its own."""
        self.toasts = ToastController(
            self,
            self.panes.place,
            session.clock.now,
            self._show_footer,
            messages_key=context.keyboard.key_of(MESSAGES),
            ascii_only=context.options.ascii,
        )
        self._styled = False

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield self._status_bar
        with Area(id="body"):
            with self.panes.table_place:
                yield self.table
            yield self.panes.place
        yield self._footer

    def on_mount(self) -> None:
        """Show what is known, as the screen was left."""
        left = self.context.ui_state.state
        self.task_list.order = left.order
        self.panes.show_panel(on=left.panel)
        self._task_loader.load_first()
        self.listing.show()
        self.panes.focus_table()
        self.call_after_refresh(self._go_on_loading)

    @property
    def behind(self) -> bool:
        """Whether there are tasks that are not read yet."""
        return self._task_loader.behind

    @property
    def look(self) -> UiState:
        """How the screen is now, as far as that is remembered from run to run."""
        return UiState(order=self.task_list.order, panel=self.panes.wanted, tab=self.panes.tab_name)

    async def perform(self, action_id: str) -> None:
        """Have the app perform an action of the registry."""
        await self.run_action(performing(action_id))

    def show_status(self) -> None:
        """Bring status bar, footer and title up to date."""
        context, now, status = self.context, self.context.session.clock.now, self._status
        self._status_bar.stand_on(Ground.TROUBLE if status.troubled else Ground.PLAIN)
        self._status_bar.lay_out(lambda width: status_line(status, now(), width))
        self.listing.tell_emptiness()
        self.set_class(not len(self.task_list), "-vacant")
        self.toasts.show_again()
        self._tell_filter()
        filtered = not self.panes.wide and (self.task_list.filter or self.listing.filter_open)
        self.set_class(bool(filtered or status.link.paused or status.troubled), "-unusual")
        name = "demo" if context.options.demo else context.session.settings.profile or ""
        context.window_title.show(title_text(name, self.task_list.counts, status.link))
        self.ticker.tick_or_rest(time_matters=self.task_list.active, rows_in_view=bool(self.table.ids_in_view))

    def _tell_filter(self) -> None:
        """Say which tasks are shown: in the table's edge, and where the words of a filter are typed."""
        task_list, listing, hits = self.task_list, self.listing, self._count_in_words()
        words = f"/ {task_list.filter.text.strip()}" if task_list.filter.query else task_list.filter_in_words
        self.panes.table_place.tell(words or tr("Tasks"), hits)
        if listing.filter_open:
            listing.filter_line.tell_hits(hits)
        self.table.tell_fault(self._fault_line(self.size.width) if self.panes.wide else None)

    def _fault_line(self, width: int) -> Line | None:
        """Return what is wrong with the words of the filter, None where nothing is."""
        fault, ascii_only = self.listing.fault, self.context.options.ascii
        if fault is None or not self.listing.typing:
            return None
        return fault_line(fault.sentence, self.task_list.filter_in_words, width, ascii_only=ascii_only)

    def _show_footer(self) -> None:
        place, typing = self._place, self.listing.typing
        self._footer.lay_out(lambda width: self._footer_line(width, place, typing=typing))

    def tick(self) -> None:
        """Let time pass on the screen."""
        self._pass_time(self.context.session.state.link.skew)
        self.show_status()
        self.panes.pass_time()

    def follow_engine(self, update: Update) -> None:
        """Take in what the engine found out, unless this screen is being taken down."""
        if not self.display:
            return
        ids = update.changed | update.seen
        self._estimates.learn(update.changes)
        if update.unknown is not None:
            self.task_list.unsettled = {row.id: row for row in update.unknown}
        if self._task_loader.take(update) or update.unknown is not None:
            self.listing.show()
        else:
            self.table.update_tasks(ids)
            self.show_status()
        self.listing.flash(frozenset(change.id for change in update.changes if change.what is not Aspect.APPEARED))
        if self.ticker.attended:
            self._pass_time(update.link.skew)
        if self.table.cursor_id in ids:
            self.panes.fill()
        self._announce(update)
        self.files.follow_engine(update)
        self._go_on_loading()

    def engine_failed(self, error: BaseException | None) -> None:
        """Say that what is shown is no longer kept up to date, and why."""
        self.failure = tr("The monitor stopped by an error of its own: {error!r}. Leave and start again.", error=error)
        self.show_status()

    def tell_asked(self) -> None:
        """Say that the gateway is being asked, or was: once that is so, or once it takes long."""
        for timer in self._asking:
            timer.stop()
        self._asked_at = self.context.session.clock.now()
        self._asking = self.set_timer(MOMENT, self.show_status), self.set_timer(OLD_NEWS, self._forget_asking)

    async def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """Perform the action that was clicked, or show what was counted."""
        if event.action.startswith(PHASE_PRESS):
            self.listing.toggle(f"phase:{event.action.removeprefix(PHASE_PRESS)}")
        else:
            await self.perform(event.action)

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the window is too small."""
        room = room_of(event.size)
        self.update_classes(room.classes, animate=False)
        self.panes.take_room(room)
        if self.listing.filter_open:
            line, panes = self.listing.filter_line, self.panes
            self.call_after_refresh(lambda: line.stand_over(panes.filter_place, panes.filter_edge))
        self.set_class(bool(room.too_small), "-tiny")
        if room.too_small and (known := self.query("#too-small")):
            known.only_one(Static).update(room.too_small)
        elif room.too_small:
            self.mount(Static(room.too_small, id="too-small", markup=False))

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Do not style everything a second time when the screen appears first: that is a sixth of the start."""
        event.refresh_styles, self._styled = self._styled, True
        self.panes.show_focus()
        self.toasts.show_again()

    def on_screen_suspend(self) -> None:
        """Leave the accent to the dialog that opens."""
        self.panes.show_focus()

    def on_descendant_focus(self) -> None:
        """Show the keys that work here."""
        self.listing.end_typing_elsewhere()
        self.table.refresh()
        self.panes.show_focus()
        self.show_status()

    @on(CursorMoved)
    def follow_cursor(self) -> None:
        """Show the keys that work here, and let the panel follow once the cursor rests."""
        self._show_footer()
        self.panes.follow_cursor()

    @on(Activated)
    async def open_task(self) -> None:
        """Go to the panel of the task."""
        await self.perform("panel")

    @on(SortRequested)
    def sort_by_header(self, event: SortRequested) -> None:
        """Sort by a column, or turn the order round if it is sorted by that already."""
        order = self.task_list.order
        self.listing.sort(order.reversed() if event.key is order.key else Order(event.key))

    @on(Input.Changed, "#words")
    def find_while_typing(self, event: Input.Changed) -> None:
        """Filter while the words are typed."""
        self.listing.find(event.value)

    @on(Input.Submitted, "#words")
    def keep_filter(self) -> None:
        """Keep the filter and go back to the table, unless there is something in it to be put right."""
        if self.listing.fault:
            return
        self.panes.focus_table()
        self.listing.keep_filter()

    def _interval_of(self, summary: TaskSummary, now: float) -> float:
        return interval_of(summary, now, self.context.session.state.pace)

    @property
    def _status(self) -> Status:
        """What the status bar tells."""
        settings, state, task_list = self.context.session.settings, self.context.session.state, self.task_list
        self._median = steady_median(state.link.latencies, self._median)
        words = "" if self.panes.wide or self.listing.filter_open else task_list.filter_in_words  # where not told there
        return Status(
            gateway=urlsplit(settings.base_url).netloc,
            profile=settings.profile or "",
            counts=task_list.counts,
            filter=words and tr("{count}: {filter}", count=self._count_in_words(), filter=words),
            link=state.link,
            heard_at=task_list.heard_at,
            asked_at=self._asked_at,
            interval=state.pace,
            median=self._median,
            quota=quota_in_words(state.link.quota_left),
            quota_low=state.link.quota_left is not None and state.link.quota_left < LITTLE_QUOTA,
            refresh_key=self.context.keyboard.key_of("refresh"),
            demo=self.context.options.demo,
            ascii=self.context.options.ascii,
            files=self.files.summary,
            failure=self.failure,
            problem=state.problem,
            messages_key=self.context.keyboard.key_of(MESSAGES),
        )

    def _count_in_words(self) -> str:
        total = len(self.task_list)
        if self.task_list.filter:
            return tr("{n} of {count}", n=len(self.task_list.shown), count=total)
        return tr("{n} watched", n=total) if total or self.listing.removed else tr("none yet")

    @property
    def _place(self) -> Place:
        """Where the keyboard is, and what it is on."""
        if self.panes.zoomed:
            return Place.ZOOM
        if self.panes.focused:
            return Place.PANEL
        if self.table.marked:
            return Place.MARKS
        cursor = self.task_list.find(self.table.cursor_id or "")
        if cursor is None:
            return Place.EMPTY
        return Place.FAILURE if cursor.summary.phase in FAILED_PHASES else Place.TABLE

    @property
    def _hidden_actions(self) -> tuple[str, ...]:
        """The actions that cannot be done now: without a finished clip there is no file to keep."""
        found = self.task_list.find(self.table.cursor_id) if self.table.cursor_id else None
        kept = found is not None and Phase.DONE in found.summary.clip_phases
        return () if kept or self.table.marked else ("download",)

    def _footer_line(self, width: int, place: Place, *, typing: bool) -> Line:
        keyboard, ascii_only = self.context.keyboard, self.context.options.ascii
        if not self.panes.wide and (told := self._fault_line(width)):
            return told
        if (said := self.toasts.row(width)) is not None:
            return said
        if typing:
            return typing_line(keyboard.key_of("back"), width, looking=self.listing.looking, ascii_only=ascii_only)
        marked = len(self.table.marked) if place is Place.MARKS else 0
        return keyboard.footer(place, width, marked, self._hidden_actions)

    def _pass_time(self, skew: float) -> None:
        self.table.tick(self.context.session.clock.now(), skew=skew)

    def _announce(self, update: Update) -> None:
        """Say aloud what became final, and what the engine wants to be seen once."""
        told = self.toasts.tell_ends(
            update.changes, self.context.session.clock.monotonic(), self.task_list.find, self.table.cursor_id
        )
        if told is not None:
            self.context.announce(told.toast, shown=told.shown, rings=told.rings, asks=told.asks)
        if update.notice:
            self.context.say(update.notice, gravity="warning")

    def _show_files(self, ids: frozenset[str]) -> None:
        """Show how far the downloads of tasks are."""
        self._pass_time(self.context.session.state.link.skew)
        self.show_status()
        if self.table.cursor_id in ids:
            self.panes.fill()

    def _forget_asking(self) -> None:
        self._asked_at = None
        self.show_status()

    def _go_on_loading(self) -> None:
        self._estimates.read_later()
        if (self._task_loader.behind or self._estimates.wanted) and (
            self._loading is None or self._loading.is_finished
        ):
            self._loading = self.run_worker(self._load_rest())
        elif not self._task_loader.behind:
            self.listing.prepare()

    async def _load_rest(self) -> None:
        slices = 0
        if self._estimates.wanted:
            await self.context.session.worker.run(self._estimates.read)
            self.listing.show()
        async for _ in self._task_loader.load_rest():
            slices += 1
            if slices % SLICES_TOLD == 0:
                self.listing.show()
        if slices:
            self.listing.show()
        self.listing.prepare()
