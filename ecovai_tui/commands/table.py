"""Lines of cells: aligned and coloured where a human looks, parted by tabs where a program reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from ecovai_tui.commands.output import on_terminal, write
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width

_GAP = "  "
_IN_ONE_CELL = dict.fromkeys(map(ord, "\t\r\n"), " ")
_COLOURS = {
    Phase.WAITING.value: "2",
    Phase.RUNNING.value: "36",
    Phase.STREAMING.value: "34",
    Phase.DONE.value: "32",
    Phase.PARTIAL.value: "33",
    Phase.FAILED.value: "31",
    Phase.MISSING.value: "35",
    Phase.UNKNOWN.value: "35",
    "muted": "2",
    "warning": "33",
}
"""SGR parameters by tone: the terminal's own colours, so that they suit any background."""


def painted(text: str, tone: str) -> str:
    """Return the text in the colour of a tone, if standard output is a terminal that wants colours."""
    colour = _COLOURS.get(tone)
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text.strip() and wants_colour() else text


def wants_colour() -> bool:
    """Tell whether standard output is a terminal with colours, and NO_COLOR does not forbid them."""
    return on_terminal(sys.stdout) and "NO_COLOR" not in os.environ and os.environ.get("TERM", "") not in {"", "dumb"}


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows of plain text under their headings."""
    lines = [headings, *rows]
    for line in aligned(lines) if on_terminal(sys.stdout) else map(tabbed, lines):
        write(line)


def tabbed(cells: Iterable[str]) -> str:
    """Return a line for programs as cut and awk: cells neither padded nor cut, parted by tabs, always as many."""
    return "\t".join(cell.translate(_IN_ONE_CELL).strip() for cell in cells)


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return lines whose cells stand under each other."""
    count = max(map(len, lines), default=0)
    widths = [max(cell_width(line[place]) for line in lines) for place in range(count)]
    return [_GAP.join(_padded(*cell) for cell in zip(line, widths, strict=True)).rstrip() for line in lines]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_width(text))
