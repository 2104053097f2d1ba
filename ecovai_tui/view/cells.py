"""The cells of a list: spans of text with a tone, fitted to a width, and their stand-ins for ASCII terminals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import ELLIPSIS, cell_width, truncate

STAND_INS: Mapping[str, str] = {
    **dict.fromkeys("─━═▁▂▔▀▄╌┄", "-"),
    **dict.fromkeys("│┃║▌▐▎▊▏▕╎┆", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝┏┓┗┛", "+"),
    **dict.fromkeys("▃▅▆▇█░▒▓■", " "),
    **dict.fromkeys("·•", "-"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("–—", "-"),
    "…": "~",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "❯": ">",
}
"""One cell for one cell; whatever else there is becomes as many question marks as it takes cells."""


@lru_cache(maxsize=4096)
def encodable(text: str, encoding: str) -> str:
    """Return a text of the same width in cells that an encoding has characters for: all that it has stay as they are.

    ``encoding`` is a name that Python knows.
    """
    return text if text.isascii() else "".join(_encodable(character, encoding) for character in text)


def _encodable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return STAND_INS.get(character, "?" * cell_width(character))
    return character


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


def glyph_of(phase: Phase, *, ascii_only: bool) -> str:
    """Return the glyph of a phase, always one cell wide."""
    return phase.ascii_glyph if ascii_only else phase.glyph


def clips_cell(phases: Sequence[Phase], *, ascii_only: bool = False) -> Cell:
    """Return the glyphs of all clips with room between them for the brackets of a chosen one."""
    glyphs = [Piece(glyph_of(phase, ascii_only=ascii_only), phase) for phase in phases]
    spaced = [piece for glyph in glyphs for piece in (Piece(" "), glyph)]
    return Cell(tuple(spaced), tuple(glyphs))


def chosen_clip_cell(phases: Sequence[Phase], chosen: int, width: int, *, ascii_only: bool = False) -> Cell:
    """Return as many glyphs as fit into so many cells, those around the chosen one, which stands in brackets."""
    room = max(1, (width - 1) // 2)
    first = max(0, min(chosen - room // 2, len(phases) - room))
    shown = range(first, min(first + room, len(phases)))
    pieces = [piece for number in shown for piece in _glyph_before(phases, number, chosen, ascii_only)]
    if chosen == shown[-1]:
        pieces.append(Piece("]", phases[chosen]))
    return Cell(tuple(pieces))


def clip_at(x: int, phases: Sequence[Phase], chosen: int | None, width: int) -> int:
    """Return which clip stands at a place (in cells) of a cell so wide.

    ``chosen`` is the one in brackets there, as ``chosen_clip_cell`` has it; None where ``clips_cell`` made the cell.
    """
    if chosen is None:
        spaced = 2 * len(phases) <= width
        return _nearest(max(0, x - 1) // 2 if spaced else x, phases)
    room = max(1, (width - 1) // 2)
    first = max(0, min(chosen - room // 2, len(phases) - room))
    return _nearest(first + max(0, x - 1) // 2, phases)


def _nearest(number: int, phases: Sequence[Phase]) -> int:
    return max(0, min(number, len(phases) - 1))


def _glyph_before(phases: Sequence[Phase], number: int, chosen: int, ascii_only: bool) -> tuple[Piece, Piece]:
    glyph = Piece(glyph_of(phases[number], ascii_only=ascii_only), phases[number])
    if number == chosen:
        return Piece("[", phases[chosen]), glyph
    return Piece("]", phases[chosen]) if number == chosen + 1 else Piece(" "), glyph
