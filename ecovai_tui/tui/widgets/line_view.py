"""A widget of lines that repaints only the part of each line that differs from what stands on the screen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from ecovai_tui.tui.widgets.page_view import change_focus
from ecovai_tui.tui.widgets.table_lines import Line, LineStyles, difference


class LineView(Widget, can_focus=True, inherit_bindings=False):
    """Knows what it painted where, and compares; it never animates, and focus costs the cursor's line alone.

    A subclass says what each line holds now, and calls ``repaint_changes`` after every change of its state.
    """

    ALLOW_SELECT = False

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._painted: dict[int, Line] = {}
        self._strips: dict[int, Strip] = {}
        self._strips_size = Size()
        self._line_styles = LineStyles(self)

    @property
    def view(self) -> Size:
        """The cells that lines fill: the whole widget, which has no border and no padding.

        ``size`` says the same, but looks at all styles first; a line is asked about it many times.
        """
        return self.outer_size

    @abstractmethod
    def lines_at(self, places: Iterable[int]) -> Iterator[Line]:
        """Yield what stands on these lines of the viewport, from 0 at its top."""

    def line_at(self, y: int) -> Line:
        """Return what stands on one line of the viewport."""
        return next(self.lines_at((y,)))

    def repaint_changes(self, lines: Iterable[int] | None = None) -> None:
        """Mark for painting what differs from what was painted last; costs no byte where nothing does.

        ``lines`` are those of the view that can have changed; None for all.
        """
        width, height = self.view
        places = range(height) if lines is None else tuple(lines)
        regions = [
            Region(span[0], y, min(span[1], width - span[0]), 1)
            for y, line in zip(places, self.lines_at(places), strict=True)
            if (span := difference(self._painted.get(y), line))
        ]
        if regions:
            self.refresh(*regions)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Ask for the painting of these parts of the view, of all of it without any."""
        for y in {y for region in regions for y in region.line_range}:
            self._strips.pop(y, None)
        if not regions:
            self._strips.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return a part of the view, and make only those lines of it that were to be painted.

        Textual's own way looks at borders, padding and the like for each line, which are never there, and takes twice
        as long.
        """
        if self._strips_size != self.view:
            self._strips_size = self.view
            self._strips.clear()
        self._make_strips([y for y in crop.line_range if y not in self._strips])
        strips = [self._strips[y] for y in crop.line_range]
        if crop.column_span == (0, self.view.width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def _make_strips(self, lines: Sequence[int]) -> None:
        filters, background, width = self.get_line_filters(), self.background_colors[1], self.view.width
        for y, line in zip(lines, self.lines_at(lines), strict=True):
            self._painted[y] = line
            strip = self._line_styles.strip(line, width)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            self._strips[y] = strip

    def render_line(self, y: int) -> Strip:
        """Return one line of the viewport."""
        return self.render_lines(Region(0, y, self.view.width, 1))[0]

    def notify_style_update(self) -> None:
        """Take the colours of another theme with the next full repaint, when all of them are known."""
        super().notify_style_update()
        self._line_styles.forget()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Ask for the focus, without the full repaint that Textual's own method asks for."""
        self.app.call_later(self._take_focus, scroll_visible)
        return self

    def on_focus(self, event: events.Focus) -> None:
        """Take the focus without the full repaint that Textual's own handler asks for."""
        change_focus(self, event)
        self.repaint_changes()

    def on_blur(self, event: events.Blur) -> None:
        """Lose the focus without the full repaint that Textual's own handler asks for."""
        change_focus(self, event)
        self.repaint_changes()

    def _take_focus(self, scroll_visible: bool) -> None:
        if self.is_attached:
            self.screen.set_focus(self, scroll_visible=scroll_visible)
