"""The widgets of lines: bars laid out for their width, the words of the filter, and the frame around an area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.message import Message
from textual.renderables.blank import Blank
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.widget_colours import Ground, LineStyles
from ecovai_tui.view.folding import fold
from ecovai_tui.view.lines import AROUND, NO_CORNERS, Line, Span, Spans, Tone, edge_line, fits_edge, signs_of, text_of


class Area(Widget):
    """A widget that is blank until something stands in it; Textual's own would show its name and id meanwhile."""

    def __init__(self, *children: Widget, strong: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's
        """``strong`` says that phases are bold on it."""
        super().__init__(*children, id=id)
        self._styles = LineStyles(self, strong_phases=strong)

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles.forget()

    def render(self) -> Blank:
        """Return the ground alone."""
        return Blank(self.background_colors[1])


class LineBar(Area):
    """One line, laid out for each width; spans that name an action can be clicked."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "LineBar { height: 1; }"

    class Pressed(Message):
        """A span was clicked that stands for an action."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, strong: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        """``strong`` says that phases are bold on it."""
        super().__init__(strong=strong, id=id)
        self._ground = Ground.PLAIN
        self._lay_out: Callable[[int], Line] = lambda _width: Line()
        self._line, self._laid_for = Line(), -1

    @property
    def line(self) -> Line:
        """The line as it was laid out last: a paint for another reason tells no news."""
        return self._line

    def lay_out(self, lay_out: Callable[[int], Line]) -> None:
        """Show what the function returns for the width in cells, now and after each change of the width."""
        self._lay_out, before = lay_out, self._line
        self._fit()
        if self._line != before:
            self.refresh()

    def stand_on(self, ground: Ground) -> None:
        """Have this ground."""
        if ground is not self._ground:
            self._ground = ground
            self.refresh()

    def on_resize(self) -> None:
        """Fit the line to the width, unless it was painted with that already."""
        if self._laid_for != self.size.width:
            self._fit()
            self.refresh()

    def _fit(self) -> None:
        self._laid_for = self.size.width
        self._line = self._lay_out(self._laid_for)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002  # Textual's signature
        """Take all the width there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """Render the line, which the first paint may ask for before the size is told; any line below it is blank."""
        if self._laid_for != self.size.width:
            self._fit()
        return self._styles.strip(self.line if y == 0 else Line(), self.size.width, self._ground)

    def on_click(self, event: events.Click) -> None:
        """Press the span under the pointer."""
        if action := action_at(self.line, event.x):
            self.post_message(self.Pressed(action))


def action_at(shown: Line, x: int) -> str:
    """Return the action of the span of a line that stands at a cell, "" where there is none."""
    end = 0
    for span in shown.spans:
        end += span.width
        if x < end:
            return span.action
    return ""


class Notice(Area):
    """Lines that are there for as long as they are true."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Notice { height: auto; max-height: 5; padding: 0 1; display: none; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()

    @property
    def lines(self) -> Sequence[Line]:
        """What is said."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Say these lines; the same lines are not painted again."""
        if list(lines) != list(self._lines):
            self._lines = lines
            self.display = bool(lines)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's
        """Take as many lines as the sentences need at this width."""
        return len(fold(self._lines, width))

    def render_line(self, y: int) -> Strip:
        """Render one of the folded lines."""
        width = self.content_size.width
        folded = fold(self._lines, width)
        return self._styles.strip(folded[y] if y < len(folded) else Line(), width)


CURSOR_AND_BLANK = 2


class Words(Input, inherit_bindings=False):
    """The words of the filter: its keys are those that edit them, and up and down stay the table's."""

    BINDINGS: ClassVar[list[BindingType]] = Input.BINDINGS
    edge = ""
    """The sign of the edge in which the words stand, which goes on behind them; "" where they stand in none."""

    def render_line(self, y: int) -> Strip:
        """Render the words, the cursor, and a blank; behind these the edge."""
        strip, taken = super().render_line(y), cell_width(self.value) + CURSOR_AND_BLANK
        if not self.edge or taken >= self.size.width:
            return strip
        rest = Line((Span(self.edge * (self.size.width - taken), Tone.ACCENT),))
        return Strip.join((strip.crop(0, taken), LineStyles(self.screen).strip(rest, self.size.width - taken)))


class FilterLine(Horizontal):
    """A line that is there only while words are typed, over something that can be missed meanwhile."""

    DEFAULT_CSS = """
    FilterLine {
        height: 1; display: none; width: 100%;
        LineBar { width: 3; }
        #hits { width: 20; }
        Input { width: 1fr; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        self.input = Words(id="words", compact=True)
        """Where the words are typed."""
        self.input.cursor_blink = self.input.select_on_focus = False
        sign = LineBar()
        sign.lay_out(lambda _width: Line((Span(" / ", Tone.TAG),)))
        self._hits = LineBar(id="hits")
        super().__init__(sign, self.input, self._hits, id=id)

    def stand_over(self, place: Region, edge: str) -> None:
        """Cover this part of the screen, which is an edge drawn with a sign, or "" for another line."""
        self.styles.offset, self.styles.width = place.offset, place.width
        self.input.edge = edge
        self.set_class(bool(edge), "-edged")

    def tell_hits(self, words: str) -> None:
        """Say at the right end how many tasks are found."""
        text = f" {words} "
        self._hits.styles.width = len(text)
        self._hits.lay_out(lambda _width: Line((Span(text, Tone.MUTED),)))

    def open(self, words: str) -> None:
        """Let the user type on behind the words of the filter as it is."""
        self.display = True
        self.input.value = words
        self.input.cursor_position = len(words)
        self.screen.set_focus(self.input)

    @property
    def typing(self) -> bool:
        """Whether the user types here."""
        return self.screen.focused is self.input

    def close(self) -> None:
        """Put the line away."""
        self.display = False


class Sides(Enum):
    """Which edges an area has."""

    NONE = "none"
    TOP = "top"
    """A line above it."""
    BRANCH = "branch"
    """A line above it, and one at its right, which is the line between two areas."""
    ALL = "all"


class Scrolled(Message):
    """A page that stands in no frame was scrolled, or became longer or shorter."""

    def __init__(self, thumb: range) -> None:
        super().__init__()
        self.thumb = thumb
        """The lines of the screen that the thumb covers, none where all is in view."""


class Frame(Area):
    """Paints the edges around what stands in it, whose margins keep them free, and the thumb in the right one."""

    ALLOW_SELECT = False
    DEFAULT_CSS: ClassVar[str] = "Frame { overflow: hidden; }"

    def __init__(self, title: str, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._title = Span(title)
        self._fact = Span("", Tone.MUTED)
        self._said: Spans = ()
        self._signs = signs_of(ascii_only=ascii_only)
        self._focused = False
        self._thumb: range | None = range(0)
        """The thumb that the whole edge shows, None where parts of it may show different ones."""
        self._covered: Callable[[], range] = lambda: range(0)
        self.sides = Sides.NONE

    @property
    def said(self) -> str:
        """What stands in the bottom edge."""
        return text_of(self._said)

    @property
    def room(self) -> int:
        """The cells that a text has in an edge."""
        return self.size.width - AROUND

    def can_say(self, said: Spans, *, cut: bool = False) -> bool:
        """Return whether there is a bottom edge in which a text is whole, or may be cut."""
        return self.sides is Sides.ALL and bool(self.display) and (cut or fits_edge(said, self.size.width))

    def take(self, sides: Sides) -> None:
        """Have these edges from now on."""
        if sides is not self.sides:
            self.sides = sides
            self.refresh()

    def tell(self, title: str, fact: str = "") -> None:
        """Show a title and a fact in the top edge."""
        news = Span(title), Span(fact, Tone.MUTED)
        if news != (self._title, self._fact):
            self._title, self._fact = news
            self._refresh_line(0)

    def say(self, said: Spans) -> None:
        """Show a text in the bottom edge, () for none."""
        if said != self._said:
            self._said = said
            self._refresh_line(self.size.height - 1)

    def follow(self, covered: Callable[[], range]) -> None:
        """Show a thumb on the lines of the screen that are told, whenever the frame is painted."""
        self._covered = covered

    def refresh_thumb(self) -> None:
        """Paint the right edge unless all of it shows the part that is in view."""
        if (covered := self._covered()) != self._thumb:
            self._thumb = covered
            self.refresh(Region(self.size.width - 1, 0, 1, self.size.height))

    def show_focus(self, *, focused: bool) -> None:
        """Show whether the keyboard is here."""
        if focused != self._focused:
            self._focused = focused
            self._refresh_line(0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return a part of the frame."""
        filters, ground = self.get_line_filters(), self.background_colors[1]
        if (covered := self._covered()) != self._thumb:
            self._thumb = None  # a new layout paints only the cells that it uncovers, whatever is rendered
        drawn: dict[Line, Strip] = {}  # most lines are alike
        lines = self._lines(crop.line_range, covered)
        for line in set(lines):
            strip = self._styles.strip(line, self.size.width)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, ground)
            drawn[line] = strip.crop(*crop.column_span)
        return [drawn[line] for line in lines]

    def _lines(self, places: range, covered: range) -> list[Line]:
        (width, height), top = self.size, self.region.y
        plain, thumb = self._inside(width, self._signs.upright), self._inside(width, "")
        edges = {}
        if self.sides is Sides.ALL:
            edges[height - 1] = edge_line(None, self._said, width, self._signs, corners=self._signs.bottom)
        if self.sides is not Sides.NONE:
            edges[0] = self._top_edge(width)
        return [edges.get(y) or (thumb if y + top in covered else plain) for y in places]

    def _inside(self, width: int, edge: str) -> Line:
        """Return a line between the edges; without a sign for the right one the thumb is there."""
        left = Span(self._signs.upright if self.sides is Sides.ALL else " ", Tone.LINE)
        right = Span(edge if self.sides in {Sides.ALL, Sides.BRANCH} else " ", Tone.LINE)
        return Line((left, Span(" " * max(0, width - 2)), right if edge else Span(self._signs.thumb, Tone.MUTED)))

    def _top_edge(self, width: int) -> Line:
        corners = {Sides.ALL: self._signs.top, Sides.BRANCH: ("", self._signs.branch)}.get(self.sides, NO_CORNERS)
        title, tone = (self._title._replace(tone=Tone.TAG), Tone.ACCENT) if self._focused else (self._title, Tone.LINE)
        return edge_line(title, self._fact, width, self._signs, corners=corners, tone=tone)

    def _refresh_line(self, y: int) -> None:
        self.refresh(Region(0, max(0, y), max(1, self.size.width), 1))


class PlainBar(ScrollBarRender):
    """A scroll bar of blanks on two grounds, without the signs that let Textual's move by less than a cell."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS: ClassVar[list[str]] = VERTICAL_BARS
