"""From lines with tones to strips with styles: shared by every widget that shows plain lines."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.css.styles import RenderStyles
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.pages.lines import Line, Tone

TONE_CLASSES = {*(f"tone--{tone}" for tone in Tone), *(f"phase--{phase}" for phase in Phase)}
"""Component classes that a screen needs so that its widgets show tones; in every widget they would slow the start."""


def tone_styles(widget: Widget) -> Mapping[Tone | Phase, Style]:
    """Return the style of each tone on the widget's own background."""
    classes: dict[Tone | Phase, str] = {tone: f"tone--{tone}" for tone in Tone}
    classes.update({phase: f"phase--{phase}" for phase in Phase})
    background = widget.background_colors[1]
    return {tone: _style(widget.screen.get_component_styles(name), background) for tone, name in classes.items()}


def strip_of(line: Line, width: int, base: Style, styles: Mapping[Tone | Phase, Style]) -> Strip:
    """Return a line as a strip of exactly so many cells."""
    segments = [Segment(span.text, base + styles[span.tone]) for span in line.spans if span.text]
    return Strip(segments).adjust_cell_length(width, base)


def _style(tone: RenderStyles, background: Color) -> Style:
    """Return a tone on a background; its colour may be translucent or left to the contrast."""
    if not tone.has_rule("color"):
        return tone.text_style
    color = background.get_contrast_text(tone.color.a) if tone.auto_color else tone.color
    return tone.text_style + Style(color=(background + color).rich_color)
