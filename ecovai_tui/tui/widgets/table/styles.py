"""From lines to strips: the styles of all grounds and tones, resolved once for each theme, and few segments."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.interface.cells import Piece, Shade, Tone
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.widgets.palette import LineColours, palette_of
from ecovai_tui.tui.widgets.table.lines import Ground, Line

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
