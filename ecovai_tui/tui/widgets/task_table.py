"""The table of tasks: its rows are pulled on demand from ordered ids, its cursor stays on its task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.store.ledger import Learned
from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tui.widget_colours import Ground, LineStyles
from ecovai_tui.tui.widgets.lines import Words
from ecovai_tui.tui.widgets.table_parts import (
    BAR,
    MARGIN,
    Activated,
    Composer,
    CursorMoved,
    Listing,
    RowState,
    SortRequested,
)
from ecovai_tui.view.columns import Placement
from ecovai_tui.view.first_start import Emptiness
from ecovai_tui.view.lines import Line, Span
from ecovai_tui.view.rows import RowContext, build_row, clip_at, nothing_learned, nothing_told

Lookup = Callable[[str], WatchedTask | None]
"""Finds a task by its id; None is an id of which nothing is known."""

CALM_STEP, CLOSE_STEP = 10, 5
"""Seconds to which running times are floored: everywhere, and in the row under the cursor."""

DOUBLE, WHEEL = 2, 3
"""Clicks in quick succession that open a task, and rows for one notch of the wheel."""

KEPT = 500
"""Rows kept as they were drawn; a window has about 50."""


class TaskTable(Widget, can_focus=True, inherit_bindings=False):
    """Shows tasks in a given order.

    ``interval_of`` returns the seconds between two polls of a task, from which a line judges whether it is stale,
    ``learned_of`` how long tasks like it took, and ``told_of`` what is told of it for the moment. Running times are
    floored to ``steps`` of seconds, in most rows and in that of the cursor. It has no keys and no clock of its own.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "TaskTable { width: 1fr; height: 1fr; background: $background; color: $foreground; }"

    def __init__(
        self,
        interval_of: Callable[[TaskSummary, float], float],
        *,
        now: float,
        learned_of: Callable[[TaskSummary], Learned | None] = nothing_learned,
        told_of: Callable[[str], str] = nothing_told,
        steps: tuple[int, int] = (CALM_STEP, CLOSE_STEP),
        columns: Sequence[str] = (),
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002 Textual's name
    ) -> None:
        super().__init__(id=id)
        self._heads = 1
        """Lines of the window that the names of the columns take, 0 for none."""
        self._fault: Line | None = None
        self._edged = False
        """Whether the last column is the right edge of a frame."""
        self.listing = Listing(lambda: self.page_rows)
        """Which ids there are, where the cursor is, and what is in view."""
        context = RowContext(now, interval_of, ascii_only=ascii_only, learned_of=learned_of, told_of=told_of)
        self._row_context, self.cursor_context = (context._replace(step=step) for step in steps)
        """What rows, and the one under the cursor, depend on beside their tasks."""
        self._lookup: Lookup = lambda _id: None
        self._composer, self._styles = Composer(0, ascii_only=ascii_only), LineStyles(self)
        self._drawn, self._drawn_line = lru_cache(KEPT)(self._draw), lru_cache(KEPT)(self._strip)
        self._labelled, self._chosen, self._order = True, columns, Order()
        self._changed: set[str] = set()
        self.emptiness = Emptiness(lambda _width, _height: ())
        """What is shown while there is no row."""
        self._reported: tuple[str | None, int] = (None, 0)
        self._wanted_clip, self._dragging = 0, False

    def take_room(self, *, heads: bool, edged: bool) -> None:
        """Show the names of the columns or not, and the right edge of a frame in the last column or not."""
        if (self._heads, self._edged) != (int(heads), edged):
            self._heads, self._edged = int(heads), edged
            self._forget_drawn()
            self.listing.resize()
            self.refresh()

    def tell_fault(self, fault: Line | None) -> None:
        """Say what is wrong with the filter in the place of the columns' names, None where nothing is."""
        if fault != self._fault:
            self._fault = fault
            self.refresh()

    def show(
        self, order: Sequence[str], lookup: Lookup, *, sorted_by: Order | None = None, labelled: bool = True
    ) -> None:
        """Show these ids in this order; the cursor and what is in view stay where they are.

        ``lookup`` is asked for a task whenever its line comes into view; None is an id of which nothing is known.
        ``labelled`` tells whether any task has a label, shown or not, so that there is a column for it.
        """
        self._lookup, self._labelled = lookup, labelled
        self._order = sorted_by or self._order
        self.listing.replace(order)
        self._settle()

    def update_tasks(self, ids: Iterable[str]) -> None:
        """Draw these tasks again; those out of view cost nothing."""
        if not set(self.ids_in_view).isdisjoint(ids):
            self._settle()

    def tick(self, now: float, *, skew: float | None = None) -> None:
        """Let time pass: running times, stale and stalled marks are judged again.

        ``skew`` is the gateway's clock minus ours.
        """
        skew = self._row_context.skew if skew is None else skew
        self._row_context = self._row_context._replace(now=now, skew=skew)
        self.cursor_context = self.cursor_context._replace(now=now, skew=skew)
        self._drawn.cache_clear()
        self.refresh()

    @property
    def ids(self) -> Sequence[str]:
        """All ids in their order."""
        return self.listing.ids

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor, None in an empty table."""
        return self.listing.cursor_id

    @property
    def top(self) -> int:
        """The index of the first row in view."""
        return self.listing.top

    @property
    def page_rows(self) -> int:
        """How many rows fit into the window, at least one."""
        return max(1, self._window.height - self._heads)

    @property
    def ids_in_view(self) -> Sequence[str]:
        """The ids whose rows are in view."""
        return self.listing.in_view

    def move(self, rows: int) -> None:
        """Move the cursor by so many rows; below zero is up."""
        self._go(self.listing.cursor + rows)

    def move_to(self, id_: str) -> bool:
        """Move the cursor to an id, and return whether it is shown."""
        if (index := self.listing.index_of(id_)) is not None:
            self._go(index)
        return index is not None

    def scroll_rows(self, top: int) -> None:
        """Let the view begin at a row; the cursor stays where it is."""
        self.listing.scroll_to(top)
        self.refresh()

    @property
    def sort_keys(self) -> frozenset[SortKey]:
        """What the list can be sorted by and is seen in a column."""
        return frozenset(key for placement in self._composer.placements if (key := placement.column.sort))

    @property
    def clip_index(self) -> int:
        """Which clip of the task under the cursor is chosen, 0 where there is none to choose."""
        return max(0, min(self._wanted_clip, len(self._clip_phases) - 1))

    def move_clip(self, by: int) -> None:
        """Choose another clip of the task under the cursor; the choice is kept from row to row, where there is one."""
        self.choose_clip(self.clip_index + by)

    def choose_clip(self, index: int) -> None:
        """Choose a clip of the task under the cursor, or the nearest one that there is."""
        self._wanted_clip = max(0, min(index, len(self._clip_phases) - 1))
        self._settle()

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked ids that are shown, in their order: nothing is done to what nobody sees."""
        return tuple(filter(self.listing.marked.__contains__, self.listing.ids)) if self.listing.marked else ()

    def toggle_mark(self, *, all_to_here: bool = False) -> None:
        """Mark the task under the cursor, or unmark it; or mark all from the one that was marked last to it."""
        (self.listing.mark_to_cursor if all_to_here else self.listing.toggle_mark)()
        self.refresh()

    def unmark_all(self) -> None:
        """Take away all marks, also those of tasks that are filtered out."""
        self.listing.marked.clear()
        self.refresh()

    def flash(self, ids: Iterable[str]) -> None:
        """Show in the gutter that these tasks changed just now, until ``end_flash``."""
        self._changed.update(ids)
        self.refresh()

    def end_flash(self, ids: Iterable[str]) -> None:
        """Stop showing that these tasks changed."""
        self._changed.difference_update(ids)
        self.refresh()

    def next_id(self, accepts: Callable[[WatchedTask], bool], by: int = 1) -> str | None:
        """Return the next id below the cursor (above it with ``by`` -1) that is accepted, going round at the end."""
        ids, cursor = self.listing.ids, self.listing.cursor
        around = (ids[(cursor + by * distance) % len(ids)] for distance in range(1, len(ids) + 1))
        return next((id_ for id_ in around if (task := self._lookup(id_)) is not None and accepts(task)), None)

    def line_at(self, y: int) -> Line:
        """Return what stands on one line of the window, from 0 at its top, without the scroll bar."""
        self._fit_columns()
        id_ = self._id_at(y)
        if id_ is not None:
            return self._composer.row(build_row(self._watched(id_), self._context_of(id_)), self._state_of(id_))
        if y < self._heads_now:
            return self._composer.header(self._order, self._fault)
        return self._line_of_nothing(y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return a part of the window; Textual's own way also makes borders and padding, and filters rows each time."""
        filters, ground = self.get_line_filters(), self.background_colors[1]
        strips = [self.render_line(y) for y in crop.line_range]
        for line_filter in filters:
            strips = [strip.apply_filter(line_filter, ground) for strip in strips]
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Return one line of the window; rows are drawn once, until something about them changes."""
        self._fit_columns()
        id_, bar = self._id_at(y), self._bar_at(y)
        if id_ is not None:
            return self._drawn(self._watched(id_), self._context_of(id_), self._state_of(id_), self._composer, bar)
        return self._drawn_line(self.line_at(y), Ground.PLAIN, bar, self._window.width)

    def notify_style_update(self) -> None:
        """Forget the colours of the former theme."""
        super().notify_style_update()
        self._styles.forget()
        self._forget_drawn()

    def _forget_drawn(self) -> None:
        self._drawn.cache_clear()
        self._drawn_line.cache_clear()

    def on_focus(self) -> None:
        """Show that the keyboard is here, or no longer."""
        self.refresh()

    on_blur = on_focus

    def on_resize(self) -> None:
        """Keep the cursor in view when the window shrinks."""
        self.listing.resize()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the view, not the cursor."""
        event.stop()
        self.scroll_rows(self.top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the view, not the cursor."""
        event.stop()
        self.scroll_rows(self.top - WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if self._is_on_bar(event) and event.y >= self._heads:
            self._dragging = True
            self.capture_mouse()
            self.on_mouse_move(event)

    def on_mouse_move(self, event: events.MouseEvent) -> None:
        """Drag the scroll bar."""
        if self._dragging:
            self.listing.drag_thumb(event.y - self._heads)
            self.refresh()

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let the scroll bar go."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to a row, choose a clip, open a task by a double click, or ask for an order."""
        placement = self._composer.placement_at(event.x)
        if self._is_on_bar(event):
            return
        if (id_ := self._id_at(event.y)) is not None:
            self._click_row(id_, event, placement)
        elif event.y < self._heads and placement is not None and placement.column.sort is not None:
            self.post_message(SortRequested(placement.column.sort))

    def _click_row(self, id_: str, event: events.Click, placement: Placement | None) -> None:
        """Act on what stood under the mouse at the click; the brackets around a clip come and go with the cursor."""
        bracketed = self.clip_index if id_ == self.cursor_id and len(self._clip_phases) > 1 else None
        self.move_to(id_)
        if event.chain == DOUBLE:
            self.post_message(Activated(id_))
        elif placement is not None and placement.column.key is ColumnKey.CLIPS:
            x = event.x - self._composer.gutter - placement.x
            if phases := self._clip_phases:
                self.choose_clip(clip_at(x, phases, bracketed, placement.width))

    def _go(self, index: int) -> None:
        """Move the cursor; where no row moves, the one that it leaves and its own are all that is drawn."""
        top, left = self.listing.top, self.listing.cursor
        self.listing.move_to(index)
        rows = (left, self.listing.cursor) if top == self.listing.top else ()
        self._settle(*(Region(0, self._heads + row - top, self._window.width, 1) for row in rows))

    def _settle(self, *regions: Region) -> None:
        """Draw the table, or parts of it, and report once what is new under the cursor."""
        self.refresh(*regions)
        if (now := (self.cursor_id, self.clip_index)) != self._reported:
            self._reported = now
            self.post_message(CursorMoved(*now))

    def _is_on_bar(self, event: events.MouseEvent) -> bool:
        return self._has_bar and event.x == self._window.width - BAR

    @property
    def _window(self) -> Size:
        """The cells of the whole widget; ``size`` says the same, but looks at all styles first."""
        return self.outer_size

    def _id_at(self, y: int) -> str | None:
        return None if y < self._heads else self.listing.id_at(self.top + y - self._heads)

    def _watched(self, id_: str) -> WatchedTask:
        return self._lookup(id_) or WatchedTask(TaskSummary(id_))

    def _context_of(self, id_: str) -> RowContext:
        return self.cursor_context if id_ == self.cursor_id else self._row_context

    def _state_of(self, id_: str) -> RowState:
        marked, changed = id_ in self.listing.marked, id_ in self._changed
        if id_ != self.cursor_id:
            return RowState(Ground.PLAIN, marked, changed)
        near = isinstance(self.screen.focused, TaskTable | Words)  # words of a filter are typed in the table's edge
        return RowState(Ground.CURSOR if near else Ground.CURSOR_BLURRED, marked, changed, self.clip_index)

    def _bar_at(self, y: int) -> bool | None:
        """Return whether the thumb of the scroll bar covers a line, None where there is no bar."""
        return y - self._heads in self.listing.thumb if self._has_bar else None

    @property
    def _has_bar(self) -> bool:
        """Whether the last column is a scroll bar or an edge."""
        return self._edged or self.listing.has_bar

    def _draw(
        self, watched: WatchedTask, context: RowContext, state: RowState, composer: Composer, bar: bool | None
    ) -> Strip:
        return self._strip(composer.row(build_row(watched, context), state), state.ground, bar, self._window.width)

    def _strip(self, line: Line, ground: Ground, bar: bool | None, width: int) -> Strip:
        if bar is None:
            return self._styles.strip(line, width, ground)
        edge = Line((self._composer.edge(in_thumb=bar, edged=self._edged),))
        return Strip.join((self._styles.strip(line, width - BAR, ground), self._styles.strip(edge, BAR)))

    @property
    def _heads_now(self) -> int:
        return self._heads if len(self.listing) or self.emptiness.heads else 0

    def _line_of_nothing(self, y: int) -> Line:
        if len(self.listing):
            return Line((Span(" " * self._composer.width),))
        return self.emptiness.line(y - self._heads_now, self._composer.width, self._window.height - self._heads_now)

    def _fit_columns(self) -> None:
        """Lay the columns out for the width that there is."""
        width = max(1, self._window.width - MARGIN - BAR)
        if (width, self._labelled) != (self._composer.width, self._composer.labelled):
            ascii_only = self._row_context.ascii_only
            self._composer = Composer(width, labelled=self._labelled, ascii_only=ascii_only, chosen=self._chosen)

    @property
    def _clip_phases(self) -> Sequence[Phase]:
        """Those of the task under the cursor."""
        task = self._lookup(self.cursor_id) if self.cursor_id is not None else None
        return task.summary.clip_phases if task is not None else ()
