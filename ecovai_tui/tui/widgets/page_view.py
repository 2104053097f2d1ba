"""A scrolling page of plain lines: only the visible ones are rendered, however long the page is."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from ecovai_tui.tui.pages.folding import SLICE, Folding, pushed_down
from ecovai_tui.tui.pages.lines import FAR, Line
from ecovai_tui.tui.widget_colours import ToneStyles, strip_of


def change_focus(widget: Widget, event: events.Focus | events.Blur) -> None:
    """Let a widget take or lose the focus, without the full repaint that Textual's own handlers ask for."""
    event.prevent_default()
    widget.has_focus = isinstance(event, events.Focus)
    if widget.parent is not None:
        news = events.DescendantFocus(widget) if widget.has_focus else events.DescendantBlur(widget)
        widget.parent.post_message(news)


BETWEEN_SLICES = 0.002
"""Seconds that are free for keys and paints between two slices."""


class PageView(ScrollView, can_focus=True):
    """Lines folded to the width; text from outside is only ever shown, never read as markup."""

    ALLOW_SELECT = False
    BINDINGS = []  # noqa: RUF012  # the keys that scroll it are actions of the registry
    DEFAULT_CSS = """
    PageView { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._folding = Folding((), 0)
        self._folding_on: Timer | None = None
        self._to_the_end = False
        """Whether the end was asked for before it was known where that is."""
        self._width = 0
        self._painted: dict[int, Line] = {}
        self._styles: ToneStyles | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """The page before folding."""
        return self._lines

    def on_focus(self, event: events.Focus) -> None:
        """Take the focus without the full repaint that Textual's own handler asks for: the page looks the same."""
        change_focus(self, event)

    def on_blur(self, event: events.Blur) -> None:
        """Lose the focus without a repaint."""
        change_focus(self, event)

    def show(self, lines: Sequence[Line], *, from_the_top: bool = False) -> None:
        """Show a page; the same page is not painted again, and what is read stays in place unless told otherwise."""
        if from_the_top:
            self._to_the_end = False
            self.scroll_to(y=0, animate=False, force=True)
        if list(lines) != list(self._lines):
            before, self._lines = self._lines, lines
            if self.styles.auto_dimensions:
                self.refresh(layout=True)
            if from_the_top:
                self._fold(0)
            else:
                self._fold_in_place(before)

    def on_resize(self) -> None:
        """Fold anew when the width differs, and let the page fill the window."""
        self._fold(self.virtual_size.height)

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's
        """Take as many lines as the page needs at this width, where the style sheet leaves the height to it."""
        folding = Folding(self._lines, width - 1)
        folding.advance(SLICE)
        return len(folding.lines)

    def render_line(self, y: int) -> Strip:
        """Render one line of the window."""
        if self._styles is None:
            self._styles = ToneStyles(self)
        shown = self._painted[y] = self._line_at(y)
        return strip_of(shown, self.size.width, self._styles)

    def move(self, lines: int) -> None:
        """Scroll by so many lines, upwards if negative."""
        self._to_the_end = not self._folding.done and lines >= FAR
        self._fit(self.virtual_size.height)
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def _fold_in_place(self, before: Sequence[Line]) -> None:
        """Fold a page that follows another, so that the line at the top of the window stays there."""
        lines = pushed_down(before, self._lines, self._width - 1, self.scroll_offset.y)
        self._fold(self.virtual_size.height + max(0, lines))
        if lines:
            self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def _fold(self, height: int) -> None:
        """Fold anew; the page keeps its height until its own is known, so that the place in it stays."""
        self._width = self.size.width
        self._folding = Folding(self._lines if self._width else (), self._width - 1)
        self._folding.advance(SLICE)
        self._fit(height)
        self._go_on()

    def _go_on(self) -> None:
        """Paint what is folded, and fold the rest once the keys that wait are read."""
        if self._folding_on is not None:
            self._folding_on.stop()
        self._folding_on = None if self._folding.done else self.set_timer(BETWEEN_SLICES, self._fold_on)
        self._repaint()

    def _fold_on(self) -> None:
        self._folding.advance(SLICE)
        if self._folding.done:
            self._fit(0)
            if self._to_the_end:
                self.move(FAR)
        self._go_on()

    def _fit(self, height: int) -> None:
        """Take the height of what is folded, or at least this one while there is more to fold."""
        least = self.size.height if self._folding.done else max(height, self.size.height)
        size = Size(self._width, max(len(self._folding.lines), least))
        if size != self.virtual_size:
            self.virtual_size = size

    def _repaint(self) -> None:
        """Paint the lines that differ from what stands on the screen."""
        lines = range(self.size.height)
        regions = [Region(0, y, self._width, 1) for y in lines if self._painted.get(y) != self._line_at(y)]
        if regions:
            self.refresh(*regions)

    def _line_at(self, y: int) -> Line:
        at = y + self.scroll_offset.y
        folded = self._folding.lines
        return folded[at] if at < len(folded) else Line()
