"""One glyph for each clip of a task, and which of them is chosen: readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from ecovai_tui.interface.cells import Cell, Piece
from ecovai_tui.tasks.model import Phase


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
