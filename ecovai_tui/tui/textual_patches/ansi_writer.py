"""Cells and how they look, and the shortest sequences that draw them: for terminals that do not agree on all widths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from unicodedata import east_asian_width
from zlib import crc32

from rich.color import ColorSystem
from rich.style import Style

from ecovai_tui.tasks.text import cell_width

LINK_IDS = 4096
"""Ids of links are below this: the same address has the same id wherever it stands, so that it is one link."""

RESET = "\x1b[m"
END_OF_LINK = "\x1b]8;;\x1b\\"

NAMES = (
    "bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike", "underline2", "frame",
    "encircle", "overline",
)  # fmt: skip
"""Rich's attributes, by their bits."""

ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")  # their codes

OFF = {0b11: "22", 1 << 2: "23", 1 << 3 | 1 << 9: "24", 0b11 << 4: "25", 1 << 6: "27", 1 << 7: "28", 1 << 8: "29"}
"""The codes that end attributes, each for all of its bits; those that are not here end with a reset."""

ENDED_ALONE = sum(OFF)
"""The attributes that can be ended without a reset."""

STEP = len("\x1b[9C")

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
        f"id={crc32(style.link.encode()) % LINK_IDS:x};{style.link}" if style.link else "",
    )


@lru_cache(maxsize=4096)
def blank(look: CellStyle) -> CellStyle:
    """Return what of a look is seen on a blank."""
    return look if look.attributes & LINES else CellStyle(background=look.background, link=look.link)


_TEXT, _LOOK = attrgetter("text"), attrgetter("look")


class Piece(NamedTuple):
    """Cells of one look that stand side by side and are drawn at once; the blanks behind them look as they do."""

    x: int
    text: str
    width: int
    look: CellStyle
    erased: bool = False
    """Whether they are blanks that the terminal erases."""


class AnsiWriter:
    """Draws cells for one write, in the look that the last one ended with; takes no place of the cursor for granted."""

    def __init__(self, *, ambiguous: bool = False, erases: bool = False, look: CellStyle = PLAIN) -> None:
        """``ambiguous`` and ``erases`` are as of ``ScreenBuffer``; ``look`` is what the terminal writes in."""
        self._sent: list[str] = []
        self._ambiguous, self._erases, self.look = ambiguous, erases, look
        self._column = self._line = -1
        """Where the cursor is, below 0 where that is not certain."""
        self._end = -1, -1
        """Where it is if the terminal agrees on all widths."""
        self._unsure = 0
        """Characters since it was moved last of which a terminal may think otherwise."""

    def draw(self, line: Sequence[Cell | None], y: int, pieces: Sequence[Piece]) -> None:
        """Draw pieces of a line, all in one look before those in the next where that is shorter."""
        for piece in self._in_order(pieces):
            x, text = piece.x, piece.text
            self._go(line, x, y)
            self._take(piece.look if text.strip(" ") else _on_blanks(self.look, piece.look))
            self._sent.append(f"\x1b[{piece.width}X" if piece.erased else self._placed(text, x, y))
            end = x if piece.erased else x + piece.width
            self._unsure += 0 if text.isascii() else len(text)
            self._end = end, y
            self._line = y if end + self._unsure < len(line) else -1
            self._column = -1 if self._unsure else end

    def pieces(
        self, line: Sequence[Cell | None], start: int, end: int, under: Sequence[Cell | None] = ()
    ) -> list[Piece]:
        """Return the pieces of a part of a line; ``under`` are the cells that it covers."""
        pieces, x = list[Piece](), start
        for look, alike in groupby(filter(None, line[start:end]), key=_LOOK):
            texts = [*map(_TEXT, alike)]
            text, width = "".join(texts), len(texts)
            whole = all(cell is None or cell.text for cell in under[x + width - start :][:1])  # no half is left
            erased = self._erases and whole and _worth_erasing(text, look, x + width == end)
            piece = Piece(x, text, width, look, erased)
            if pieces and (joined := _joined(pieces[-1], piece)):
                pieces[-1:] = joined
            else:
                pieces.append(piece)
            x += width
        return pieces

    def _in_order(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return pieces in the order that takes the fewest changes of look and steps of the cursor."""
        if self._ambiguous or len(pieces) <= 2:  # noqa: PLR2004  # nothing to gain
            return pieces
        ranks = {look: rank for rank, look in enumerate(dict.fromkeys((self.look, *(piece.look for piece in pieces))))}
        return min(pieces, sorted(pieces, key=lambda piece: ranks[piece.look]), key=self._cost)

    def _cost(self, pieces: Sequence[Piece]) -> int:
        look, end, cost = self.look, pieces[0].x, 0
        for piece in pieces:
            cost += (STEP if piece.x != end else 0) + (len(_change(look, piece.look)) if piece.look != look else 0)
            look, end = piece.look, piece.x + (0 if piece.erased else piece.width)
        return cost

    def _placed(self, text: str, x: int, y: int) -> str:
        """Return a text that has the cursor where it belongs behind each character of ambiguous width."""
        placed = []
        for character in text if self._ambiguous and not text.isascii() else ():
            x += cell_width(character)
            placed.append(character + (_address(x, y) if east_asian_width(character) == "A" else ""))
        return "".join(placed) or text

    def lift(self) -> str:
        """End the write, and return it; no link stays open."""
        self._take(self.look._replace(link=""))
        return "".join(self._sent)

    def _go(self, line: Sequence[Cell | None], x: int, y: int) -> None:
        """Move the cursor in the shortest way; terminals do not agree on the width of all that is not ASCII."""
        if (x, y) == self._end:
            return
        column = self._column
        way = _column_address(x) if y == self._line else _address(x, y)
        if column >= 0 and self._line >= 0:
            way = min(_steps(x - column, y - self._line), way, key=len)
            if self._line == y and 0 <= x - column < len(way):
                way = self._over(line[column:x]) or way
        self._sent.append(way)
        self._unsure = 0

    def _over(self, cells: Sequence[Cell | None]) -> str:
        """Return what draws cells again as they are; "" where the pen would have to change for it."""
        look, ground = self.look, blank(self.look)
        texts = [
            cell.text
            for cell in cells
            if cell is not None and cell.text.isascii() and cell.look == (ground if cell.text == " " else look)
        ]
        return "".join(texts) if len(texts) == len(cells) and all(texts) else ""

    def _take(self, look: CellStyle) -> None:
        if look != self.look:
            self._sent.append(_change(self.look, look))
            self.look = look


def _worth_erasing(text: str, look: CellStyle, ends: bool) -> bool:  # called for each piece
    """Return whether it is shorter to erase blanks than to write them; behind them the cursor has to be moved."""
    shorter = len(text) > (len("\x1b[99X") if ends else len("\x1b[99X\x1b[99C"))
    return shorter and not text.strip(" ") and not (look.attributes & LINES or look.link)


def _joined(before: Piece, piece: Piece) -> Sequence[Piece]:
    """Return a piece and the next one where one of them can look as the other: as one, unless blanks are erased."""
    first, second = before.text.strip(" "), piece.text.strip(" ")
    seen = (before.look.attributes | piece.look.attributes) & LINES
    if (first and second) or before.look[2:] != piece.look[2:] or seen:
        return ()
    look = before.look if first else piece.look
    if before.erased or piece.erased:
        return before._replace(look=look), piece._replace(look=look)
    return (Piece(before.x, before.text + piece.text, before.width + piece.width, look),)


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
    whole = ["0", *on, *filter(None, (after.foreground, after.background))]
    steps = [*_attribute_steps(before.attributes, after.attributes)]
    if before.foreground != after.foreground:
        steps.append(after.foreground or "39")
    if before.background != after.background:
        steps.append(after.background or "49")
    ended = before.attributes & ~after.attributes & ~ENDED_ALONE
    codes = [";".join(whole)] if ended else [";".join(steps), ";".join(whole)]
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


def _column_address(x: int) -> str:
    """Return the shortest movement within the line."""
    return f"\x1b[{x + 1}G" if x else "\x1b[G"


@lru_cache(maxsize=4096)
def _steps(columns: int, lines: int) -> str:
    """Return the shortest relative movement; without backspaces, so that no bare control is ever sent."""
    return _step(lines, "B", "A") + _step(columns, "C", "D")


def _step(count: int, forth: str, back: str) -> str:
    direction = forth if count > 0 else back
    return f"\x1b[{abs(count) if abs(count) > 1 else ''}{direction}" if count else ""


class PlainCells(dict[str, Cell]):
    """The cells of the characters of ASCII that were drawn in a look: most of a screen is made of few."""

    def __init__(self, look: CellStyle) -> None:
        super().__init__({" ": Cell(" ", blank(look))})
        self.look = look

    def __missing__(self, character: str) -> Cell:
        """Make the cell of a character, once."""
        cell = self[character] = Cell(character, self.look)
        return cell


_plain_cells = lru_cache(maxsize=256)(PlainCells)


@lru_cache(maxsize=1024)
def cells_of(text: str, style: Style, colours: ColorSystem) -> tuple[Cell, ...]:
    """Return the cells of a text; the same ones for the same text, so that comparing them is quick."""
    look, cells = look_of(style, colours), list[Cell]()
    plain = _plain_cells(look)
    if text.isascii():
        return tuple(map(plain.__getitem__, text))
    for character in text:
        width = cell_width(character)
        if character == " ":
            cells.append(plain[character])
        elif width:
            cells.append(Cell(character, look))
            cells += [Cell("", look)] * (width - 1)
        elif cells:
            whole = -1 if cells[-1].text else -2
            cells[whole] = Cell(cells[whole].text + character, look)
    return tuple(cells)
