"""Ordered ids in a window of some rows, with a cursor that stays on its id whatever is sorted, filtered or removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

EDGE = 5
"""Rows by which the window moves on when the cursor leaves it: one large paint for five keys."""


class Listing:
    """Ids in their order, the index of the one under the cursor, and the rows that are in view."""

    def __init__(self, page_rows: Callable[[], int] = lambda: 1) -> None:
        """``page_rows`` returns how many rows fit into the window now, at least one."""
        self.ids: list[str] = []
        self.cursor = 0
        self._page_rows = page_rows
        self._page_before = page_rows()
        self._top = 0
        self._former: Sequence[str] = ()
        """The ids from before the list became empty, in which the cursor still has its place."""
        self._held: str | None = None
        """The id to which the cursor comes back whenever it is there."""
        self.marked: dict[str, None] = {}
        """The marked ids, shown or not, in the order in which they were marked."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def top(self) -> int:
        """The index of the first row in view."""
        return max(0, min(self._top, len(self.ids) - self.page_rows))

    @property
    def page_rows(self) -> int:
        """How many rows fit into the window."""
        return self._page_rows()

    @property
    def in_view(self) -> Sequence[str]:
        """The ids whose rows are in view."""
        return self.ids[self.top : self.top + self.page_rows]

    @property
    def has_bar(self) -> bool:
        """Whether there are more rows than fit into the window."""
        return len(self.ids) > self.page_rows

    @property
    def thumb(self) -> range:
        """The rows of the window that the thumb of the scroll bar covers."""
        return thumb(self.top, self.page_rows, len(self.ids))

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor, None in an empty list."""
        return self.ids[self.cursor] if self.ids else None

    def toggle_mark(self) -> None:
        """Mark the id under the cursor, or unmark it."""
        if self.cursor_id in self.marked:
            del self.marked[self.cursor_id]
        elif self.cursor_id is not None:
            self.marked[self.cursor_id] = None

    def mark_to_cursor(self) -> None:
        """Mark all from the id that was marked last to the cursor; the cursor's alone where that is not shown."""
        last = self.index_of(next(reversed(self.marked), ""))
        first, end = sorted((self.cursor if last is None else last, self.cursor))
        self.marked |= dict.fromkeys(self.ids[first : end + 1])

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
        self._bring_into_view()

    def scroll_to(self, top: int) -> None:
        """Let the window begin at a row; the cursor stays where it is, be it out of view."""
        self._top = max(0, min(top, len(self.ids) - self.page_rows))

    def drag_thumb(self, row: int) -> None:
        """Scroll so that the middle of the thumb is at a row of the window."""
        self.scroll_to(top_at(row, self.page_rows, len(self.ids)))

    def resize(self) -> None:
        """Keep the cursor in view if it was before the window's size changed."""
        was_in_view = self.top <= self.cursor < self.top + self._page_before
        self._page_before = self.page_rows
        if was_in_view:
            self._bring_into_view()

    def hold(self) -> None:
        """Let the cursor come back to its id whenever that is there, until it is moved or let go."""
        self._held = self.cursor_id or self._held

    def let_go(self) -> None:
        """Let the cursor stay wherever it is."""
        self._held = None

    def replace(self, order: Sequence[str]) -> None:
        """Take new ids; the cursor stays on its id, else it goes to the next one below that is left, else above.

        What is in view stays where it is. The cursor's place outlasts an empty list.
        """
        before, line = self.ids, self.cursor - self.top
        in_view = 0 <= line < self.page_rows
        anchor = self.cursor if in_view else self.top
        line = anchor - self.top
        self._replace_ids(order)
        if before and order:
            index = self._heir(before, anchor)
            stays_at_top = self.top == 0 and index < self.page_rows
            self._top = 0 if stays_at_top else index - line
        if order and (in_view or not before):
            self._bring_into_view()

    def _replace_ids(self, order: Sequence[str]) -> None:
        before = self.ids or self._former
        self.ids = list(order)
        if not self.ids:
            self._former = before
            return
        held = None if self._held is None else self.index_of(self._held)
        self.cursor = self._nearest(self._heir(before, self.cursor) if held is None else held)

    def _heir(self, before: Sequence[str], index: int) -> int:
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

    def _bring_into_view(self) -> None:
        edge = min(EDGE, (self.page_rows + 1) // 2)
        if self.cursor < self.top:
            self._top = self.cursor - edge + 1
        elif self.cursor >= self.top + self.page_rows:
            self._top = self.cursor - self.page_rows + edge


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
