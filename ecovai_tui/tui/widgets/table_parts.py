"""The parts of the table: its lines, with the gutter and the scroll bar, and what it tells the screen."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.message import Message

from ecovai_tui.language import tr
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tasks.text import ELLIPSIS, cell_width
from ecovai_tui.tui.widget_colours import Ground
from ecovai_tui.view.columns import ColumnKey, Placement, Row, columns_of, heading_spans, lay_out, row_spans
from ecovai_tui.view.frames import signs_of
from ecovai_tui.view.lines import ASCII_ELLIPSIS, Cell, Line, Span, Tone, chosen_clip_cell, fit_cell
from ecovai_tui.view.rows import FILE_AT

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
            return Line((Span(" " * (self.gutter - 1)), *fault.spans))
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
