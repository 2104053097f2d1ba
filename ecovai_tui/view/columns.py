"""The columns of a list of tasks, how they share a width, and a row fitted to them; for the table and for ``ls``."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ecovai_tui.language import later
from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.judging import Mark
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import SortKey
from ecovai_tui.tasks.text import ELLIPSIS, truncate
from ecovai_tui.view.lines import Cell, Span, Spans, Tone, fit_cell

GAP = 2
"""Cells left free between two columns."""

NARROW_GAP = 1
"""The same behind those that have blanks of their own."""


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
    Column(ColumnKey.PHASE, later("Phase"), 11, sort=SortKey.PHASE),
    Column(ColumnKey.CLIPS, later("Clips"), 6, keeps=20, rank=1),
    Column(ColumnKey.TIME, later("Took"), 5, sort=SortKey.TIME, right=True),
    Column(ColumnKey.TITLE, later("Title"), 18, sort=SortKey.TITLE),
    Column(ColumnKey.LENGTH, later("Length"), 6, keeps=34, rank=3, right=True),
    Column(ColumnKey.LABEL, later("Label"), 12, keeps=34, rank=4, sort=SortKey.LABEL),
    Column(ColumnKey.WHEN, later("Submitted"), 11, keeps=28, rank=2, sort=SortKey.WHEN),
    Column(ColumnKey.MODEL, later("Model"), 11, keeps=42, rank=5, sort=SortKey.MODEL),
    Column(ColumnKey.ID, later("Id"), 8, keeps=42, rank=6, sort=SortKey.ID),
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


_PLACES = {column.key: place for place, column in enumerate(COLUMNS)}


class Row(NamedTuple):
    """What one line shows."""

    id: str
    phase: Phase
    marks: tuple[Mark, ...]
    clip_phases: tuple[Phase, ...]
    title: Span
    """What tells the task from others, "" where the note does."""
    label: str
    note: Span | None
    """What is wrong with it, or to be expected of it."""
    cells: tuple[Cell, ...]
    """One for each of ``COLUMNS``."""

    def cell(self, key: ColumnKey) -> Cell:
        """Return the content of one column."""
        return self.cells[_PLACES[key]]


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
    is_id = row.title.tone is Tone.MUTED
    kept = title.width if is_id else min(title.width, SHORT_TITLE)
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
