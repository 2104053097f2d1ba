"""Where the thumb of a scroll bar stands, in lines of the view; it is drawn as the last cell of each line.

Textual's own scroll bar is a widget beside the table, which costs 45 bytes a line at every scroll.
"""

from __future__ import annotations

from functools import lru_cache


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
