"""From lines with tones to strips with styles: shared by every widget that shows plain lines."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.pages.lines import Line, Tone
from ecovai_tui.tui.widgets.palette import palette_of

_COLOURS = {Tone.MUTED: "text-muted", Tone.TAG: "text-accent", Tone.ALERT: "text-warning"}
_BOLD = frozenset({Tone.HEADING, Tone.STRONG, Tone.TAG, Tone.ALERT})


class ToneStyles(dict[Tone | Phase, Style]):
    """The style of each tone on a widget's own ground, looked up when it is first asked for."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.ground = widget.rich_style
        self._background = widget.background_colors[1]
        self._palette = palette_of(widget.app)

    def __missing__(self, tone: Tone | Phase) -> Style:
        """Look a tone up in the theme."""
        style = self[tone] = self.ground + self._style(tone)
        return style

    def _style(self, tone: Tone | Phase) -> Style:
        if isinstance(tone, Phase):
            return Style(color=self._palette.phase(tone, self._background).rich_color)
        bold = True if tone in _BOLD else None
        if tone not in _COLOURS:
            return Style(bold=bold)
        return Style(color=self._palette.colour(_COLOURS[tone], self._background).rich_color, bold=bold)


def strip_of(line: Line, width: int, styles: ToneStyles) -> Strip:
    """Return a line as a strip of exactly so many cells."""
    segments = [Segment(span.text, styles[span.tone]) for span in line.spans if span.text]
    return Strip(segments).adjust_cell_length(width, styles.ground)
