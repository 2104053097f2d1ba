"""The frame around an area: a title and a fact in its top edge, what is said in its bottom edge, as the room allows."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import ClassVar

from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from ecovai_tui.tui.widget_colours import LineStyles
from ecovai_tui.tui.widgets.lines import Area
from ecovai_tui.view.frames import AROUND, NO_CORNERS, edge_line, fits_edge, signs_of
from ecovai_tui.view.lines import Line, Span, Spans, Tone, text_of


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
        self._styles = LineStyles(self)
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

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles.forget()

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
