"""The columns of a list of tasks, and how they share a width; the table and ``ls`` lay out from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.tasks.selection import SortKey

GAP = 1
"""Cells left free between two columns."""


class ColumnKey(StrEnum):
    """The name of a column."""

    PHASE = "phase"
    CLIPS = "clips"
    TIME = "time"
    TITLE = "title"
    LABEL = "label"
    WHEN = "when"
    MODEL = "model"
    ID = "id"


class Column(NamedTuple):
    """What is fixed about a column; widths are in cells."""

    key: ColumnKey
    header: str
    minimum: int
    """Narrower than this it is left out."""
    ideal: int
    """Wider than this it is of no more use, but for the one that stretches."""
    priority: int
    """The lowest stays longest and grows first."""
    sort: SortKey | None = None
    stretch: bool = False
    right: bool = False


class Placement(NamedTuple):
    """Where a column stands in a line; in cells."""

    column: Column
    x: int
    width: int


COLUMNS = (
    Column(ColumnKey.PHASE, "Phase", 11, 11, 0, SortKey.PHASE),
    Column(ColumnKey.CLIPS, "Clips", 5, 5, 2),
    Column(ColumnKey.TIME, "Time", 7, 7, 3, SortKey.TIME, right=True),
    Column(ColumnKey.TITLE, "Title", 10, 44, 1, SortKey.TITLE, stretch=True),
    Column(ColumnKey.LABEL, "Label", 8, 16, 6, SortKey.LABEL),
    Column(ColumnKey.WHEN, "When", 10, 10, 4, SortKey.WHEN),
    Column(ColumnKey.MODEL, "Model", 8, 12, 7, SortKey.MODEL),
    Column(ColumnKey.ID, "Id", 9, 37, 5, SortKey.ID),
)
"""All columns, from left to right.

What changes most often stands leftmost and together: phase, clips and time of a task change at once, and are painted as
one part of the line.
"""

UNLABELLED = tuple(column for column in COLUMNS if column.key is not ColumnKey.LABEL)

STRETCHED = 22
"""Cells that the stretching column has before a column of the rank of ``COMFORT`` or lower is let in."""

COMFORT = 5


def columns_of(*, labelled: bool) -> tuple[Column, ...]:
    """Return the columns of a list; one in which no task has a label needs none for it."""
    return COLUMNS if labelled else UNLABELLED


def lay_out(width: int, columns: Sequence[Column] = COLUMNS) -> tuple[Placement, ...]:
    """Return the columns that fit into so many cells, with their places; they fill the width."""
    shown = _admitted(width, columns)
    widths = _shared(width - GAP * (len(shown) - 1), shown)
    placements, x = [], 0
    for column in shown:
        placements.append(Placement(column, x, widths[column.key]))
        x += widths[column.key] + GAP
    return tuple(placements)


def _admitted(width: int, columns: Sequence[Column]) -> tuple[Column, ...]:
    admitted: set[ColumnKey] = set()
    free = width + GAP
    for column in _by_priority(columns):
        free -= column.minimum + GAP
        reserve = STRETCHED - _stretching(columns).minimum if column.priority >= COMFORT else 0
        if admitted and free < reserve:
            break
        admitted.add(column.key)
    return tuple(column for column in columns if column.key in admitted)


def _shared(width: int, shown: Sequence[Column]) -> dict[ColumnKey, int]:
    widths = {column.key: column.minimum for column in shown}
    left = width - sum(widths.values())
    for column in _by_growth(shown):
        more = min(left, column.ideal - column.minimum)
        widths[column.key] += max(more, 0)
        left -= max(more, 0)
    last = _stretching(shown)
    widths[last.key] = max(1, widths[last.key] + left)
    return widths


def _stretching(columns: Sequence[Column]) -> Column:
    return next((column for column in columns if column.stretch), columns[0])


def _by_priority(columns: Iterable[Column]) -> list[Column]:
    return sorted(columns, key=lambda column: column.priority)


def _by_growth(columns: Iterable[Column]) -> list[Column]:
    """Let the stretching column grow first, then those that were let in last: they are the ones cut short."""
    return sorted(columns, key=lambda column: (not column.stretch, -column.priority))
