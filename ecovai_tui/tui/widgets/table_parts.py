"""What the table is made of: ordered ids in a window with a cursor, the lines with their gutter, and its messages."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from textual.message import Message

from ecovai_tui.language import tr
from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tasks.text import ELLIPSIS, cell_width
from ecovai_tui.tui.widget_colours import Ground
from ecovai_tui.view.columns import Placement, Row, columns_of, heading_spans, lay_out, row_spans
from ecovai_tui.view.lines import ASCII_ELLIPSIS, Cell, Line, Span, Tone, cut_spans, fit_cell, signs_of
from ecovai_tui.view.rows import FILE_AT, chosen_clip_cell

EDGE = 5
"""Rows by which the window moves on when the cursor leaves it: one large paint for five keys."""


class Listing:
    """Ids in their order, the index of the one under the cursor, and the rows that are in view."""

    def __init__(self, page_rows: Callable[[], int] = lambda: 1) -> None:
        """``page_rows`` returns how many rows fit into the window now, at least one."""
        self.ids: list[str] = []
        self.cursor = 0
        self._page_rows = page_rows
        self._page_before = page_rows()
        self._top = 0
        self._former: Sequence[str] = ()
        """The ids from before the list became empty, in which the cursor still has its place."""
        self._held: str | None = None
        """The id to which the cursor comes back whenever it is there."""
        self.marked: dict[str, None] = {}
        """The marked ids, shown or not, in the order in which they were marked."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def top(self) -> int:
        """The index of the first row in view."""
        return max(0, min(self._top, len(self.ids) - self.page_rows))

    @property
    def page_rows(self) -> int:
        """How many rows fit into the window."""
        return self._page_rows()

    @property
    def in_view(self) -> Sequence[str]:
        """The ids whose rows are in view."""
        return self.ids[self.top : self.top + self.page_rows]

    @property
    def has_bar(self) -> bool:
        """Whether there are more rows than fit into the window."""
        return len(self.ids) > self.page_rows

    @property
    def thumb(self) -> range:
        """The rows of the window that the thumb of the scroll bar covers."""
        return thumb(self.top, self.page_rows, len(self.ids))

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor, None in an empty list."""
        return self.ids[self.cursor] if self.ids else None

    def toggle_mark(self) -> None:
        """Mark the id under the cursor, or unmark it."""
        if self.cursor_id in self.marked:
            del self.marked[self.cursor_id]
        elif self.cursor_id is not None:
            self.marked[self.cursor_id] = None

    def mark_to_cursor(self) -> None:
        """Mark all from the id that was marked last to the cursor; the cursor's alone where that is not shown."""
        last = self.index_of(next(reversed(self.marked), ""))
        first, end = sorted((self.cursor if last is None else last, self.cursor))
        self.marked |= dict.fromkeys(self.ids[first : end + 1])

    def id_at(self, index: int) -> str | None:
        """Return the id at an index, None where there is none."""
        return self.ids[index] if 0 <= index < len(self.ids) else None

    def index_of(self, id_: str) -> int | None:
        """Return where an id stands, None where it does not."""
        try:
            return self.ids.index(id_)
        except ValueError:
            return None

    def move_to(self, index: int) -> None:
        """Put the cursor on an index, or on the nearest one that there is, and hold no other id any more."""
        if self.ids:
            self._held = None
            self.cursor = self._nearest(index)
        self._bring_into_view()

    def scroll_to(self, top: int) -> None:
        """Let the window begin at a row; the cursor stays where it is, be it out of view."""
        self._top = max(0, min(top, len(self.ids) - self.page_rows))

    def drag_thumb(self, row: int) -> None:
        """Scroll so that the middle of the thumb is at a row of the window."""
        self.scroll_to(top_at(row, self.page_rows, len(self.ids)))

    def resize(self) -> None:
        """Keep the cursor in view if it was before the window's size changed."""
        was_in_view = self.top <= self.cursor < self.top + self._page_before
        self._page_before = self.page_rows
        if was_in_view:
            self._bring_into_view()

    def hold(self) -> None:
        """Let the cursor come back to its id whenever that is there, until it is moved or let go."""
        self._held = self.cursor_id or self._held

    def let_go(self) -> None:
        """Let the cursor stay wherever it is."""
        self._held = None

    def replace(self, order: Sequence[str]) -> None:
        """Take new ids; the cursor stays on its id, else it goes to the next one below that is left, else above.

        What is in view stays where it is. The cursor's place outlasts an empty list.
        """
        before, line = self.ids, self.cursor - self.top
        in_view = 0 <= line < self.page_rows
        anchor = self.cursor if in_view else self.top
        line = anchor - self.top
        self._replace_ids(order)
        if before and order:
            index = self._heir(before, anchor)
            stays_at_top = self.top == 0 and index < self.page_rows
            self._top = 0 if stays_at_top else index - line
        if order and (in_view or not before):
            self._bring_into_view()

    def _replace_ids(self, order: Sequence[str]) -> None:
        before = self.ids or self._former
        self.ids = list(order)
        if not self.ids:
            self._former = before
            return
        held = None if self._held is None else self.index_of(self._held)
        self.cursor = self._nearest(self._heir(before, self.cursor) if held is None else held)

    def _heir(self, before: Sequence[str], index: int) -> int:
        """Return where the id at an index of a former order is now, or the next one below it that is left, or above."""
        if not before or before[index] == self.id_at(index):
            return index
        if (kept := self.index_of(before[index])) is not None:
            return kept
        places = {id_: place for place, id_ in enumerate(self.ids)}
        candidates = (*before[index:], *reversed(before[:index]))
        return next((places[id_] for id_ in candidates if id_ in places), index)

    def _nearest(self, index: int) -> int:
        return max(0, min(index, len(self.ids) - 1))

    def _bring_into_view(self) -> None:
        edge = min(EDGE, (self.page_rows + 1) // 2)
        if self.cursor < self.top:
            self._top = self.cursor - edge + 1
        elif self.cursor >= self.top + self.page_rows:
            self._top = self.cursor - self.page_rows + edge


@lru_cache(maxsize=8)
def thumb(top: int, page: int, total: int) -> range:
    """Return the lines of the page that the thumb covers, none where all rows are in view.

    It touches an end of the bar only where the view does. Each line of the page asks for the same.
    """
    if total <= page:
        return range(0)
    length = min(max(1, page * page // total), max(1, page - 1))
    free, last = page - length, total - page
    start = top * free // last
    if free > 1 and 0 < top < last:
        start = min(max(1, start), free - 1)
    return range(start, start + length)


def top_at(line: int, page: int, total: int) -> int:
    """Return the first row in view once the middle of the thumb was dragged to a line of the page."""
    length = len(thumb(0, page, total))
    free = max(1, page - length)
    return round((line - length // 2) * (total - page) / free)


GUTTER, NARROW_GUTTER = 3, 2
"""Cells before the first column: one for the cursor, one for marks or changes, and a blank where there is room."""

NARROW = 56
"""Cells below which there is none."""

MARGIN, BAR = 1, 1
"""Cells after the last column: one that is free, and the one where the thumb or the frame's edge stands."""


class RowState(NamedTuple):
    """What the table knows of a row beside its task."""

    ground: Ground = Ground.PLAIN
    marked: bool = False
    changed: bool = False
    """True for a moment after something about the task changed."""
    chosen_clip: int | None = None
    """The clip to show in brackets, in the row under the cursor alone."""


class Glyphs(NamedTuple):
    """The signs of the gutter and the header, each one cell wide."""

    cursor: str = "❯"
    marked: str = "✱"
    changed: str = "∆"
    falling: str = "▾"
    rising: str = "▴"
    ellipsis: str = ELLIPSIS


ASCII_GLYPHS = Glyphs(">", "*", "^", "v", "^", ASCII_ELLIPSIS)


class Composer:
    """Makes lines of one width (in cells) with one set of glyphs, with a column for labels or without.

    ``chosen`` names the columns that there are, none for the usual ones.
    """

    def __init__(
        self, width: int, *, labelled: bool = True, ascii_only: bool = False, chosen: Sequence[str] = ()
    ) -> None:
        self.width = width
        self.labelled = labelled
        self.gutter = GUTTER if width >= NARROW else NARROW_GUTTER
        self.placements = lay_out(max(1, width - self.gutter), columns_of(labelled=labelled, chosen=chosen))
        self.ascii_only = ascii_only
        self.glyphs = ASCII_GLYPHS if ascii_only else Glyphs()
        self._frame = signs_of(ascii_only=ascii_only)

    @property
    def columns(self) -> frozenset[ColumnKey]:
        """What there is room for."""
        return frozenset(placement.column.key for placement in self.placements)

    def row(self, row: Row, state: RowState) -> Line:
        """Return the line of a task."""
        strong = state.ground is not Ground.PLAIN
        clips, ellipsis = self._chosen_clip(row, state), self.glyphs.ellipsis
        spans = row_spans(row, self.placements, clips=clips, strong=strong, ellipsis=ellipsis)
        return Line((self._gutter(state), *spans))

    def header(self, order: Order, fault: Line | None = None) -> Line:
        """Return the line of the column names, the one that is sorted by marked, or a fault in their place."""
        if fault is not None:
            told = cut_spans(fault.spans, self.width - self.gutter, self.glyphs.ellipsis)
            return Line((Span(" " * (self.gutter - 1)), *told))
        texts = [self._heading(placement, order) for placement in self.placements]
        return Line((Span(" " * self.gutter), *heading_spans(self.placements, texts)))

    def text(self, text: str) -> Line:
        """Return a line that says something where no row is."""
        spans = fit_cell(Cell((Span(text, Tone.MUTED),)), self.width - self.gutter, ellipsis=self.glyphs.ellipsis)
        return Line((Span(" " * self.gutter), *spans))

    def edge(self, *, in_thumb: bool, edged: bool = False) -> Span:
        """Return the last cell of a line: a part of the thumb, or where it is ``edged`` of the frame's right edge."""
        if in_thumb:
            return Span(self._frame.thumb, Tone.MUTED)
        return Span(self._frame.upright if edged else " ", Tone.LINE)

    def placement_at(self, x: int) -> Placement | None:
        """Return the column that a cell of the line belongs to, None in the gutter."""
        return next((place for place in reversed(self.placements) if place.x <= x - self.gutter), None)

    def _chosen_clip(self, row: Row, state: RowState) -> Cell | None:
        """Return the clips with the chosen one in brackets, None where none is chosen."""
        width = next((place.width for place in self.placements if place.column.key is ColumnKey.CLIPS), 0)
        if not width or state.chosen_clip is None or len(row.clip_phases) < 2:  # noqa: PLR2004  # one needs no brackets
            return None
        cell = chosen_clip_cell(row.clip_phases, state.chosen_clip, width, ascii_only=self.ascii_only)
        filed = row.cell(ColumnKey.CLIPS).text[FILE_AT:].strip()
        room = width - cell_width(cell.text) - len(filed)
        return Cell((*cell.spans, Span(" " * room + filed))) if filed and room >= 0 else cell

    def _heading(self, placement: Placement, order: Order) -> Span:
        column = placement.column
        if column.sort is not order.key:
            return Span(tr(column.header), Tone.MUTED)
        arrow = self.glyphs.rising if order.reverse else self.glyphs.falling
        return Span(f"{tr(column.header)} {arrow}", Tone.STRONG)

    def _gutter(self, state: RowState) -> Span:
        cursor = " " if state.ground is Ground.PLAIN else self.glyphs.cursor
        news = self.glyphs.marked if state.marked else self.glyphs.changed if state.changed else " "
        return Span(f"{cursor}{news}{' ' * (self.gutter - NARROW_GUTTER)}", Tone.ACCENT)


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
