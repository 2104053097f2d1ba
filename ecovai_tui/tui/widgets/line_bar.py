"""A widget of one line that repaints only when the line differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.pages.lines import Line, Tone
from ecovai_tui.tui.widgets.tones import strip_of, tone_styles


class LineBar(Widget):
    """One line, laid out anew for each width; spans that name an action can be clicked."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "LineBar { height: 1; }"

    @dataclass
    class Pressed(Message):
        """A span was clicked that stands for an action."""

        action: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lay_out: Callable[[int], Line] = lambda _width: Line()
        self._line = Line()
        self._styles: Mapping[Tone | Phase, Style] | None = None

    @property
    def line(self) -> Line:
        """The line as it stands on the screen."""
        return self._line

    def lay_out(self, lay_out: Callable[[int], Line]) -> None:
        """Show what the function returns for the width in cells, now and after each change of the width."""
        self._lay_out = lay_out
        self._renew()

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self._renew()

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles = None

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002  # Textual's signature
        """Take all the width there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """Render the line; any line below it is blank."""
        if self._styles is None:
            self._styles = tone_styles(self)
        shown = self._line if y == 0 else Line()
        return strip_of(shown, self.size.width, self.rich_style, self._styles)

    def on_click(self, event: events.Click) -> None:
        """Press the span under the pointer."""
        at = 0
        for span in self._line.spans:
            at += span.width
            if event.x < at:
                if span.action:
                    self.post_message(self.Pressed(span.action))
                return

    def _renew(self) -> None:
        line = self._lay_out(self.size.width)
        if line != self._line:
            self._line = line
            self.refresh()
