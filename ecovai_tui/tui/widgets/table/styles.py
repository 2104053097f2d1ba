"""From lines to strips: the table's component styles, resolved once for each theme, and as few segments as can be."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.color import Color
from textual.css.styles import RenderStyles
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.interface.cells import Piece, Shade, Tone
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.widgets.table.lines import Ground, Line

PREFIX = "tasktable--"

KEPT = 500
"""Strips kept at most."""

_GROUND_CLASSES = {ground: f"{PREFIX}{ground}" for ground in Ground}
_TONE_CLASSES: dict[Tone, str] = {
    Shade.MUTED: f"{PREFIX}muted",
    Shade.WARNING: f"{PREFIX}warning",
    **{phase: f"{PREFIX}phase-{phase}" for phase in Phase},
}

COMPONENT_CLASSES = frozenset({*_GROUND_CLASSES.values(), *_TONE_CLASSES.values()})
"""The parts of the table that a style sheet can colour."""

_PHASE_STAND_INS = {
    Phase.WAITING: "text-muted",
    Phase.RUNNING: "text-secondary",
    Phase.STREAMING: "text-primary",
    Phase.DONE: "text-success",
    Phase.PARTIAL: "text-warning",
    Phase.FAILED: "text-error",
    Phase.MISSING: "text-warning",
    Phase.UNKNOWN: "text-warning",
}


def with_phase_colours(variables: Mapping[str, str]) -> dict[str, str]:
    """Return an app's style variables with a colour for each phase, taken from the theme where it has none of its own.

    An app returns this from ``get_css_variables``; without it Textual's own themes cannot be used with the table.
    """
    return {**{f"phase-{phase}": variables[name] for phase, name in _PHASE_STAND_INS.items()}, **variables}


CSS = "\n".join(
    (
        "TaskTable {",
        "    width: 1fr;",
        "    height: 1fr;",
        "    background: $surface;",
        "    color: $foreground;",
        f"    & > .{PREFIX}header {{ background: $panel; color: $foreground; text-style: bold; }}",
        f"    & > .{PREFIX}row {{ background: $surface; color: $foreground; }}",
        f"    & > .{PREFIX}cursor {{ background: $primary 30%; color: $foreground; }}",
        f"    & > .{PREFIX}cursor-blurred {{ background: $primary 15%; color: $foreground; }}",
        f"    & > .{PREFIX}muted {{ color: $text-muted; }}",
        f"    & > .{PREFIX}warning {{ color: $text-warning; }}",
        f"    &:ansi > .{PREFIX}cursor {{ background: ansi_default; color: ansi_default; text-style: reverse; }}",
        f"    &:ansi > .{PREFIX}cursor-blurred {{ background: ansi_default; color: ansi_default; text-style: bold; }}",
        *(f"    & > .{PREFIX}phase-{phase} {{ color: $phase-{phase}; }}" for phase in Phase),
        "}",
    )
)


class LineStyles:
    """The styles of all grounds and tones, looked up in the widget when first asked for."""

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

    def blank(self, width: int) -> Strip:
        """Return a strip of nothing."""
        return Strip.blank(width, self._style(Ground.ROW, Shade.PLAIN))

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
        return Strip([*segments, Segment(text, style or base)]).adjust_cell_length(width, base)

    def _style(self, ground: Ground, tone: Tone) -> Style:
        found = self._found.get((ground, tone))
        if found is None:
            found = self._found[ground, tone] = self._look_up(ground, tone)
        return found

    def _look_up(self, ground: Ground, tone: Tone) -> Style:
        style = self._widget.get_component_rich_style(_GROUND_CLASSES[ground])
        if tone not in _TONE_CLASSES or style.reverse:
            return style  # reversed tones would be a patchwork of backgrounds
        tone_styles = self._widget.get_component_styles(_TONE_CLASSES[tone])
        return style + Style(color=_on(style, tone_styles).rich_color)


def _on(ground: Style, tone: RenderStyles) -> Color:
    """Return the colour of a tone on a ground, where it may be translucent or left to the contrast."""
    if ground.bgcolor is None:
        return tone.color
    background = Color.from_rich_color(ground.bgcolor)
    return background + (background.get_contrast_text(tone.color.a) if tone.auto_color else tone.color)


def _pieces(line: Line) -> list[Piece]:
    return [piece for field in line.fields for piece in field.pieces]
