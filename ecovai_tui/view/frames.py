"""How areas and dialogs are framed: the signs of each set, and an edge with a title left and a fact right."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ecovai_tui.tasks.text import cell_width, truncate
from ecovai_tui.view.lines import Line, Span, Spans, Tone, ellipsis_of, text_of


class FrameSigns(NamedTuple):
    """The signs of a frame, each one cell wide."""

    flat: str = "─"
    upright: str = "│"
    branch: str = "┬"
    thumb: str = "┃"
    """What of the right edge shows the rows in view, where a list is longer than its room."""
    top: tuple[str, str] = ("╭", "╮")
    bottom: tuple[str, str] = ("╰", "╯")


FULL_SIGNS = FrameSigns()
ASCII_SIGNS = FrameSigns("-", "|", "-", "#", ("+", "+"), ("+", "+"))

NARROW: Mapping[str, str] = MappingProxyType(
    {
        "─": "╌", "│": "╎", "┬": "╷", "┃": "▐", "╭": "╷", "╮": "╷", "╰": "╵", "╯": "╵", "…": "⋯",
        **dict(zip("▁▂▃▄▅▆▇█", "⣀⣀⣤⣤⣶⣶⣿⣿", strict=True)),
    }
)  # fmt: skip
"""What stands for our signs where the terminal draws those of ambiguous width two cells wide."""

NO_CORNERS = ("", "")
LEAST_LINE = 2
"""Cells of line around a title or a fact at least, at the edge's end and between the two."""


def signs_of(*, ascii_only: bool) -> FrameSigns:
    """Return the set of signs that the terminal can show."""
    return ASCII_SIGNS if ascii_only else FULL_SIGNS


def edge_line(
    title: Span | None,
    fact: Span | Spans | None,
    width: int,
    signs: FrameSigns,
    *,
    corners: tuple[str, str] = NO_CORNERS,
    tone: Tone = Tone.LINE,
) -> Line:
    """Return an edge of so many cells: a line in ``tone``, a title at its left, a fact at its right if it fits."""
    room = width - len(corners[0]) - len(corners[1])
    ellipsis = ellipsis_of(ascii_only=signs is ASCII_SIGNS)
    facts = (fact,) if isinstance(fact, Span) else fact or ()
    first = _inset((title,) if title else (), room, ellipsis)
    beside = room - _width(first) - LEAST_LINE * bool(first)
    last = _inset(facts, beside, ellipsis) if not first or _width(facts) + 2 * LEAST_LINE <= beside else ()
    begin = Span(corners[0] + signs.flat * bool(first), tone)
    free = room - _width(first) - _width(last) - bool(first) - bool(last)
    end = Span(signs.flat * bool(last) + corners[1], tone)
    return Line(tuple(filter(_has_text, (begin, *first, Span(signs.flat * max(0, free), tone), *last, end))))


AROUND = 6
"""Cells of an edge that a text leaves: corners, line and blanks at both of its ends."""


def fits_edge(spans: Spans, width: int) -> bool:
    """Return whether a text is whole in an edge of so many cells that has nothing else in it."""
    return _width(spans) + AROUND <= width


def _inset(spans: Spans, room: int, ellipsis: str) -> Spans:
    """Return a text in a line, a blank at each side of it, () where there is no room for any of it."""
    least, wanted = 2 * LEAST_LINE, _width(spans)
    if not wanted or room <= least:
        return ()
    if wanted > room - least:
        spans = (Span(truncate(text_of(spans), room - least, ellipsis), spans[-1].tone),)
    return (Span(" ", spans[0].tone), *spans, Span(" ", spans[-1].tone))


def _width(spans: Spans) -> int:
    return sum(cell_width(span.text) for span in spans)


def _has_text(span: Span) -> bool:
    return bool(span.text)
