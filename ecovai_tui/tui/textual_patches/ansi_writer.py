"""The escape codes for styled cells: no more than differs from what was sent before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style

RESET = "\x1b[m"
END_OF_LINK = "\x1b]8;;\x1b\\"

NAMES = (
    "bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike", "underline2", "frame",
    "encircle", "overline",
)  # fmt: skip
"""Rich's attributes, by their bits."""

ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""Their codes."""

OFF = {0b11: "22", 1 << 2: "23", 1 << 3 | 1 << 9: "24", 0b11 << 4: "25", 1 << 6: "27", 1 << 7: "28", 1 << 8: "29"}
"""The codes that end attributes, each for all of its bits; those that are not here end with a reset."""

ENDED_ALONE = sum(OFF)
"""The attributes that can be ended without a reset."""

LINES = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 12
"""Attributes that are seen on a blank: underlined, reversed, struck through, underlined twice, overlined."""


class CellStyle(NamedTuple):
    """How a cell looks, in the terminal's own codes; a colour without a code is the terminal's own."""

    attributes: int = 0
    foreground: str = ""
    background: str = ""
    link: str = ""


PLAIN = CellStyle()


class Cell(NamedTuple):
    """One cell of the screen; the right half of a wide character has no text."""

    text: str
    look: CellStyle


@lru_cache(maxsize=4096)
def look_of(style: Style, colours: ColorSystem) -> CellStyle:
    """Return how a style looks with so many colours."""
    foreground, background = (
        ";".join(colour.downgrade(colours).get_ansi_codes(foreground=front)) if colour else ""
        for colour, front in ((style.color, True), (style.bgcolor, False))
    )
    return CellStyle(
        sum(1 << bit for bit, name in enumerate(NAMES) if getattr(style, name)),
        "" if foreground == "39" else foreground,
        "" if background == "49" else background,
        f"id={style.link_id};{style.link}" if style.link else "",
    )


@lru_cache(maxsize=4096)
def blank(look: CellStyle) -> CellStyle:
    """Return what of a look is seen on a blank."""
    return look if look.attributes & LINES else CellStyle(background=look.background, link=look.link)


_TEXT, _LOOK = attrgetter("text"), attrgetter("look")


class AnsiWriter:
    """Draws cells for one write: it begins and ends with plain looks, and takes no place of the cursor for granted."""

    def __init__(self) -> None:
        self._sent: list[str] = []
        self._look = PLAIN
        self._place: tuple[int, int] | None = None
        """Column and line of the cursor, where that is certain."""

    def draw(self, line: Sequence[Cell | None], y: int, start: int, end: int) -> None:
        """Draw a part of a line; the cells left of it are on the screen already."""
        self._go(line, start, y)
        drawn = ""
        for look, alike in groupby(filter(None, line[start:end]), key=_LOOK):
            text = "".join(map(_TEXT, alike))
            self._write(text, look)
            drawn += text
        certain = end < len(line) and drawn.isascii() and len(drawn) == end - start
        self._place = (end, y) if certain else None

    def lift(self) -> str:
        """End the write, and return it."""
        self._take(PLAIN)
        return "".join(self._sent)

    def _go(self, line: Sequence[Cell | None], x: int, y: int) -> None:
        """Move the cursor in the shortest way; terminals do not agree on the width of all that is not ASCII."""
        way = _address(x, y)
        if self._place is not None:
            column, row = self._place
            way = min(way, _steps(x - column, y - row), key=len)
            if row == y and 0 <= x - column < len(way):
                way = self._over(line[column:x]) or way
        self._sent.append(way)

    def _over(self, cells: Sequence[Cell | None]) -> str:
        """Return what draws cells anew as they are; "" where the pen would have to change for it."""
        look, ground = self._look, blank(self._look)
        texts = [
            cell.text
            for cell in cells
            if cell is not None and cell.text.isascii() and cell.look == (ground if cell.text == " " else look)
        ]
        return "".join(texts) if len(texts) == len(cells) and all(texts) else ""

    def _write(self, text: str, look: CellStyle) -> None:
        self._take(_on_blanks(self._look, look) if not text.strip(" ") else look)
        self._sent.append(text)

    def _take(self, look: CellStyle) -> None:
        if look is not self._look:
            self._sent.append(_change(self._look, look))
            self._look = look


@lru_cache(maxsize=4096)
def _on_blanks(before: CellStyle, look: CellStyle) -> CellStyle:
    """Return the look for blanks that needs the least change: what is not seen on them may stay."""
    if look.attributes & LINES:
        return look
    return CellStyle(before.attributes & ~LINES, before.foreground, look.background, look.link)


@lru_cache(maxsize=4096)
def _change(before: CellStyle, after: CellStyle) -> str:
    """Return the shortest that changes one look into another."""
    link = "" if before.link == after.link else f"\x1b]8;{after.link}\x1b\\" if after.link else END_OF_LINK
    if before[:3] == after[:3]:
        return link
    if after[:3] == PLAIN[:3]:
        return link + RESET
    on = [code for bit, code in enumerate(ON) if after.attributes >> bit & 1]
    anew = ["0", *on, *filter(None, (after.foreground, after.background))]
    steps = [*_attribute_steps(before.attributes, after.attributes)]
    if before.foreground != after.foreground:
        steps.append(after.foreground or "39")
    if before.background != after.background:
        steps.append(after.background or "49")
    ended = before.attributes & ~after.attributes & ~ENDED_ALONE
    codes = [";".join(anew)] if ended else [";".join(steps), ";".join(anew)]
    return f"{link}\x1b[{min(codes, key=len)}m"


def _attribute_steps(before: int, after: int) -> Iterable[str]:
    """Yield the codes that end and begin attributes; what shares a code's end is begun again."""
    for bits, code in OFF.items():
        if before & bits and (before ^ after) & bits:
            before &= ~bits
            yield code
    yield from (code for bit, code in enumerate(ON) if after & ~before & 1 << bit)


@lru_cache(maxsize=4096)
def _address(x: int, y: int) -> str:
    """Return the shortest absolute movement."""
    line = str(y + 1) if y else ""
    return f"\x1b[{line};{x + 1}H" if x else f"\x1b[{line}H"


@lru_cache(maxsize=4096)
def _steps(columns: int, lines: int) -> str:
    """Return the shortest relative movement; without backspaces, so that no bare control is ever sent."""
    return _step(lines, "B", "A") + _step(columns, "C", "D")


def _step(count: int, forth: str, back: str) -> str:
    direction = forth if count > 0 else back
    return f"\x1b[{abs(count) if abs(count) > 1 else ''}{direction}" if count else ""
