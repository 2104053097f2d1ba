"""The columns of a list of tasks, and how they share a width; the table and ``ls`` lay out from here."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.tasks.selection import SortKey

GAP = 2
"""Cells left free between two columns."""

NARROW_GAP = 1
"""The same behind those that have blanks of their own."""


class ColumnKey(StrEnum):
    """The name of a column, by which the settings name it as well."""

    PHASE = "phase"
    CLIPS = "clips"
    TIME = "took"
    TITLE = "title"
    LENGTH = "length"
    LABEL = "label"
    WHEN = "submitted"
    MODEL = "model"
    ID = "id"


class Column(NamedTuple):
    """What is fixed about a column; widths are in cells."""

    key: ColumnKey
    header: str
    width: int
    """For the title: less than this it never has."""
    keeps: int = 0
    """It is there where the title still has so many cells then."""
    rank: int = 0
    """The lower, the sooner it is let in."""
    sort: SortKey | None = None
    right: bool = False

    @property
    def gap(self) -> int:
        """The cells free behind it."""
        return NARROW_GAP if self.key in {ColumnKey.PHASE, ColumnKey.CLIPS} else GAP


class Placement(NamedTuple):
    """Where a column stands in a line; in cells."""

    column: Column
    x: int
    width: int

    @property
    def end(self) -> int:
        """The first cell behind it."""
        return self.x + self.width


COLUMNS = (
    Column(ColumnKey.PHASE, "Phase", 11, sort=SortKey.PHASE),
    Column(ColumnKey.CLIPS, "Clips", 6, keeps=20, rank=1),
    Column(ColumnKey.TIME, "Took", 5, sort=SortKey.TIME, right=True),
    Column(ColumnKey.TITLE, "Title", 18, sort=SortKey.TITLE),
    Column(ColumnKey.LENGTH, "Length", 6, keeps=34, rank=3, right=True),
    Column(ColumnKey.LABEL, "Label", 12, keeps=34, rank=4, sort=SortKey.LABEL),
    Column(ColumnKey.WHEN, "Submitted", 11, keeps=28, rank=2, sort=SortKey.WHEN),
    Column(ColumnKey.MODEL, "Model", 11, keeps=42, rank=5, sort=SortKey.MODEL),
    Column(ColumnKey.ID, "Id", 8, keeps=42, rank=6, sort=SortKey.ID),
)
"""All columns, from left to right.

What changes most often stands leftmost and together: phase, clips and time of a task change at once, and are painted as
one part of the line.
"""

WHOLE_ID, WHOLE_ID_KEEPS = 32, 56
"""Cells of a whole id, and how many the title still has where there is one."""


def columns_of(*, labelled: bool, chosen: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of a list, or the ``chosen`` ones in their order; without labels there is none for them."""
    by_name = {column.key.value: column for column in COLUMNS}
    wanted = [by_name[name] for name in chosen if name in by_name] or COLUMNS
    return tuple(column for column in wanted if labelled or column.key is not ColumnKey.LABEL)


def lay_out(width: int, columns: Sequence[Column] = COLUMNS) -> tuple[Placement, ...]:
    """Return the columns that fit into so many cells, with their places; they fill the width."""
    shown = _admitted(width, columns)
    stretching = next((column for column in shown if column.key is ColumnKey.TITLE), shown[-1])
    free = _free(width, shown, stretching)
    widths = {column.key: column.width for column in shown} | {stretching.key: max(1, free)}
    if ColumnKey.ID in widths and stretching.key is ColumnKey.TITLE:
        more = min(WHOLE_ID - widths[ColumnKey.ID], free - WHOLE_ID_KEEPS)
        if more == WHOLE_ID - widths[ColumnKey.ID]:
            widths[ColumnKey.ID], widths[stretching.key] = WHOLE_ID, free - more
    return tuple(_placed(shown, widths))


def _placed(shown: Sequence[Column], widths: dict[ColumnKey, int]) -> Iterable[Placement]:
    x = 0
    for column in shown:
        yield Placement(column, x, widths[column.key])
        x += widths[column.key] + column.gap


def _admitted(width: int, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Let in those that are always there, then as many others as leave the title what it keeps beside them."""
    admitted = [column for column in columns if not column.rank]
    title = next((column for column in columns if column.key is ColumnKey.TITLE), None)
    while len(admitted) > 1 and _free(width, admitted, title) < 1:
        admitted.pop()
    for column in sorted((column for column in columns if column.rank), key=lambda column: column.rank):
        among = [one for one in columns if one in admitted or one is column]
        if _free(width, among, title) < (column.keeps if title else 0):
            break
        admitted = among
    return tuple(admitted) or tuple(columns[:1])


def _free(width: int, shown: Sequence[Column], stretching: Column | None) -> int:
    """Return the cells that are left to the column that stretches."""
    others = sum(column.width for column in shown if column is not stretching)
    return width - others - sum(column.gap for column in shown[:-1])
