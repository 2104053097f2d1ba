"""From lines with tones to strips with styles: shared by every widget that shows plain lines."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.pages.lines import Line, Tone

TONE_CLASSES = {*(f"tone--{tone}" for tone in Tone), *(f"phase--{phase}" for phase in Phase)}
"""Component classes that a widget needs in order to show tones."""


def tone_styles(widget: Widget) -> Mapping[Tone | Phase, Style]:
    """Return the style of each tone on the widget's own background."""
    classes: dict[Tone | Phase, str] = {tone: f"tone--{tone}" for tone in Tone}
    classes.update({phase: f"phase--{phase}" for phase in Phase})
    return {tone: widget.get_component_rich_style(name) for tone, name in classes.items()}


def strip_of(line: Line, width: int, base: Style, styles: Mapping[Tone | Phase, Style]) -> Strip:
    """Return a line as a strip of exactly so many cells."""
    segments = [Segment(span.text, base + styles[span.tone]) for span in line.spans if span.text]
    return Strip(segments).adjust_cell_length(width, base)
