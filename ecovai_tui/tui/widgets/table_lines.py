"""The lines of the table: cells fitted to its columns, the gutter before them and the scroll bar behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ecovai_tui.tasks.selection import Order
from ecovai_tui.tasks.text import ELLIPSIS
from ecovai_tui.tui.widget_colours import Ground
from ecovai_tui.view.columns import GAP, ColumnKey, Placement, columns_of, lay_out
from ecovai_tui.view.frames import signs_of
from ecovai_tui.view.lines import ASCII_ELLIPSIS, Cell, Line, Span, Tone, chosen_clip_cell, fit_cell
from ecovai_tui.view.rows import Row

GUTTER = 3
"""Cells before the first column: one for the cursor, one for marks, one for changes."""

BAR = 1
"""Cells after the last column where the scroll bar stands, if there is one."""


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
    """Makes lines of one width (in cells) with one set of glyphs, with a column for labels or without."""

    def __init__(self, width: int, *, labelled: bool = True, ascii_only: bool = False) -> None:
        self.width = width
        self.labelled = labelled
        self.placements = lay_out(max(1, width - GUTTER), columns_of(labelled=labelled))
        self._gaps = [GAP] * (len(self.placements) - 1) + [0]
        self.ascii_only = ascii_only
        self.glyphs = ASCII_GLYPHS if ascii_only else Glyphs()
        self._frame = signs_of(ascii_only=ascii_only)

    @property
    def columns(self) -> frozenset[ColumnKey]:
        """What there is room for."""
        return frozenset(placement.column.key for placement in self.placements)

    def row(self, row: Row, state: RowState) -> Line:
        """Return the line of a task."""
        cells = [self._cell(row, state, placement) for placement in self.placements]
        return self._line(self._gutter(row, state), cells)

    def header(self, order: Order) -> Line:
        """Return the line of the column names, the one that is sorted by marked with its direction."""
        return self._line(Span(" " * GUTTER), [self._header_cell(placement, order) for placement in self.placements])

    def text(self, text: str) -> Line:
        """Return a line that says something where no row is."""
        spans = fit_cell(Cell((Span(text, Tone.MUTED),)), self.width - GUTTER, ellipsis=self.glyphs.ellipsis)
        return Line((Span(" " * GUTTER), *spans))

    def with_bar(self, line: Line, *, in_thumb: bool, edged: bool = False) -> Line:
        """Return the line with its part of the scroll bar, which where it is ``edged`` is the frame's right edge."""
        if in_thumb:
            return Line((*line.spans, Span(self._frame.thumb, Tone.MUTED)))
        return Line((*line.spans, Span(self._frame.upright if edged else " ", Tone.LINE)))

    def placement_at(self, x: int) -> Placement | None:
        """Return the column that a cell of the line belongs to, None in the gutter."""
        return next((place for place in reversed(self.placements) if place.x <= x - GUTTER), None)

    def _cell(self, row: Row, state: RowState, placement: Placement) -> Cell:
        if placement.column.key is ColumnKey.CLIPS and state.chosen_clip is not None and len(row.clip_phases) > 1:
            return chosen_clip_cell(row.clip_phases, state.chosen_clip, placement.width, ascii_only=self.ascii_only)
        return row.cell(placement.column.key)

    def _header_cell(self, placement: Placement, order: Order) -> Cell:
        column = placement.column
        if column.sort is not order.key:
            return Cell((Span(column.header),))
        arrow = self.glyphs.rising if order.reverse else self.glyphs.falling
        return Cell((Span(f"{column.header} {arrow}"),))

    def _gutter(self, row: Row, state: RowState) -> Span:
        cursor = " " if state.ground is Ground.PLAIN else self.glyphs.cursor
        marked = self.glyphs.marked if state.marked else " "
        changed = self.glyphs.changed if state.changed else " "
        return Span(f"{cursor}{marked}{changed}", row.phase)

    def _line(self, gutter: Span, cells: Sequence[Cell]) -> Line:
        """No gap follows the last cell."""
        spans, ellipsis = [gutter], self.glyphs.ellipsis
        for (column, _, width), gap, cell in zip(self.placements, self._gaps, cells, strict=True):
            spans += fit_cell(cell, width, right=column.right, ellipsis=ellipsis, gap=gap)
        return Line(tuple(spans))
