"""The table of tasks: its rows are pulled on demand from ordered ids, its cursor stays on its task."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from textual import events
from textual.message import Message

from ecovai_tui.store.ledger import Learned
from ecovai_tui.tasks.model import TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tui.widgets.cursor_view import HEADER_LINES, CursorView
from ecovai_tui.tui.widgets.table_lines import BAR, CSS, GUTTER, Composer, Ground, Line, LineCache, Lookup, RowState
from ecovai_tui.view.cells import clip_at
from ecovai_tui.view.columns import ColumnKey, Placement
from ecovai_tui.view.rows import RowContext, nothing_learned


class CursorMoved(Message):
    """Another task or another clip is under the cursor; the id is None in an empty table."""

    def __init__(self, id_: str | None, clip_index: int) -> None:
        super().__init__()
        self.id = id_
        self.clip_index = clip_index


class Activated(Message):
    """The task was chosen by a double click."""

    def __init__(self, id_: str) -> None:
        super().__init__()
        self.id = id_


class SortRequested(Message):
    """The header of a column was clicked."""

    def __init__(self, key: SortKey) -> None:
        super().__init__()
        self.key = key


CALM_STEP, CLOSE_STEP = 10, 5
"""Seconds to which running times are floored: everywhere, and in the row under the cursor."""

DOUBLE = 2
"""Clicks in quick succession that open a task."""


class TaskTable(CursorView):
    """Shows tasks in a given order.

    ``interval_of`` tells the seconds between two looks at a task, from which a line judges whether it is stale, and
    ``learned_of`` how long tasks like it took. The table has no keys of its own: the app binds keys to ``move``,
    ``move_pages``, ``move_clip`` and the others. It has no clock either: the app calls ``tick``.
    """

    DEFAULT_CSS = CSS

    CursorMoved = CursorMoved
    Activated = Activated
    SortRequested = SortRequested

    def __init__(
        self,
        interval_of: Callable[[TaskSummary, float], float],
        *,
        now: float,
        learned_of: Callable[[TaskSummary], Learned | None] = nothing_learned,
        empty_text: str = "",
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002 Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._row_context = RowContext(now, interval_of, step=CALM_STEP, ascii_only=ascii_only, learned_of=learned_of)
        self._cursor_context = self._row_context._replace(step=CLOSE_STEP)
        self._lookup: Lookup = nothing_known
        self._lines, self._composer = LineCache(), Composer(0, ascii_only=ascii_only)
        self._labelled = True
        self._order = Order()
        self._wanted_clip = 0
        self._marked: set[str] = set()
        self._changed: set[str] = set()
        self._empty_text = empty_text
        self._told: tuple[str | None, int] = (None, 0)

    def show(
        self, order: Sequence[str], lookup: Lookup, *, sorted_by: Order | None = None, labelled: bool = True
    ) -> None:
        """Show these ids in this order; the cursor and what is in view stay where they are.

        ``lookup`` is asked for a task whenever its line comes into view; None is an id of which nothing is known.
        ``labelled`` tells whether any task has a label, shown or not, so that there is a column for it.
        """
        self._lookup = lookup
        self._labelled = labelled
        self._order = sorted_by or self._order
        self.replace_ids(order)
        self.settle()

    def update_tasks(self, ids: Iterable[str]) -> None:
        """Repaint what differs of these tasks; those out of view cost nothing."""
        if not set(self.ids_in_view).isdisjoint(ids):
            self.settle()

    def tick(self, now: float, *, skew: float | None = None, calm: int = CALM_STEP, close: int = CLOSE_STEP) -> None:
        """Let time pass: running times, stale and stalled marks are judged anew.

        ``skew`` is the gateway's clock minus ours; ``calm`` and ``close`` are the seconds to which running times are
        floored in most rows and in the one under the cursor: on a slow link 60.
        """
        skew = self._row_context.skew if skew is None else skew
        self._row_context = self._row_context._replace(now=now, skew=skew, step=calm)
        self._cursor_context = self._row_context._replace(step=close)
        self.repaint_changes()

    @property
    def sort_keys(self) -> frozenset[SortKey]:
        """What the list can be sorted by and is seen in a column."""
        return frozenset(key for placement in self._composer.placements if (key := placement.column.sort))

    @property
    def clip_index(self) -> int:
        """Which clip of the task under the cursor is chosen, 0 where there is none to choose."""
        return max(0, min(self._wanted_clip, self._clip_count - 1))

    def move_clip(self, by: int) -> None:
        """Choose another clip of the task under the cursor; the choice is kept from row to row, where there is one."""
        self.choose_clip(self.clip_index + by)

    def choose_clip(self, index: int) -> None:
        """Choose a clip of the task under the cursor, or the nearest one that there is."""
        self._wanted_clip = max(0, min(index, self._clip_count - 1))
        self.settle()

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked ids that are shown, in their order: nothing is done to what nobody sees."""
        return tuple(id_ for id_ in self._listing.ids if id_ in self._marked) if self._marked else ()

    def toggle_mark(self) -> None:
        """Mark the task under the cursor, or unmark it."""
        if self.cursor_id is not None:
            self._marked ^= {self.cursor_id}
            self.repaint_changes()

    def unmark_all(self) -> None:
        """Take away all marks, also those of tasks that are filtered out."""
        self._marked.clear()
        self.repaint_changes()

    def flash(self, ids: Iterable[str]) -> None:
        """Show in the gutter that these tasks changed just now, until ``end_flash``."""
        self._changed.update(ids)
        self.repaint_changes()

    def end_flash(self, ids: Iterable[str] | None = None) -> None:
        """Stop showing that these tasks changed, or that any did."""
        self._changed.difference_update(set(self._changed) if ids is None else ids)
        self.repaint_changes()

    def next_id(self, accepts: Callable[[WatchedTask], bool], by: int = 1) -> str | None:
        """Return the next id below the cursor (above it with ``by`` -1) that is accepted, going round at the end."""
        ids, cursor = self._listing.ids, self._listing.cursor
        around = (ids[(cursor + by * distance) % len(ids)] for distance in range(1, len(ids) + 1))
        return next((id_ for id_ in around if (task := self._lookup(id_)) is not None and accepts(task)), None)

    @property
    def empty_text(self) -> str:
        """What an empty table says, in one or more lines."""
        return self._empty_text

    @empty_text.setter
    def empty_text(self, text: str) -> None:
        self._empty_text = text
        self.repaint_changes()

    def settle(self, lines: Iterable[int] | None = None) -> None:
        """Repaint what differs (in these lines of the view), and tell the app once of what is new under the cursor."""
        self.repaint_changes(lines)
        now = self.cursor_id, self.clip_index
        if now != self._told:
            self._told = now
            self.post_message(CursorMoved(*now))

    def lines_at(self, places: Iterable[int]) -> Iterator[Line]:
        """Yield what stands on these lines of the view, from 0 at its top."""
        top, bar, thumb = self.top, self.has_bar, self.thumb
        self._compose_for(self.view.width - (BAR if bar else 0))
        for y in places:
            line = self._content_at(y, top)
            yield self._composer.with_bar(line, in_thumb=y in thumb) if bar else line

    def _content_at(self, y: int, top: int) -> Line:
        if y < HEADER_LINES:
            return self._composer.header(self._order)
        id_ = self._listing.id_at(top + y - HEADER_LINES)
        return self._composer.text(self._message_line(y)) if id_ is None else self._row_line(id_)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to a row, choose a clip, open a task by a double click, or ask for an order."""
        if self.has_bar and event.x == self.view.width - BAR:
            return
        placement = self._composer.placement_at(event.x)
        if event.y < HEADER_LINES:
            self._ask_for_order(placement)
            return
        id_ = self._listing.id_at(self.top + event.y - HEADER_LINES)
        if id_ is not None:
            self._click_row(id_, event, placement)

    def _click_row(self, id_: str, event: events.Click, placement: Placement | None) -> None:
        """Act on what stood under the mouse at the click; the brackets around a clip come and go with the cursor."""
        bracketed = self.clip_index if id_ == self.cursor_id and self._clip_count > 1 else None
        self.move_to(id_)
        if event.chain == DOUBLE:
            self.post_message(Activated(id_))
        elif placement is not None and placement.column.key is ColumnKey.CLIPS:
            self._choose_clip_at(event.x - GUTTER - placement.x, placement.width, bracketed)

    def _ask_for_order(self, placement: Placement | None) -> None:
        if placement is not None and placement.column.sort is not None:
            self.post_message(SortRequested(placement.column.sort))

    def _choose_clip_at(self, x: int, width: int, bracketed: int | None) -> None:
        task = self._lookup(self.cursor_id) if self.cursor_id is not None else None
        if task is not None and task.summary.clip_phases:
            self.choose_clip(clip_at(x, task.summary.clip_phases, bracketed, width))

    def _row_line(self, id_: str) -> Line:
        at_cursor = id_ == self.cursor_id
        ground = (Ground.CURSOR if self.has_focus else Ground.CURSOR_BLURRED) if at_cursor else Ground.ROW
        state = RowState(ground, id_ in self._marked, id_ in self._changed, self.clip_index if at_cursor else None)
        context = self._cursor_context if at_cursor else self._row_context
        return self._lines.line(id_, self._lookup(id_), context, state, self._composer)

    def _message_line(self, y: int) -> str:
        if len(self._listing):
            return ""
        width = max(1, self.view.width - 2 * GUTTER)
        lines = [part for line in self._empty_text.splitlines() for part in textwrap.wrap(line, width) or [""]]
        place = y - HEADER_LINES - 1
        return lines[place] if 0 <= place < len(lines) else ""

    def _compose_for(self, width: int) -> None:
        if (width, self._labelled) != (self._composer.width, self._composer.labelled):
            self._composer = Composer(width, labelled=self._labelled, ascii_only=self._row_context.ascii_only)
            shown = ColumnKey.ID in self._composer.columns
            self._row_context = self._row_context._replace(id_in_column=shown)
            self._cursor_context = self._cursor_context._replace(id_in_column=shown)

    @property
    def _clip_count(self) -> int:
        task = self._lookup(self.cursor_id) if self.cursor_id is not None else None
        return len(task.summary.clip_phases) if task is not None else 0


def nothing_known(_id: str) -> WatchedTask | None:
    """Look a task up where there is none."""
    return None
