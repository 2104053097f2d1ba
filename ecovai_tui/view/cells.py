"""The cells of a list: spans of text fitted to a width, and their stand-ins for ASCII terminals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import ELLIPSIS, cell_width, truncate
from ecovai_tui.view.lines import Span, Spans, text_of

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
"""Cells below which the first span has all the room: two halves of a few letters say nothing."""


_NOTHING = (Span(""),)


class Cell(NamedTuple):
    """The content of one cell, and what stands in its place where that is too wide."""

    spans: Spans
    short: Spans = ()

    @property
    def text(self) -> str:
        """The whole content without tones."""
        return text_of(self.spans)


@lru_cache(maxsize=2048)
def fit_cell(cell: Cell, width: int, *, right: bool = False, ellipsis: str = ELLIPSIS, gap: int = 0) -> Spans:
    """Return spans that take exactly so many cells: the whole content, else the short one, else what fits of it.

    Where several spans are too wide together, the first one leaves a little more than half of the room to the others.
    ``gap`` is how many blanks follow. What is asked for again is kept: most cells of a list say what others say.
    """
    spans = cell.spans or _NOTHING
    taken = _width_of(spans)
    if taken > width:
        spans = _shorter(cell, width, ellipsis)
        taken = _width_of(spans)
    return _padded(spans, width - taken, gap) if right else _padded(spans, 0, width - taken + gap)


def _padded(spans: Spans, before: int, after: int) -> Spans:
    if len(spans) == 1:
        (only,) = spans
        return (Span(" " * before + only.text + " " * after, only.tone),)
    first, *others, last = spans
    return (Span(" " * before + first.text, first.tone), *others, Span(last.text + " " * after, last.tone))


def _shorter(cell: Cell, width: int, ellipsis: str) -> Spans:
    shorter = cell.short or cell.spans
    return shorter if _width_of(shorter) <= width else _cut(shorter, width, ellipsis)


def _cut(spans: Spans, width: int, ellipsis: str) -> Spans:
    first, *others = spans
    wanted = sum(cell_width(span.text) for span in others)
    share = max(width - wanted, width // 2 - 1) if others and width >= SHARED_FROM else width
    kept = truncate(first.text, share, ellipsis)
    cut, left = [Span(kept, first.tone)], width - cell_width(kept)
    for span in others:
        text = truncate(span.text, left, ellipsis)
        if text != span.text and text.strip() in {"", ellipsis}:
            return _with_end_marked(cut, ellipsis)
        cut.append(Span(text, span.tone))
        left -= cell_width(text)
    return tuple(cut)


def _with_end_marked(spans: list[Span], ellipsis: str) -> Spans:
    """Show that more would follow: the last span gives its end for an ellipsis."""
    *others, last = spans
    if last.text.endswith(ellipsis):
        return tuple(spans)
    marked = truncate(f"{last.text}{ellipsis}", cell_width(last.text), ellipsis)
    return (*others, Span(marked, last.tone))


def _width_of(spans: Spans) -> int:
    return cell_width(spans[0].text) if len(spans) == 1 else sum(cell_width(span.text) for span in spans)


def glyph_of(phase: Phase, *, ascii_only: bool) -> str:
    """Return the glyph of a phase, always one cell wide."""
    return phase.ascii_glyph if ascii_only else phase.glyph


def clips_cell(phases: Sequence[Phase], *, ascii_only: bool = False) -> Cell:
    """Return the glyphs of all clips with room between them for the brackets of a chosen one."""
    glyphs = [Span(glyph_of(phase, ascii_only=ascii_only), phase) for phase in phases]
    spaced = [span for glyph in glyphs for span in (Span(" "), glyph)]
    return Cell(tuple(spaced), tuple(glyphs))


def chosen_clip_cell(phases: Sequence[Phase], chosen: int, width: int, *, ascii_only: bool = False) -> Cell:
    """Return as many glyphs as fit into so many cells, those around the chosen one, which stands in brackets."""
    room = max(1, (width - 1) // 2)
    first = max(0, min(chosen - room // 2, len(phases) - room))
    shown = range(first, min(first + room, len(phases)))
    spans = [span for number in shown for span in _glyph_before(phases, number, chosen, ascii_only)]
    if chosen == shown[-1]:
        spans.append(Span("]", phases[chosen]))
    return Cell(tuple(spans))


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


def _glyph_before(phases: Sequence[Phase], number: int, chosen: int, ascii_only: bool) -> tuple[Span, Span]:
    glyph = Span(glyph_of(phases[number], ascii_only=ascii_only), phases[number])
    if number == chosen:
        return Span("[", phases[chosen]), glyph
    return Span("]", phases[chosen]) if number == chosen + 1 else Span(" "), glyph
