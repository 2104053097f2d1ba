"""Lines of cells, aligned by what they take on a terminal, and coloured where a human looks."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ecovai_tui.commands.output import on_terminal, write
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width

_GAP = "  "
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


def write_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write rows of plain text under their headings."""
    for line in aligned([headings, *rows]):
        write(line)


def aligned(lines: Sequence[Sequence[str]], right: Sequence[bool] = ()) -> list[str]:
    """Return lines whose cells stand under each other; ``right`` tells which columns end in line."""
    count = max(map(len, lines), default=0)
    widths = [max(cell_width(line[place]) for line in lines) for place in range(count)]
    sides = [*right, *[False] * (count - len(right))]
    return [_GAP.join(_padded(*cell) for cell in zip(line, widths, sides, strict=True)).rstrip() for line in lines]


def _padded(text: str, width: int, right: bool) -> str:
    padding = " " * (width - cell_width(text))
    return padding + text if right else text + padding
