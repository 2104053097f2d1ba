"""What stands on the terminal's screen, so that only cells that differ are sent: Textual never compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, cast

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import ControlType, Segment
from rich.style import Style
from textual import events, screen
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.textual_patches.ansi_writer import AnsiWriter, Cell, CellStyle, blank, look_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen


UNSTYLED = Style.null()


class ScreenBuffer:
    """The cells of the screen as they were sent last; what was never sent differs from everything."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """Take it that nothing is known, as after another program, or a change of the size."""
        self._lines.clear()

    def draw(self, segments: Iterable[Segment], colours: ColorSystem) -> str:
        """Take in an update, and return what of it has to be sent."""
        pen = AnsiWriter()
        for x, y, cells in _pieces(segments, colours):
            shown = self._lines.setdefault(y, [])
            shown.extend([None] * (x + len(cells) - len(shown)))
            before = shown[x : x + len(cells)]
            if before != cells:
                shown[x : x + len(cells)] = cells
                _forget_halves(shown, before, x, x + len(cells))
                for start, end in _runs(before, cells):
                    pen.draw(shown, y, x + start, x + end)
        return pen.lift()


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
    """Knows what it sent last; whoever writes to the terminal past it asks it to paint anew."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = ScreenBuffer()

    async def on_event(self, event: events.Event) -> None:
        """Forget what stands on a screen whose size changes: terminals do not agree on what becomes of it."""
        if isinstance(event, events.Resize):
            self._frame.forget()
        await super().on_event(event)

    def paint_anew(self) -> None:
        """Send the whole screen, as when something else wrote to the terminal."""
        self._frame.forget()
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


def limit_frames(per_second: int) -> None:
    """Let every screen that comes paint only so often: Textual reads its own limit before options of ours are known."""
    setattr(screen, "UPDATE_PERIOD", 1 / per_second)  # noqa: B010  # a constant to type-checkers
