"""Pictures in a terminal: what it can do, as it answers, and the bytes by which it draws one.

A picture stands among the other cells as cells of its own, each of which says which part of the picture it shows:
kitty's Unicode placeholders (https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders). A terminal of
that protocol is sent the picture once, and then the cells. For sixels (VT330/VT340 Programmer Reference, chapter 14)
the cells become blanks on which the picture is laid when all of them stand there.
"""

import re
from base64 import standard_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from fcntl import ioctl
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from math import ceil, sqrt
from pathlib import Path
from struct import unpack
from termios import TIOCGWINSZ
from typing import NamedTuple, Protocol, TypeAlias, cast
from zlib import crc32

from ecovai_tui.store.settings_file import Pictures
from ecovai_tui.terminal.sequences import through


class Way(StrEnum):
    """How a picture is drawn."""

    OFF = "off"
    BLOCKS = "blocks"
    """Two colours a cell."""
    KITTY = "kitty"
    SIXEL = "sixel"


CELL_QUESTION = b"\x1b[16t"
QUESTIONS = b"\x1b[>q" + CELL_QUESTION + b"\x1b[c"
"""Ask for the terminal's name (XTVERSION), the size of a cell, and its attributes (DA1)."""

PROBE = b"\x1b_Gi=31,s=1,v=1,a=q,U=1,t=d,f=24;AAAA\x1b\\"
"""Asks whether kitty's graphics are there; only of terminals that are known not to print it.

A kitty before 0.28, which would print placeholders as boxes, takes ``U`` for an error and does not answer.
"""

PLACING = ("kitty", "ghostty", "rio")
"""Begin the names of terminals that draw placeholders; others answer the probe as well, and print the cells."""

_NAME = r"\x1bP>\|([!-~]{1,40})"
_GRAPHICS = r"\x1b_Gi=31;OK"
_CELL = r"\x1b\[6;(\d{1,3});(\d{1,3})t"
_ATTRIBUTES = r"\x1b\[\?([0-9;]{1,60})c"
_SIXELS = "4"
"""The attribute of DA1 that stands for them."""


STDERR = 2
"""Where the screen is drawn."""


class Graphics:
    """What the terminal can do with pictures, as far as it answered."""

    def __init__(self, wish: Pictures) -> None:
        self._wish = wish
        self._through_tmux = False
        self._places = wish == "kitty"
        self._has_sixels = wish == "sixel"
        self.cell: tuple[int, int] | None = None
        """Width and height of a cell in pixels."""

    @property
    def way(self) -> Way:
        """How a picture is drawn now."""
        if self._wish in {"off", "blocks"}:
            return Way(self._wish)
        if self._places:
            return Way.KITTY
        return Way.SIXEL if self._has_sixels and self.cell else Way.BLOCKS

    @property
    def questions(self) -> bytes:
        """What the terminal is to be asked at the start."""
        return {"auto": QUESTIONS, "sixel": CELL_QUESTION}.get(self._wish, b"")

    def take(self, answer: str) -> bytes:
        """Take in an answer of the terminal; return what to ask next, b"" for nothing."""
        asks = self._wish == "auto"
        if asks and (name := re.match(_NAME, answer)):
            return PROBE if name[1].lower().startswith(PLACING) else b""
        if found := re.fullmatch(_CELL, answer):
            height, width = map(int, found.groups())
            self.cell = (width, height) if width and height else None
        elif asks and re.fullmatch(_GRAPHICS, answer):
            self._places = True
        elif asks and (found := re.fullmatch(_ATTRIBUTES, answer)):
            self._has_sixels = _SIXELS in found[1].split(";")[1:]
        return b""

    def measure(self, terminal: int = STDERR) -> None:
        """Take in the size of a cell as the kernel was told it, since xterm answers nobody who asks for it."""
        with suppress(OSError):
            rows, columns, width, height = unpack("HHHH", ioctl(terminal, TIOCGWINSZ, bytes(8)))
            if rows and columns and width >= columns and height >= rows:
                self.cell = width // columns, height // rows

    def stand_in_tmux(self, passthrough: str, outside: str) -> None:
        """Take in what lies between: tmux passes pictures on only where its option says so, and answers for itself.

        ``outside`` is what it knows the terminal around it by.
        """
        knows = self._wish == "kitty" or any(name in outside.lower() for name in PLACING)
        self._through_tmux = passthrough in {"1", "on", "all"} and knows and self._wish in {"auto", "kitty"}
        self._places = self._through_tmux
        if not self._places:
            self.give_up()

    def give_up(self) -> None:
        """Draw in two colours a cell from now on."""
        self._wish = "off" if self._wish == "off" else "blocks"

    def with_png(self, drawing: "Drawing", png: bytes) -> str:
        """Return what hands a picture over to kitty for a drawing, in chunks as the protocol wants them."""
        data = standard_b64encode(png).decode()
        chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
        about = f"a=T,U=1,q=2,f=100,i={drawing.id},c={drawing.columns},r={drawing.rows},"
        sent = (
            f"\x1b_G{'' if number else about}m={int(number < len(chunks) - 1)};{chunk}\x1b\\"
            for number, chunk in enumerate(chunks)
        )
        return "".join(through(each.encode(), tmux=self._through_tmux, screen=False).decode() for each in sent)


CHUNK = 4096
"""Characters of base64 that one sequence of kitty's may hold."""

PLACEHOLDER = "\U0010eeee"
DIACRITICS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352\u0357\u035b\u0363\u0364"
    "\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f\u0483\u0484\u0485\u0486\u0487\u0592\u0593\u0594"
    "\u0595\u0597\u0598\u0599\u059c\u059d\u059e\u059f\u05a0\u05a1\u05a8\u05a9\u05ab\u05ac\u05af\u05c4\u0610\u0611\u0612"
)
"""The marks that count rows and columns from 0, as kitty's ``rowcolumn-diacritics.txt`` begins."""

_CELLS = f"{PLACEHOLDER}[{DIACRITICS}]+"


class Drawing(NamedTuple):
    """A picture as cells, and what has the terminal draw it on them."""

    way: Way
    id: int
    """Below 2^24: kitty reads it from the colour of the cells."""
    columns: int
    rows: int
    sequence: str = ""

    def row(self, row: int) -> str:
        """Return the cells of one row; for sixels, whose cells are never sent, they tell pictures apart as well."""
        which = DIACRITICS[self.id % len(DIACRITICS)] if self.way is Way.SIXEL else ""
        return "".join(f"{PLACEHOLDER}{DIACRITICS[row]}{mark}{which}" for mark in DIACRITICS[: self.columns])


class Texted(Protocol):
    """A cell of a screen."""

    @property
    def text(self) -> str:
        """What stands in it."""


class Overlay:
    """The one picture on a screen: hands it over when its cells are sent."""

    def __init__(self) -> None:
        self._drawing: Drawing | None = None
        self._known: set[int] = set()

    def show(self, drawing: Drawing | None) -> None:
        """Hand this picture over when its cells are sent next."""
        self._drawing = drawing

    def forget(self) -> None:
        """Take it that the terminal knows no picture any more."""
        self._known.clear()

    def joined(self, sent: str, lines: Mapping[int, Sequence[Texted | None]]) -> str:
        """Return what is sent of a frame with the picture; ``lines`` are the cells that stand on the screen then."""
        drawing = self._drawing
        if drawing is None or PLACEHOLDER not in sent:
            return sent
        if drawing.way is Way.KITTY:
            first = drawing.sequence if drawing.id not in self._known else ""
            self._known.add(drawing.id)
            return first + sent
        place, blank = _place(drawing, lines), re.sub(_CELLS, " ", sent)
        return f"{blank}\x1b7\x1b[{place[1] + 1};{place[0] + 1}H{drawing.sequence}\x1b8" if place else blank


def _place(drawing: Drawing, lines: Mapping[int, Sequence[Texted | None]]) -> tuple[int, int] | None:
    """Return column and line of a picture all of whose cells stand on the screen, None for others."""
    rows = [drawing.row(row) for row in range(drawing.rows)]
    texts = {y: "".join(cell.text if cell else " " for cell in line) for y, line in lines.items()}
    for top, text in texts.items():
        if rows[0] in text and all(row in texts.get(top + below, "") for below, row in enumerate(rows)):
            found = next(
                x for x, cell in enumerate(lines[top]) if cell and cell.text in rows[0] and PLACEHOLDER in cell.text
            )
            return found, top
    return None


BAND = 6
"""Pixels above each other that one character of sixels stands for."""


def sixels(pixels: bytes, width: int, height: int, palette: Sequence[tuple[int, int, int]]) -> str:
    """Return a picture as sixels; each byte of ``pixels`` is a place in the palette of 8 bit colours."""
    colours = "".join(
        f"#{number};2;{';'.join(str(round(part / 2.55)) for part in colour)}" for number, colour in enumerate(palette)
    )
    rows = [pixels[at : at + width] for at in range(0, width * height, width)]
    bands = (_band(rows[top : top + BAND]) for top in range(0, height, BAND))
    return f'\x1bP0;1q"1;1;{width};{height}{colours}{"-".join(bands)}\x1b\\'


def _band(rows: Sequence[bytes]) -> str:
    """Return six rows of pixels: for each colour in them where it is, colour over colour."""
    return "$".join(f"#{colour}{_run_lengths(_where(rows, colour))}" for colour in sorted(set(b"".join(rows))))


def _where(rows: Sequence[bytes], colour: int) -> str:
    """Return for each column in which of the rows a colour is, a bit each."""
    bits = 0
    for row, pixels in enumerate(rows):
        here = bytes(colour) + bytes((1 << row,)) + bytes(255 - colour)
        bits |= int.from_bytes(pixels.translate(here), "big")
    return bits.to_bytes(len(rows[0]), "big").translate(_SHOWN).decode()


_SHOWN = bytes(min(127, each + 63) for each in range(256))
"""Bits as printable characters."""


def _run_lengths(columns: str) -> str:
    """Return columns with four or more of a kind counted, without the empty ones at the end."""
    return re.sub(r"(.)\1{3,}", lambda run: f"!{len(run[0])}{run[1]}", columns.rstrip("?"))


Halves: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""Rows of cells, each with the colour of its upper and its lower half as ``0xRRGGBB``."""

MOST_CELLS = 900
"""A cell takes up to 42 bytes in 24 bit colours, so a picture takes less than 40 kB."""

LARGEST_FILE = 50_000_000
"""Bytes; what is larger is not a picture of the kind that is meant here."""


@lru_cache(maxsize=16)
def thumbnail(path: Path, columns: int, rows: int) -> Halves:
    """Return a picture within so many cells; () without Pillow, or where the file is none that it can read."""
    columns = min(columns, MOST_CELLS // max(1, rows))
    small = _read(path, columns, 2 * rows)
    return _halves(small.tobytes(), *small.size) if small else ()


class Image(Protocol):
    """A picture as Pillow has it."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def tobytes(self) -> bytes:
        """Return the pixels, three bytes each, or one where there is a palette."""

    def resize(self, size: tuple[int, int]) -> "Image":
        """Return it in another size."""

    def quantize(self, colors: int) -> "Image":
        """Return it with a palette of so many colours."""

    def getpalette(self) -> list[int]:
        """Return the palette, three numbers a colour."""

    def save(self, file: BytesIO, form: str, *, optimize: bool) -> None:
        """Write it as a file."""


def _read(path: Path, width: int, height: int) -> Image | None:
    """Return a picture within so many pixels; None without Pillow, or where the file is none that it can read."""
    try:
        pillow = import_module("PIL.Image")  # an extra, and slow to import
    except ImportError:
        return None
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        with pillow.open(path) as image:
            image.draft("RGB", (width * 4, height * 4))
            small = image.convert("RGB")
            small.thumbnail((width, height))
            return cast(Image, small)
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError):
        return None


MOST_SENT = 30_000
"""Bytes of a picture, whose cells take up to ten thousand: it takes less than 40 kB in all."""

USUAL_CELL = 8, 16
"""Pixels of a cell where the terminal does not tell."""

SLACK = 0.95
"""By how much smaller than reckoned a picture is made that has too many bytes."""

COLOURS = {Way.KITTY: 64, Way.SIXEL: 32}
"""Colours of a picture; with sixels each costs bytes wherever it is."""


@lru_cache(maxsize=16)
def drawing(path: Path, graphics: Graphics, cell: tuple[int, int], columns: int, rows: int) -> Drawing | None:
    """Return a picture within so many cells as the terminal takes it; None as ``thumbnail`` returns nothing.

    ``cell`` is the size of one in pixels. What has too many bytes is sent smaller: kitty draws it in as many cells all
    the same, sixels in fewer.
    """
    across, down = cell
    columns, way = min(columns, MOST_CELLS // max(1, rows), len(DIACRITICS)), graphics.way
    image = _read(path, columns * across, rows * down)
    if image is None:
        return None
    width, height = image.size
    name = crc32(f"{path} {width} {height}".encode()) % 0xFFFFFF + 1
    made = Drawing(way, name, ceil(width / across), ceil(height / down))
    sequence = _sequence(image, made, graphics)
    while len(sequence) > MOST_SENT:
        less = SLACK * sqrt(MOST_SENT / len(sequence))
        width, height = max(1, int(width * less)), max(1, int(height * less))
        image = image.resize((width, height))
        if way is Way.SIXEL:
            made = made._replace(columns=ceil(width / across), rows=ceil(height / down))
        sequence = _sequence(image, made, graphics)
    return made._replace(sequence=sequence)


def _sequence(image: Image, made: Drawing, graphics: Graphics) -> str:
    """Return what has the terminal draw a picture."""
    few = image.quantize(COLOURS[made.way])
    if made.way is Way.KITTY:
        few.save(file := BytesIO(), "PNG", optimize=True)
        return graphics.with_png(made, file.getvalue())
    numbers = few.getpalette()
    palette = list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))[: COLOURS[made.way]]
    return sixels(few.tobytes(), *image.size, palette)


def _halves(data: bytes, width: int, height: int) -> Halves:
    """Return rows of cells of pixels of three bytes each; of an odd number of rows the last is left out."""
    colours = [int.from_bytes(data[at : at + 3], "big") for at in range(0, len(data), 3)]
    lines = [colours[row * width : (row + 1) * width] for row in range(height)]
    return tuple(tuple(zip(upper, lower, strict=True)) for upper, lower in zip(lines[::2], lines[1::2], strict=False))
