"""What stands on the terminal's screen, so that only cells that differ are sent: Textual never compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, groupby
from operator import itemgetter, ne
from typing import cast

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import ControlType, Segment, Segments
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.screen import Screen

from ecovai_tui.terminal.graphics import Overlay
from ecovai_tui.tui.textual_patches.ansi_writer import PLAIN, RESET, AnsiWriter, Cell, CellStyle, Piece, cells_of

UNSTYLED = Style.null()


class ScreenBuffer:
    """The cells of the screen as they were sent last; what was never sent differs from everything."""

    def __init__(self, *, erases: bool = False) -> None:
        """``erases`` says that cells which the terminal erases take the ground that was set last."""
        self._lines: dict[int, list[Cell | None]] = {}
        self._erases, self.overlay = erases, Overlay()
        self._look: CellStyle | None = None
        """What the terminal writes in, None where that is not known."""
        self.ambiguous = False
        """Whether the terminal draws characters of ambiguous width two cells wide."""

    def forget(self) -> None:
        """Take it that nothing is known, as after another program, or a change of the size."""
        self._lines.clear()
        self._look = None

    def draw(self, segments: Iterable[Segment], colours: ColorSystem) -> str:
        """Take in an update, and return what has to be sent: single signs last, by columns, as edges share a look."""
        pen = AnsiWriter(ambiguous=self.ambiguous, erases=self._erases, look=self._look or PLAIN)
        single: list[tuple[int, int, Piece, list[Cell | None]]] = []
        for y, alike in groupby(_pieces(segments, colours), key=itemgetter(1)):
            shown, pieces = self._lines.setdefault(y, []), list[Piece]()
            for x, _, cells in alike:
                shown.extend([None] * (x + len(cells) - len(shown)))
                before = shown[x : x + len(cells)]
                if before != cells:
                    shown[x : x + len(cells)] = cells
                    _forget_halves(shown, before, x, x + len(cells))
                    for start, end in _runs(before, cells):
                        run = pen.pieces(shown, x + start, x + end, before[start:end])
                        single += ((piece.x, y, piece, shown[:]) for piece in run if _is_single(piece, run))
                        pieces += (piece for piece in run if not _is_single(piece, run))
            pen.draw(shown, y, pieces)
        for _, y, piece, line in sorted(single, key=itemgetter(0, 1)):
            pen.draw(line, y, [piece])
        sent = pen.lift()
        if sent and self._look is None:
            sent = RESET + sent
        self._look = pen.look if sent else self._look
        return self.overlay.joined(sent, self._lines)


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
            cells += cells_of(text.rstrip("\n"), style or UNSTYLED, colours)
            continue
        if cells:
            yield x, y, cells
            cells = []
        for code in control:
            if code[0] is ControlType.CURSOR_MOVE_TO:
                _, x, y = cast("tuple[ControlType, int, int]", code)
    if cells:
        yield x, y, cells


def _runs(before: list[Cell | None], cells: list[Cell]) -> Iterator[tuple[int, int]]:
    """Yield from where to where the cells differ, never half a wide character, and blanks alike with those between."""
    if not any(before):
        yield 0, len(cells)
        return
    start = end = -1
    for place in compress(range(len(cells)), map(ne, before, cells)):
        if place > end and not (start >= 0 and _all_blank(cells[end - 1 : place + 1])):
            if start >= 0:
                yield start, end
            start = place
        if place >= end:
            end = place + 1
            while end < len(cells) and not cells[end].text:
                end += 1
    if start >= 0:
        yield start, end


def _all_blank(cells: list[Cell]) -> bool:
    return cells[0].text == " " and cells.count(cells[0]) == len(cells)


def _is_single(piece: Piece, run: Sequence[Piece]) -> bool:
    """Return whether a piece is of an edge, or a blank beside one, as there may be one in each line."""
    return piece.width == 1 and (piece.text == " " or (len(run) == 1 and not piece.text.isascii()))


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
            if hasattr(self.focused, "cursor_screen_offset"):  # an input method draws where the terminal's cursor is
                renderable = difference if difference.sent or cursor != self._previous_cursor_position else None
            else:
                renderable = Segments([Segment(difference.sent)]) if difference.sent else None
        super()._display(screen, renderable)
        StylesCache.get_inner_outer.cache_clear()  # by Textual 8.2 it keeps a thousand widgets' lines, gone or not
