"""A scrolling page of plain lines, folded to the width; only the lines in view are rendered."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ecovai_tui.tui.pages.folding import fold, pushed_down, shortened
from ecovai_tui.tui.widget_colours import LineStyles
from ecovai_tui.view.lines import Line

MOST_SHOWN = 60_000
"""Characters of a page: as many are folded within one paint."""


class PageView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines folded to the width; text from outside is only ever shown, never read as markup."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PageView { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._folded: Sequence[Line] = ()
        self._styles = LineStyles(self)

    @property
    def lines(self) -> Sequence[Line]:
        """The page before folding."""
        return self._lines

    def show(self, lines: Sequence[Line], *, from_the_top: bool = False) -> None:
        """Show a page; what is read stays in place unless told otherwise."""
        if from_the_top:
            self._scroll(0)
        shown = shortened(lines, MOST_SHOWN)
        if shown != self._lines:
            before, self._lines = self._folded, shown
            self._fold()
            if self.styles.auto_dimensions:
                self.refresh(layout=True)
            place = self.scroll_offset.y
            if not from_the_top and (lower := pushed_down(before, self._folded, place)):
                self._scroll(place + lower)

    def on_resize(self) -> None:
        """Fold to the new width."""
        self._fold()

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles.forget()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's
        """Take as many lines as the page needs at this width, where the style sheet leaves the height to it."""
        return len(fold(self._lines, width - 1))

    def render_line(self, y: int) -> Strip:
        """Render one line of the window."""
        at = y + self.scroll_offset.y
        shown = self._folded[at] if at < len(self._folded) else Line()
        return self._styles.strip(shown, self.size.width)

    def move(self, lines: int) -> None:
        """Scroll by so many lines, upwards if negative."""
        self._scroll(self.scroll_offset.y + lines)

    def _scroll(self, place: int) -> None:
        self.scroll_to(y=place, animate=False, force=True)

    def _fold(self) -> None:
        width = self.size.width
        self._folded = fold(self._lines, width - 1) if width else ()
        self.virtual_size = Size(width, max(len(self._folded), self.size.height))
        self.refresh()
