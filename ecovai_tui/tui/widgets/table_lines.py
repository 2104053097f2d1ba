"""Lines of the table: composed from rows, styled for the theme, and kept for the rows lately in view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Order
from ecovai_tui.tasks.text import ELLIPSIS
from ecovai_tui.tui.widget_colours import LineColours, palette_of
from ecovai_tui.view.cells import ASCII_ELLIPSIS, Cell, Piece, Pieces, Shade, Tone, chosen_clip_cell, fit_cell
from ecovai_tui.view.columns import GAP, ColumnKey, Placement, columns_of, lay_out
from ecovai_tui.view.rows import Row, RowContext, build_row

GUTTER = 3
"""Cells before the first column: one for the cursor, one for marks, one for changes."""

BAR = 1
"""Cells after the last column where the scroll bar stands, if there is one."""


class Ground(StrEnum):
    """What kind of line it is; each has its own background."""

    HEADER = "header"
    ROW = "row"
    CURSOR = "cursor"
    CURSOR_BLURRED = "cursor-blurred"


class Field(NamedTuple):
    """The pieces that fill a part of a line exactly; in cells."""

    x: int
    width: int
    pieces: Pieces


class Line(NamedTuple):
    """A whole line of the table."""

    ground: Ground
    fields: tuple[Field, ...]

    @property
    def width(self) -> int:
        """How many cells it takes."""
        return self.fields[-1].x + self.fields[-1].width


class RowState(NamedTuple):
    """What the table knows of a row beside its task."""

    ground: Ground = Ground.ROW
    marked: bool = False
    changed: bool = False
    """True for a moment after something about the task changed."""
    chosen_clip: int | None = None
    """The clip to show in brackets, in the row under the cursor alone."""


class Glyphs(NamedTuple):
    """The signs of the gutter and the header; each is one cell wide, also where ambiguous characters are two."""

    cursor: str = "❯"
    marked: str = "✱"
    changed: str = "∆"
    falling: str = "▾"
    rising: str = "▴"
    thumb: str = "▐"
    ellipsis: str = ELLIPSIS


ASCII_GLYPHS = Glyphs(">", "*", "^", "v", "^", "#", ASCII_ELLIPSIS)


class Composer:
    """Makes lines of one width (in cells) with one set of glyphs, with a column for labels or without."""

    def __init__(self, width: int, *, labelled: bool = True, ascii_only: bool = False) -> None:
        self.width = width
        self.labelled = labelled
        self.placements = lay_out(max(1, width - GUTTER), columns_of(labelled=labelled))
        self._gaps = [GAP] * (len(self.placements) - 1) + [0]
        self.ascii_only = ascii_only
        self.glyphs = ASCII_GLYPHS if ascii_only else Glyphs()

    @property
    def columns(self) -> frozenset[ColumnKey]:
        """What there is room for."""
        return frozenset(placement.column.key for placement in self.placements)

    def row(self, row: Row, state: RowState) -> Line:
        """Return the line of a task."""
        cells = [self._cell(row, state, placement) for placement in self.placements]
        return Line(state.ground, (self._gutter(row, state), *self._fields(cells)))

    def header(self, order: Order) -> Line:
        """Return the line of the column names, the one that is sorted by marked with its direction."""
        cells = [self._header_cell(placement, order) for placement in self.placements]
        return Line(Ground.HEADER, (Field(0, GUTTER, (Piece(" " * GUTTER),)), *self._fields(cells)))

    def text(self, text: str) -> Line:
        """Return a line that says something where no row is."""
        pieces = fit_cell(Cell((Piece(text, Shade.MUTED),)), self.width - GUTTER, ellipsis=self.glyphs.ellipsis)
        return Line(Ground.ROW, (Field(0, self.width, (Piece(" " * GUTTER), *pieces)),))

    def with_bar(self, line: Line, *, in_thumb: bool) -> Line:
        """Return the line with its part of the scroll bar."""
        sign = Piece(self.glyphs.thumb if in_thumb else " ", Shade.MUTED)
        return Line(line.ground, (*line.fields, Field(self.width, BAR, (sign,))))

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
            return Cell((Piece(column.header),))
        arrow = self.glyphs.rising if order.reverse else self.glyphs.falling
        return Cell((Piece(f"{column.header} {arrow}"),))

    def _gutter(self, row: Row, state: RowState) -> Field:
        cursor = " " if state.ground is Ground.ROW else self.glyphs.cursor
        marked = self.glyphs.marked if state.marked else " "
        changed = self.glyphs.changed if state.changed else " "
        return Field(0, GUTTER, (Piece(f"{cursor}{marked}{changed}", row.phase),))

    def _fields(self, cells: Sequence[Cell]) -> list[Field]:
        """No gap follows the last one."""
        fields, ellipsis = [], self.glyphs.ellipsis
        for (column, x, width), gap, cell in zip(self.placements, self._gaps, cells, strict=True):
            pieces = fit_cell(cell, width, right=column.right, ellipsis=ellipsis, gap=gap)
            fields.append(Field(x + GUTTER, width + gap, pieces))
        return fields


def difference(before: Line | None, after: Line) -> tuple[int, int] | None:
    """Return the first cell that differs and how many cells there are to the last; None where nothing differs."""
    if before is None or before.ground is not after.ground or len(before.fields) != len(after.fields):
        return 0, after.width
    changed = [new for old, new in zip(before.fields, after.fields, strict=True) if old != new]
    if not changed:
        return None
    return changed[0].x, changed[-1].x + changed[-1].width - changed[0].x


KEPT = 500
"""Strips kept at most."""

CURSORS = frozenset({Ground.CURSOR, Ground.CURSOR_BLURRED})

_SHADES = {Shade.MUTED: "text-muted", Shade.WARNING: "text-warning"}

CSS = "TaskTable { width: 1fr; height: 1fr; background: $surface; color: $foreground; }"


class LineStyles:
    """The styles of all grounds and tones, looked up in the theme when first asked for."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._found: dict[tuple[Ground, Tone], Style] = {}
        self._strips: LRUCache[tuple[Line, int], Strip] = LRUCache(KEPT)

    def forget(self) -> None:
        """Look everything up anew: the theme changed."""
        self._found.clear()
        self._strips.clear()

    def strip(self, line: Line, width: int) -> Strip:
        """Return the line as a strip of so many cells."""
        strip = self._strips.get((line, width))
        if strip is None:
            strip = self._strips[line, width] = self._make(line, width)
        return strip

    def _make(self, line: Line, width: int) -> Strip:
        """Blanks take the colour beside them: each change of colour costs about 40 bytes."""
        segments: list[Segment] = []
        text, style = "", None
        for piece in _pieces(line):
            wanted = style if not piece.text.strip() else self._style(line.ground, piece.tone)
            if style is None or wanted is style:
                text, style = text + piece.text, wanted
                continue
            segments.append(Segment(text, style))
            text, style = piece.text, wanted
        base = self._style(line.ground, Shade.PLAIN)
        segments.append(Segment(text, style or base))
        return Strip(segments, line.width).adjust_cell_length(width, base)

    def _style(self, ground: Ground, tone: Tone) -> Style:
        found = self._found.get((ground, tone))
        if found is None:
            found = self._found[ground, tone] = self._look_up(ground, tone)
        return found

    def _look_up(self, ground: Ground, tone: Tone) -> Style:
        style = self._ground_style(ground)
        if tone is Shade.PLAIN or style.reverse:
            return style  # reversed tones would be a patchwork of backgrounds
        palette, on = palette_of(self._widget.app), self._colours(ground).ground
        colour = palette.phase(tone, on) if isinstance(tone, Phase) else palette.colour(_SHADES[tone], on)
        return style + Style(color=colour.rich_color)

    def _ground_style(self, ground: Ground) -> Style:
        if ground in CURSORS and self._widget.app.native_ansi_color:
            blurred = ground is Ground.CURSOR_BLURRED
            return self._widget.rich_style + (Style(bold=True) if blurred else Style(reverse=True))
        background, foreground = self._colours(ground)
        bold = True if ground is Ground.HEADER else None
        return Style(color=foreground.rich_color, bgcolor=background.rich_color, bold=bold)

    def _colours(self, ground: Ground) -> LineColours:
        row, palette = self._widget.background_colors[1], palette_of(self._widget.app)
        if ground in CURSORS:
            return palette.cursor(row, blurred=ground is Ground.CURSOR_BLURRED)
        background = palette.colour("panel", row) if ground is Ground.HEADER else row
        return LineColours(background, palette.colour("foreground", background))


def _pieces(line: Line) -> list[Piece]:
    return [piece for field in line.fields for piece in field.pieces]


LINES_KEPT = 500
"""Lines kept at most; a viewport has about 50."""

Lookup: TypeAlias = Callable[[str], WatchedTask | None]


class _Entry(NamedTuple):
    watched: WatchedTask | None
    context: RowContext
    state: RowState
    composer: Composer
    line: Line


class LineCache:
    """Keeps the line of each id with all that it was made from; those are compared by identity, which costs nothing."""

    def __init__(self) -> None:
        self._entries: LRUCache[str, _Entry] = LRUCache(LINES_KEPT)

    def line(
        self, id_: str, watched: WatchedTask | None, context: RowContext, state: RowState, composer: Composer
    ) -> Line:
        """Return the line of a task, or of an id of which nothing is known."""
        entry = self._entries.get(id_)
        if entry is not None and self._holds(entry, watched, context, composer) and entry.state == state:
            return entry.line
        line = composer.row(build_row(watched or WatchedTask(TaskSummary(id_)), context), state)
        self._entries.discard(id_)  # Textual's cache never puts another value in the place of one
        self._entries[id_] = _Entry(watched, context, state, composer, line)
        return line

    @staticmethod
    def _holds(entry: _Entry, watched: WatchedTask | None, context: RowContext, composer: Composer) -> bool:
        return entry.watched is watched and entry.context is context and entry.composer is composer
