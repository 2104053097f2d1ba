"""Ordered ids under a header line, with a cursor that moves among them and stays in view."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence

from textual import events

from ecovai_tui.tui.widgets.table.line_view import LineView
from ecovai_tui.tui.widgets.table.listing import Listing
from ecovai_tui.tui.widgets.table.scroll_bar import thumb, top_at

EDGE = 5
"""Rows by which the view moves on when the cursor leaves it: one repaint for five keys."""

WHEEL = 3
"""Rows for one notch of the wheel."""

HEADER_LINES = 1


class CursorView(LineView):
    """Moves the cursor and the view; a subclass draws the lines and tells of what is under the cursor."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's name
        super().__init__(id=id, classes=classes)
        self._listing = Listing()
        self._top = 0
        self._page_before = 1
        self._dragging = False

    @abstractmethod
    def settle(self, lines: Iterable[int] | None = None) -> None:
        """Repaint what differs (in these lines of the view), and tell of what is new under the cursor."""

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor, None in an empty table."""
        return self._listing.cursor_id

    @property
    def top(self) -> int:
        """The index of the first row in view."""
        return max(0, min(self._top, len(self._listing) - self.page_rows))

    @property
    def page_rows(self) -> int:
        """How many rows fit into the view, at least one."""
        return max(1, self.view.height - HEADER_LINES)

    @property
    def ids_in_view(self) -> Sequence[str]:
        """The ids whose rows are in view."""
        return self._listing.ids[self.top : self.top + self.page_rows]

    def move(self, rows: int) -> None:
        """Move the cursor by so many rows; below zero is up."""
        self._go(self._listing.cursor + rows)

    def move_pages(self, pages: float) -> None:
        """Move the cursor by so many pages, also by half a one; a row stays in view for the eye to hold on to."""
        whole = max(1, self.page_rows - 1)
        self.move(round(whole * pages))

    def move_first(self) -> None:
        """Move the cursor to the first row."""
        self._go(0)

    def move_last(self) -> None:
        """Move the cursor to the last row."""
        self._go(len(self._listing) - 1)

    def move_to(self, id_: str) -> bool:
        """Move the cursor to an id, and tell whether it is shown."""
        index = self._listing.index_of(id_)
        if index is not None:
            self._go(index)
        return index is not None

    def replace_ids(self, order: Sequence[str]) -> None:
        """Take new ids; the cursor stays on its id, and what is in view stays where it is."""
        before, line = self._listing.ids, self._listing.cursor - self.top
        in_view = 0 <= line < self.page_rows
        anchor = self._listing.cursor if in_view else self.top
        line = anchor - self.top
        self._listing.replace(order)
        if before and order:
            index = self._listing.heir(before, anchor)
            stays_at_top = self.top == 0 and index < self.page_rows
            self._top = 0 if stays_at_top else index - line
        if order and (in_view or not before):
            self._bring_into_view()

    def hold_cursor(self) -> None:
        """Let the cursor come back to its id whenever that is among new ids, until it is moved or let go."""
        self._listing.hold()

    def let_cursor_go(self) -> None:
        """Let the cursor stay wherever it is."""
        self._listing.let_go()

    def scroll_rows(self, top: int) -> None:
        """Let the view begin at a row; the cursor stays where it is, be it out of view."""
        self._top = max(0, min(top, len(self._listing) - self.page_rows))
        self.repaint_changes()

    @property
    def has_bar(self) -> bool:
        """Whether there are more rows than fit into the view."""
        return len(self._listing) > self.page_rows

    @property
    def thumb(self) -> range:
        """The lines of the view that the thumb of the scroll bar covers."""
        covered = thumb(self.top, self.page_rows, len(self._listing))
        return range(covered.start + HEADER_LINES, covered.stop + HEADER_LINES)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the view, not the cursor."""
        event.stop()
        self.scroll_rows(self.top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the view, not the cursor."""
        event.stop()
        self.scroll_rows(self.top - WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if self.has_bar and event.x == self.view.width - 1 and event.y >= HEADER_LINES:
            self._dragging = True
            self.capture_mouse()
            self._drag_to(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._dragging:
            self._drag_to(event.y)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let the scroll bar go."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def on_resize(self, _event: events.Resize) -> None:
        """Keep the cursor in view when the view shrinks."""
        was_in_view = self.top <= self._listing.cursor < self.top + self._page_before
        self._page_before = self.page_rows
        if was_in_view:
            self._bring_into_view()

    def _go(self, index: int) -> None:
        left, top = self._listing.cursor, self.top
        self._listing.move_to(index)
        self._bring_into_view()
        rows = {left, self._listing.cursor} & set(range(top, top + self.page_rows))
        self.settle(None if self.top != top else [row - top + HEADER_LINES for row in rows])

    def _drag_to(self, y: int) -> None:
        self.scroll_rows(top_at(y - HEADER_LINES, self.page_rows, len(self._listing)))

    def _bring_into_view(self) -> None:
        index, edge = self._listing.cursor, min(EDGE, (self.page_rows + 1) // 2)
        if index < self.top:
            self._top = index - edge + 1
        elif index >= self.top + self.page_rows:
            self._top = index - self.page_rows + edge
