"""Folding lines to a width in cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, zip_longest

from rich.cells import get_character_cell_size

from ecovai_tui.language import tr
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.lines import Line, Span, Tone, line

TAB = "    "
MINIMUM_WIDTH = 4
MEASURED = 4
"""A line of more characters than so many for each cell is not measured as a whole: it is too long anyway."""

_WORDS = r" *[^ ]+| +"
_NEVER_FIRST = "，。、！？；：）」』】》…ー々〉"


def fold(lines: Iterable[Line], width: int) -> list[Line]:
    """Return the lines cut to so many cells: between words where there are any, within a word that is too long."""
    width = max(MINIMUM_WIDTH, width)
    return [part for whole in lines for part in _fold_line(whole, width)]


def shortened(lines: Sequence[Line], most: int) -> list[Line]:
    """Return as many lines as have about so many characters, and a last one that says how many are left out."""
    kept: list[Line] = []
    room = most
    for whole in lines:
        if len(whole.text) > room:
            kept.append(_first_characters(whole, room))
            break
        kept.append(whole)
        room -= len(whole.text) + 1
    else:
        return kept
    left_out = sum(len(whole.text) for whole in lines) - sum(len(whole.text) for whole in kept)
    return [*kept, line(), line(tr("{n:,} more characters are not shown here.", n=left_out), Tone.MUTED)]


def pushed_down(before: Sequence[Line], after: Sequence[Line], place: int) -> int:
    """Return by how many lines the one at a place moves when a folded page becomes another that ends alike."""
    same = 0
    while same < min(len(before), len(after)) and before[-1 - same] == after[-1 - same]:
        same += 1
    return len(after) - len(before) if same and place >= len(before) - same else 0


def _first_characters(whole: Line, most: int) -> Line:
    spans: list[Span] = []
    for span in whole.spans:
        spans.append(span._replace(text=span.text[: max(0, most)]))
        most -= len(span.text)
    return Line(tuple(span for span in spans if span.text), whole.indent)


def _fold_line(whole: Line, width: int) -> Iterator[Line]:
    whole = Line(tuple(span._replace(text=span.text.replace("\t", TAB)) for span in whole.spans), whole.indent)
    text = whole.text
    if len(text) <= MEASURED * width and cell_width(text) <= width:
        yield whole
        return
    indent = min(whole.indent, width // 2)
    current: list[Span] = []
    used = 0
    for piece in _pieces(whole, width - indent):
        size = cell_width(piece.text)
        if used + size > width and current:
            yield Line(_stripped(current))
            current, used = ([Span(" " * indent)] if indent else []), indent
            piece = piece._replace(text=piece.text.lstrip(" "))  # noqa: PLW2901  # a folded line begins with a word
            size = cell_width(piece.text)
        if piece.text:
            current.append(piece)
            used += size
    yield Line(_stripped(current))


def _pieces(whole: Line, width: int) -> Iterator[Span]:
    """Yield the words of a line with the blanks before each; wide characters and too long words are cut apart."""
    for span in whole.spans:
        for found in re.finditer(_WORDS, span.text):
            word = _with_fewer_blanks(found.group(), width)
            if len(word) <= width and word.isascii():
                yield span._replace(text=word)
            else:
                yield from (span._replace(text=part) for part in _cut(word, width))


def _with_fewer_blanks(word: str, most: int) -> str:
    bare = word.lstrip(" ")
    return " " * min(len(word) - len(bare), most) + bare


def _cut(word: str, width: int) -> Iterator[str]:
    """Yield the parts of a word between which a line may end: around wide characters, and where it is too long."""
    part, size = "", 0
    for character in word:
        cells = get_character_cell_size(character)
        wide = cells > 1
        if part and (size + cells > width or (wide and character not in _NEVER_FIRST)):
            yield part
            part, size = "", 0
        part += character
        size += cells
    if part:
        yield part


def _stripped(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans with neighbours that differ in their text alone joined, and without the blanks at the end."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1][1:] == span[1:]:
            joined[-1] = span._replace(text=joined[-1].text + span.text)
        else:
            joined.append(span)
    if joined:
        joined[-1] = joined[-1]._replace(text=joined[-1].text.rstrip(" "))
    return tuple(joined)


WIDEST_COLUMN, BETWEEN_COLUMNS, MOST_COLUMNS = 72, 8, 3
"""Cells of a column of lyrics at most, and between two of them; and how many columns there are at most."""


def in_columns(lines: Sequence[Line], width: int, height: int) -> list[Line]:
    """Return lines in as many columns as show all of them at once, of about one height, none of them cut in a verse.

    Each column is as wide as its longest line. Where even the most do not show all, the page is as long as it must be.
    """
    verses = _verses(fold(lines, min(WIDEST_COLUMN, width)))
    columns = [_stacked(verses)]
    for count in range(2, MOST_COLUMNS + 1):
        more = _split(verses, count)
        if len(columns[0]) <= height or len(more) < count or _span(more) > width:
            break
        columns = more
    if len(columns) == 1:
        return columns[0]
    widths = [span_of(column) for column in columns]
    rows = zip_longest(*columns, fillvalue=Line())
    return [_side_by_side(row, widths) for row in rows]


def centred(lines: Sequence[Line], width: int) -> list[Line]:
    """Return lines with as many blanks before each as put the widest in the middle of so many cells."""
    before = Span(" " * max(0, (width - span_of(lines)) // 2))
    return [Line((before, *shown.spans)) if shown.spans and before.text else shown for shown in lines]


def beside(left: Sequence[Line], right: Sequence[Line], width: int, height: int, upright: str) -> list[Line]:
    """Return two pages with a line between them, the left one in so many cells; the line is as high as the room."""
    rows = max(len(left), len(right), height)
    between = Span(upright, Tone.LINE)
    return [
        Line((*one.spans, Span(" " * max(1, width - span_of([one]))), between, Span(" "), *other.spans))
        for one, other in islice(zip_longest([*left, *[Line()] * (rows - len(left))], right, fillvalue=Line()), rows)
    ]


def _verses(lines: Iterable[Line]) -> list[list[Line]]:
    """Return what stands between blank lines."""
    parted = groupby(lines, key=lambda shown: bool(shown.text.strip()))
    return [list(verse) for sung, verse in parted if sung]


def _split(verses: Sequence[Sequence[Line]], count: int) -> list[list[Line]]:
    """Return so many columns of about one height, or fewer where there are fewer verses."""
    total = sum(len(verse) + 1 for verse in verses)
    for most in range(total // count, total + 1):
        columns: list[list[Sequence[Line]]] = [[]]
        for verse in verses:
            if columns[-1] and sum(len(one) + 1 for one in columns[-1]) + len(verse) > most:
                columns.append([])
            columns[-1].append(verse)
        if len(columns) <= count:
            return [_stacked(column) for column in columns]
    return [_stacked(verses)]


def _stacked(verses: Sequence[Sequence[Line]]) -> list[Line]:
    return [shown for verse in verses for shown in (*verse, Line())][:-1]


def _span(columns: Sequence[Sequence[Line]]) -> int:
    return sum(map(span_of, columns)) + BETWEEN_COLUMNS * (len(columns) - 1)


def span_of(lines: Iterable[Line]) -> int:
    """Return the cells of the widest line."""
    return max((sum(span.width for span in shown.spans) for shown in lines), default=0)


def _side_by_side(row: Sequence[Line], widths: Sequence[int]) -> Line:
    spans: list[Span] = []
    for shown, width in zip(row, widths, strict=True):
        spans += [*shown.spans, Span(" " * (width - span_of([shown]) + BETWEEN_COLUMNS))]
    return Line(_stripped(spans))
