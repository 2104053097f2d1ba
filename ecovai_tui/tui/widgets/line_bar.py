"""A widget of one line, laid out for the width that it has."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from ecovai_tui.tui.widget_colours import LineStyles
from ecovai_tui.tui.widgets.area import Area
from ecovai_tui.view.lines import Line


class LineBar(Area):
    """One line, laid out for each width; spans that name an action can be clicked."""

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
        self._styles = LineStyles(self)

    @property
    def line(self) -> Line:
        """The line as it was laid out last: a paint for another reason tells no news."""
        return self._line

    def lay_out(self, lay_out: Callable[[int], Line]) -> None:
        """Show what the function returns for the width in cells, now and after each change of the width."""
        self._lay_out = lay_out
        self.on_resize()

    def on_resize(self) -> None:
        """Fit the line to the width."""
        self._line = self._lay_out(self.size.width)
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles.forget()

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002  # Textual's signature
        """Take all the width there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """Render the line; any line below it is blank."""
        return self._styles.strip(self.line if y == 0 else Line(), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Press the span under the pointer."""
        at = 0
        for span in self.line.spans:
            at += span.width
            if event.x < at:
                if span.action:
                    self.post_message(self.Pressed(span.action))
                return
