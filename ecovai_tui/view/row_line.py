"""One row fitted to its columns: the note runs on over empty cells, and title, label and note share their room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecovai_tui.tasks.text import ELLIPSIS, truncate
from ecovai_tui.view.columns import ColumnKey, Placement
from ecovai_tui.view.lines import Cell, Span, Spans, Tone, fit_cell
from ecovai_tui.view.rows import Row

SHORT_TITLE = 14
"""Cells that the title has before label and note have any."""

WHOLE_NOTE, LEAST_NOTE = 16, 12
"""A note up to the first is whole or absent; a longer one is cut, but not below the second."""

BETWEEN = 2
"""Cells between title, label and note."""

_PLAIN_CUT = frozenset({ColumnKey.ID})
"""What is cut without a sign of it: its beginning is what tells one from another."""


def row_spans(
    row: Row,
    placements: Sequence[Placement],
    *,
    clips: Cell | None = None,
    strong: bool = False,
    ellipsis: str = ELLIPSIS,
) -> Spans:
    """Return the spans of a row, from its first column to its last.

    ``clips`` stands in the place of its clips; ``strong`` says that its title is under the cursor.
    """
    return tuple(_spans(row, placements, clips, strong, ellipsis))


def _spans(
    row: Row, placements: Sequence[Placement], clips: Cell | None, strong: bool, ellipsis: str
) -> Iterator[Span]:
    labelled = any(place.column.key is ColumnKey.LABEL for place in placements)
    place = 0
    while place < len(placements):
        column, last = placements[place].column, place
        if column.key is ColumnKey.TITLE:
            last = _reach(row, placements, place)
            width = placements[last].end - placements[place].x
            spans = title_spans(row, width, with_label=not labelled, strong=strong, ellipsis=ellipsis)
            spans = fit_cell(Cell(spans), width, ellipsis=ellipsis, gap=_gap(placements, last))
        else:
            cell = clips if clips is not None and column.key is ColumnKey.CLIPS else row.cell(column.key)
            cut = "" if column.key in _PLAIN_CUT else ellipsis
            width = placements[place].width
            spans = fit_cell(cell, width, right=column.right, ellipsis=cut, gap=_gap(placements, place))
        yield from spans
        place = last + 1


def _gap(placements: Sequence[Placement], place: int) -> int:
    return placements[place + 1].x - placements[place].end if place + 1 < len(placements) else 0


def _reach(row: Row, placements: Sequence[Placement], place: int) -> int:
    """Return the last column over which the title may run: those behind it are empty up to there."""
    last = place
    while last + 1 < len(placements) and not row.cell(placements[last + 1].column.key).text:
        last += 1
    return last


def title_spans(row: Row, width: int, *, with_label: bool, strong: bool = False, ellipsis: str = ELLIPSIS) -> Spans:
    """Return title, label and note in so many cells at most."""
    title = row.title._replace(tone=Tone.STRONG) if strong and row.title.tone is Tone.PLAIN else row.title
    label = Span(f"#{row.label}", Tone.ACCENT) if with_label and row.label else None
    kept = min(title.width, SHORT_TITLE)
    left = width - kept - (BETWEEN if title.text else 0)
    behind: list[Span] = []
    if label and label.width <= left:
        behind.append(label)
        left -= label.width + BETWEEN
    if row.note and (note := _fitted_note(row.note, left, ellipsis)):
        behind.append(note)
    taken = sum(span.width for span in behind) + BETWEEN * (len(behind) if title.text else len(behind) - 1)
    first = title._replace(text=truncate(title.text, max(0, width - max(0, taken)), ellipsis))
    parts = [first, *behind] if title.text else behind
    return tuple(part for at, part in enumerate(_apart(parts)) if part.text or not at)


def _fitted_note(note: Span, room: int, ellipsis: str) -> Span | None:
    if note.width <= room:
        return note
    if note.width <= WHOLE_NOTE or room < LEAST_NOTE:
        return None
    return note._replace(text=truncate(note.text, room, ellipsis))


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Return spans with blanks between them."""
    return [span if not at else span._replace(text=" " * BETWEEN + span.text) for at, span in enumerate(spans)]


def heading_spans(placements: Sequence[Placement], texts: Sequence[Span]) -> Spans:
    """Return the names of the columns in their places."""
    spans: list[Span] = []
    for place, text in enumerate(texts):
        column, _, width = placements[place]
        spans += fit_cell(Cell((text,)), width, right=column.right, ellipsis="", gap=_gap(placements, place))
    return tuple(spans)
