"""Ordered ids under a header line, with a cursor that stays on its id whatever is sorted, filtered or removed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from functools import lru_cache

from textual import events

from ecovai_tui.tui.widgets.line_view import LineView


class Listing:
    """Ids in their order, and the index of the one under the cursor."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.cursor = 0
        self._former: Sequence[str] = ()
        """The ids from before the list became empty, in which the cursor still has its place."""
        self._held: str | None = None
        """The id to which the cursor comes back whenever it is there."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor, None in an empty list."""
        return self.ids[self.cursor] if self.ids else None

    def id_at(self, index: int) -> str | None:
        """Return the id at an index, None where there is none."""
        return self.ids[index] if 0 <= index < len(self.ids) else None

    def index_of(self, id_: str) -> int | None:
        """Return where an id stands, None where it does not."""
        try:
            return self.ids.index(id_)
        except ValueError:
            return None

    def move_to(self, index: int) -> None:
        """Put the cursor on an index, or on the nearest one that there is, and hold no other id any more."""
        if self.ids:
            self._held = None
            self.cursor = self._nearest(index)

    def hold(self) -> None:
        """Let the cursor come back to its id whenever that is there, until it is moved or let go."""
        self._held = self.cursor_id or self._held

    def let_go(self) -> None:
        """Let the cursor stay wherever it is."""
        self._held = None

    def replace(self, order: Sequence[str]) -> None:
        """Take new ids; the cursor stays on its id, else it goes to the next one below that is left, else above.

        Its place outlasts an empty list.
        """
        before = self.ids or self._former
        self.ids = list(order)
        if not self.ids:
            self._former = before
            return
        held = None if self._held is None else self.index_of(self._held)
        self.cursor = self._nearest(self.heir(before, self.cursor) if held is None else held)

    def heir(self, before: Sequence[str], index: int) -> int:
        """Return where the id at an index of a former order is now, or the next one below it that is left, or above."""
        if not before or before[index] == self.id_at(index):
            return index
        if (kept := self.index_of(before[index])) is not None:
            return kept
        places = {id_: place for place, id_ in enumerate(self.ids)}
        candidates = (*before[index:], *reversed(before[:index]))
        return next((places[id_] for id_ in candidates if id_ in places), index)

    def _nearest(self, index: int) -> int:
        return max(0, min(index, len(self.ids) - 1))


@lru_cache(maxsize=8)
def thumb(top: int, page: int, total: int) -> range:
    """Return the lines of the page that the thumb covers, none where all rows are in view.

    It touches an end of the bar only where the view does. Each line of the page asks for the same.
    """
    if total <= page:
        return range(0)
    length = min(max(1, page * page // total), max(1, page - 1))
    free, last = page - length, total - page
    start = top * free // last
    if free > 1 and 0 < top < last:
        start = min(max(1, start), free - 1)
    return range(start, start + length)


def top_at(line: int, page: int, total: int) -> int:
    """Return the first row in view once the middle of the thumb was dragged to a line of the page."""
    length = len(thumb(0, page, total))
    free = max(1, page - length)
    return round((line - length // 2) * (total - page) / free)


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
