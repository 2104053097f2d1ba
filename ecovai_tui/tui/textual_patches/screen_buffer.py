"""What stands on the terminal's screen, so that only cells that differ are sent: Textual never compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, groupby
from operator import attrgetter, itemgetter, ne
from typing import NamedTuple, cast
from unicodedata import east_asian_width
from zlib import crc32

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import ControlType, Segment
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.screen import Screen

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.terminal.graphics import Overlay

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


class AnsiWriter:
    """Draws cells for one write: it begins and ends with plain looks, and takes no place of the cursor for granted."""

    def __init__(self, *, ambiguous: bool = False, erases: bool = False) -> None:
        """``ambiguous`` and ``erases`` are as of ``ScreenBuffer``."""
        self._sent: list[str] = []
        self._ambiguous, self._erases, self._look = ambiguous, erases, PLAIN
        self._place: tuple[int, int] | None = None
        """Column and line of the cursor, where that is certain."""

    def draw(
        self, line: Sequence[Cell | None], y: int, start: int, end: int, under: Sequence[Cell | None] = ()
    ) -> None:
        """Draw a part of a line; the cells left of it are on the screen already, ``under`` are those it covers."""
        self._go(line, start, y)
        drawn, erased = "", 0
        for look, alike in groupby(filter(None, line[start:end]), key=_LOOK):
            text = "".join(map(_TEXT, alike))
            self._sent.append(_step(erased, "C", "D"))
            at = cell_width(drawn) + len(text)
            erases = self._erases and all(cell is None or cell.text for cell in under[at : at + 1])  # no half is left
            erased = len(text) if erases and _worth_erasing(text, look, start + at == end) else 0
            placed = self._placed(text, start + cell_width(drawn), y) if self._ambiguous else text
            self._write(f"\x1b[{erased}X" if erased else placed, look, blank=not text.strip(" "))
            drawn += text
        certain = end < len(line) and drawn.isascii() and len(drawn) == end - start
        self._place = (end - erased, y) if certain else None

    def _placed(self, text: str, x: int, y: int) -> str:
        """Return a text that has the cursor where it belongs behind each character of ambiguous width."""
        placed = []
        for character in text if not text.isascii() else ():
            x += cell_width(character)
            placed.append(character + (_address(x, y) if east_asian_width(character) == "A" else ""))
        return "".join(placed) or text

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
        """Return what draws cells again as they are; "" where the pen would have to change for it."""
        look, ground = self._look, blank(self._look)
        texts = [
            cell.text
            for cell in cells
            if cell is not None and cell.text.isascii() and cell.look == (ground if cell.text == " " else look)
        ]
        return "".join(texts) if len(texts) == len(cells) and all(texts) else ""

    def _write(self, text: str, look: CellStyle, *, blank: bool) -> None:
        self._take(_on_blanks(self._look, look) if blank else look)
        self._sent.append(text)

    def _take(self, look: CellStyle) -> None:
        if look is not self._look:
            self._sent.append(_change(self._look, look))
            self._look = look


def _worth_erasing(text: str, look: CellStyle, ends: bool) -> bool:  # called for each piece
    """Return whether it is shorter to erase blanks than to write them; behind them the cursor has to be moved."""
    shorter = len(text) > (len("\x1b[99X") if ends else len("\x1b[99X\x1b[99C"))
    return shorter and not text.strip(" ") and not (look.attributes & LINES or look.link)


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


@lru_cache(maxsize=4096)
def _steps(columns: int, lines: int) -> str:
    """Return the shortest relative movement; without backspaces, so that no bare control is ever sent."""
    return _step(lines, "B", "A") + _step(columns, "C", "D")


def _step(count: int, forth: str, back: str) -> str:
    direction = forth if count > 0 else back
    return f"\x1b[{abs(count) if abs(count) > 1 else ''}{direction}" if count else ""


UNSTYLED = Style.null()


class ScreenBuffer:
    """The cells of the screen as they were sent last; what was never sent differs from everything."""

    def __init__(self, *, erases: bool = False) -> None:
        """``erases`` says that cells which the terminal erases take the ground that was set last."""
        self._lines: dict[int, list[Cell | None]] = {}
        self._erases, self.overlay = erases, Overlay()
        self.ambiguous = False
        """Whether the terminal draws characters of ambiguous width two cells wide."""

    def forget(self) -> None:
        """Take it that nothing is known, as after another program, or a change of the size."""
        self._lines.clear()

    def draw(self, segments: Iterable[Segment], colours: ColorSystem) -> str:
        """Take in an update, and return what has to be sent: single signs last, by columns, as edges share a look."""
        pen = AnsiWriter(ambiguous=self.ambiguous, erases=self._erases)
        single: list[tuple[int, int, list[Cell | None]]] = []
        for x, y, cells in _pieces(segments, colours):
            shown = self._lines.setdefault(y, [])
            shown.extend([None] * (x + len(cells) - len(shown)))
            before = shown[x : x + len(cells)]
            if before != cells:
                shown[x : x + len(cells)] = cells
                _forget_halves(shown, before, x, x + len(cells))
                for start, end in _runs(before, cells):
                    if end - start > 1 or cells[start].text.isascii():
                        pen.draw(shown, y, x + start, x + end, before[start:end])
                    else:
                        single.append((x + start, y, shown[:]))
        for x, y, line in sorted(single, key=itemgetter(0, 1)):
            pen.draw(line, y, x, x + 1)
        return self.overlay.joined(pen.lift(), self._lines)


class Difference(CompositorUpdate):
    """An update of Textual's, cut down to what differs from the frame."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, frame: ScreenBuffer, console: Console) -> None:
        """Take the update in: it has to be sent from now on."""
        self._update = update
        segments = console.render(update, console.options)
        self.sent = frame.draw(segments, console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001  # as Textual

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the whole update, as for a picture of the screen."""
        yield self._update

    def render_segments(self, console: Console) -> str:  # noqa: ARG002  # Textual's
        """Return what is sent to the terminal."""
        return self.sent


def _pieces(segments: Iterable[Segment], colours: ColorSystem) -> Iterator[tuple[int, int, list[Cell]]]:
    """Yield where each piece of an update begins, and its cells."""
    x = y = 0
    cells: list[Cell] = []
    for text, style, control in segments:
        if control is None:
            cells += _cells(text.rstrip("\n"), style or UNSTYLED, colours)
            continue
        if cells:
            yield x, y, cells
            cells = []
        for code in control:
            if code[0] is ControlType.CURSOR_MOVE_TO:
                _, x, y = cast("tuple[ControlType, int, int]", code)
    if cells:
        yield x, y, cells


class PlainCells(dict[str, Cell]):
    """The cells of the characters of ASCII that were drawn in a look: most of a screen is made of few."""

    def __init__(self, look: CellStyle) -> None:
        super().__init__({" ": Cell(" ", blank(look))})
        self._look = look

    def __missing__(self, character: str) -> Cell:
        """Make the cell of a character, once."""
        cell = self[character] = Cell(character, self._look)
        return cell


_plain_cells = lru_cache(maxsize=256)(PlainCells)


@lru_cache(maxsize=1024)
def _cells(text: str, style: Style, colours: ColorSystem) -> tuple[Cell, ...]:
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


def _runs(before: list[Cell | None], cells: list[Cell]) -> Iterator[tuple[int, int]]:
    """Yield from where to where the cells differ, never half a wide character."""
    if not any(before):
        yield 0, len(cells)
        return
    start = end = -1
    for place in compress(range(len(cells)), map(ne, before, cells)):
        if place > end:
            if start >= 0:
                yield start, end
            start = place
        if place >= end:
            end = place + 1
            while end < len(cells) and not cells[end].text:
                end += 1
    if start >= 0:
        yield start, end


def _forget_halves(shown: list[Cell | None], before: list[Cell | None], start: int, end: int) -> None:
    """Forget the other halves of wide characters of which an update took one: terminals erase them."""
    first, old, after = shown[start], before[0], shown[end] if end < len(shown) else None
    if start and old is not None and not old.text and first is not None and first.text:
        shown[start - 1] = None
    if after is not None and not after.text:
        shown[end] = None


class FramedApp(App[int]):
    """Knows what it sent last; what writes to the terminal past it asks it to paint everything again."""

    def __init__(self, *, links: bool = False, erases: bool = False) -> None:
        """``links`` says that the terminal is sent addresses as links; ``erases`` is as of ``ScreenBuffer``."""
        super().__init__()
        self._disable_notifications = self._disable_tooltips = True  # or each screen has a widget for both
        self._frame, self.links = ScreenBuffer(erases=erases), links
        self.overlay = self._frame.overlay

    async def on_event(self, event: events.Event) -> None:
        """Forget what stands on a screen whose size changes: terminals do not agree on what becomes of it."""
        if isinstance(event, events.Resize):
            self._frame.forget()
        await super().on_event(event)

    def place_ambiguous_cells(self) -> None:
        """Move the cursor behind each character that the terminal may draw two cells wide, from now on."""
        self._frame.ambiguous = True
        self._frame.forget()

    def paint_again(self) -> None:
        """Send the whole screen, as when something else wrote to the terminal."""
        self._frame.forget()
        self.overlay.forget()
        self.screen.refresh()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send only what differs from what stands on the terminal's screen, and nothing at all where nothing does."""
        paints = self._running and not (self._closed or self._batch_count or self.is_headless or self._driver is None)
        if paints and isinstance(renderable, LayoutUpdate | ChopsUpdate):
            difference = Difference(renderable, self._frame, self.console)
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            renderable = difference if difference.sent or cursor != self._previous_cursor_position else None
        super()._display(screen, renderable)
        StylesCache.get_inner_outer.cache_clear()  # by Textual 8.2 it keeps a thousand widgets' lines, gone or not
