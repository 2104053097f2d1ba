"""How areas and dialogs are framed: the signs of each set, and an edge with a title left and a fact right."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ecovai_tui.tasks.text import cell_width, truncate
from ecovai_tui.view.lines import Line, Span, Tone, ellipsis_of


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
    fact: Span | None,
    width: int,
    signs: FrameSigns,
    *,
    corners: tuple[str, str] = NO_CORNERS,
    tone: Tone = Tone.LINE,
) -> Line:
    """Return an edge of so many cells: a line in ``tone``, a title at its left, a fact at its right if it fits."""
    room = width - len(corners[0]) - len(corners[1])
    ellipsis = ellipsis_of(ascii_only=signs is ASCII_SIGNS)
    first = _inset(title, room, ellipsis)
    last = _inset(fact, room - _width(first) - LEAST_LINE, ellipsis) if fact and fact.width + 4 <= room else ()
    begin = Span(corners[0] + signs.flat * bool(first), tone)
    free = room - _width(first) - _width(last) - bool(first) - bool(last)
    end = Span(signs.flat * bool(last) + corners[1], tone)
    return Line(tuple(filter(_has_text, (begin, *first, Span(signs.flat * max(0, free), tone), *last, end))))


def _inset(span: Span | None, room: int, ellipsis: str) -> tuple[Span, ...]:
    """Return a text in a line, a blank at each side of it, () where there is no room for any of it."""
    least = 2 * LEAST_LINE
    if span is None or not span.text or room <= least:
        return ()
    text = truncate(span.text, room - least, ellipsis)
    return (Span(f" {text} ", span.tone, span.action),)


def _width(spans: tuple[Span, ...]) -> int:
    return sum(cell_width(span.text) for span in spans)


def _has_text(span: Span) -> bool:
    return bool(span.text)
