"""What stands in one cell of a list: pieces of text with a tone each, fitted to a width in terminal cells."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import ELLIPSIS, cell_width, truncate

ASCII_ELLIPSIS = "~"


def ellipsis_of(*, ascii_only: bool) -> str:
    """Return what stands at the end of a text that was cut, of one cell."""
    return ASCII_ELLIPSIS if ascii_only else ELLIPSIS


SHARED_FROM = 20
"""Cells below which the first piece has all the room: two halves of a few letters say nothing."""


class Shade(StrEnum):
    """How loud a text is that says nothing of a phase."""

    PLAIN = "plain"
    MUTED = "muted"
    WARNING = "warning"


Tone: TypeAlias = Phase | Shade
"""What colour a text has; a front end decides which one that is."""


class Piece(NamedTuple):
    """A run of text of one tone."""

    text: str
    tone: Tone = Shade.PLAIN


Pieces: TypeAlias = tuple[Piece, ...]

_NOTHING = (Piece(""),)


class Cell(NamedTuple):
    """The content of one cell, and what stands in its place where that is too wide."""

    pieces: Pieces
    short: Pieces = ()

    @property
    def text(self) -> str:
        """The whole content without tones."""
        return text_of(self.pieces)


def text_of(pieces: Pieces) -> str:
    """Return the text of all pieces."""
    return "".join(piece.text for piece in pieces)


@lru_cache(maxsize=2048)
def fit_cell(cell: Cell, width: int, *, right: bool = False, ellipsis: str = ELLIPSIS, gap: int = 0) -> Pieces:
    """Return pieces that take exactly so many cells: the whole content, else the short one, else what fits of it.

    Where several pieces are too wide together, the first one leaves a little more than half of the room to the others.
    ``gap`` is how many blanks follow. What is asked for again is kept: most cells of a list say what others say.
    """
    pieces = cell.pieces or _NOTHING
    taken = _width_of(pieces)
    if taken > width:
        pieces = _shorter(cell, width, ellipsis)
        taken = _width_of(pieces)
    return _padded(pieces, width - taken, gap) if right else _padded(pieces, 0, width - taken + gap)


def _padded(pieces: Pieces, before: int, after: int) -> Pieces:
    if len(pieces) == 1:
        ((text, tone),) = pieces
        return (Piece(" " * before + text + " " * after, tone),)
    first, *others, last = pieces
    return (Piece(" " * before + first.text, first.tone), *others, Piece(last.text + " " * after, last.tone))


def _shorter(cell: Cell, width: int, ellipsis: str) -> Pieces:
    shorter = cell.short or cell.pieces
    return shorter if _width_of(shorter) <= width else _cut(shorter, width, ellipsis)


def _cut(pieces: Pieces, width: int, ellipsis: str) -> Pieces:
    first, *others = pieces
    wanted = sum(cell_width(piece.text) for piece in others)
    share = max(width - wanted, width // 2 - 1) if others and width >= SHARED_FROM else width
    kept = truncate(first.text, share, ellipsis)
    cut, left = [Piece(kept, first.tone)], width - cell_width(kept)
    for piece in others:
        text = truncate(piece.text, left, ellipsis)
        if text != piece.text and text.strip() in {"", ellipsis}:
            return _with_end_marked(cut, ellipsis)
        cut.append(Piece(text, piece.tone))
        left -= cell_width(text)
    return tuple(cut)


def _with_end_marked(pieces: list[Piece], ellipsis: str) -> Pieces:
    """Show that more would follow: the last piece gives its end for an ellipsis."""
    *others, last = pieces
    if last.text.endswith(ellipsis):
        return tuple(pieces)
    marked = truncate(f"{last.text}{ellipsis}", cell_width(last.text), ellipsis)
    return (*others, Piece(marked, last.tone))


def _width_of(pieces: Pieces) -> int:
    return cell_width(pieces[0].text) if len(pieces) == 1 else sum(cell_width(piece.text) for piece in pieces)
