"""A widget of one line that repaints only when the line differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from ecovai_tui.tui.pages.lines import Line, Span
from ecovai_tui.tui.widget_colours import ToneStyles, strip_of
from ecovai_tui.tui.widgets.area import Area


class LineBar(Area):
    """One line, laid out anew for each width; spans that name an action can be clicked."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "LineBar { height: 1; }"

    class Pressed(Message):
        """A span was clicked that stands for an action."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lay_out: Callable[[int], Line] = lambda _width: Line()
        self._line = Line()
        self._styles: ToneStyles | None = None

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
            self._styles = ToneStyles(self)
        shown = self._line if y == 0 else Line()
        return strip_of(shown, self.size.width, self._styles)

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
        before, self._line = self._line, self._lay_out(self.size.width)
        if self._line != before:
            self.refresh(_difference(before, self._line, self.size.width))


def _difference(before: Line, after: Line, width: int) -> Region:
    """Return the cells of a line of so many that two lines do not have in common."""
    start = _common(before.spans, after.spans)
    same_width = sum(span.width for span in before.spans) == sum(span.width for span in after.spans)
    end = width - _common(before.spans[::-1], after.spans[::-1]) if same_width else width
    return Region(start, 0, max(1, end - start), 1)


def _common(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Return how many cells the spans take with which both begin."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(span.width for span, _ in pairs)
