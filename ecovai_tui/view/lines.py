"""One model of a line of text: spans and their tones, cells that fit, parts that give way; and the edges of a frame."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import ELLIPSIS, cell_width, truncate


class Tone(StrEnum):
    """What a span of text is; the theme says how it looks."""

    PLAIN = "plain"
    MUTED = "muted"
    WARNING = "warning"
    HEADING = "heading"
    TAG = "tag"
    """A section of a song such as ``[Verse]``."""
    STRONG = "strong"
    CHOSEN = "chosen"
    """The one of several that is shown, on a ground of its own."""
    ALERT = "alert"
    LINE = "line"
    """A frame; never text."""
    ACCENT = "accent"
    """Where the keyboard is, the keys that work there, and what is the user's own, such as a label."""
    MATCH = "match"
    """What the typed words match."""


class Paint(NamedTuple):
    """Colours that no theme gives, of the upper and the lower half of a cell: those of a picture, as ``0xRRGGBB``."""

    upper: int
    lower: int | None = None
    """None for the ground."""


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    tone: Tone | Phase | Paint = Tone.PLAIN
    """A phase stands for the colour of that phase."""
    action: str = ""
    """The id of the action that a click on it performs."""
    link: str = ""
    """The address to which a terminal lets it lead, a safe one (see ``safe_url``)."""

    @property
    def width(self) -> int:
        """The cells that it takes."""
        return cell_width(self.text)


Spans: TypeAlias = tuple[Span, ...]


class Line(NamedTuple):
    """One line before it is folded; the lines that follow from folding it are indented by ``indent`` cells."""

    spans: Spans = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """The line without its tones."""
        return text_of(self.spans)


def text_of(spans: Iterable[Span]) -> str:
    """Return the text of all spans."""
    return "".join(span.text for span in spans)


def line(text: str = "", tone: Tone | Phase = Tone.PLAIN, *, indent: int = 0) -> Line:
    """Return a line of one tone."""
    return Line((Span(text, tone),) if text else (), indent)


GAP = Span("  ")
MARGIN = Span(" ")


class Part(NamedTuple):
    """A part of a line; ``forms`` go from the longest to the shortest, () being none at all."""

    forms: tuple[Spans, ...]
    rank: int
    """The lower, the sooner it is given room for a longer form."""
    least: int | None = None
    """Cells to which any form of it may be cut, so that the others have room; None where it is not to be cut."""


def part(rank: int, *forms: Span | Spans | None) -> Part:
    """Return a part of the forms given; None stands for leaving it out."""
    tuples = ((form,) if isinstance(form, Span) else form or () for form in forms)
    return Part(tuple(tuples), rank)


def shrinking_part(rank: int, span: Span, least: int) -> Part:
    """Return a part that gives way to the others down to so many cells, its end marked with an ellipsis."""
    return Part(((span,),), rank, least)


def fit_parts(left: Sequence[Part], right: Sequence[Part], width: int, ellipsis: str = ELLIPSIS) -> Line:
    """Return a line of at most so many cells with the right parts at its right end."""
    parts = [*left, *right]
    chosen = [len(one.forms) - 1 for one in parts]
    for at in sorted(range(len(parts)), key=lambda at: parts[at].rank):
        while chosen[at] and _width(parts, [*chosen[:at], chosen[at] - 1, *chosen[at + 1 :]]) <= width:
            chosen[at] -= 1
    forms = [one.forms[form] for one, form in zip(parts, chosen, strict=True)]
    over = _total([_size(form) for form in forms]) - width
    if over > 0:
        forms = [_shrunk(form, one.least, over, ellipsis) for one, form in zip(parts, forms, strict=True)]
    return _joined(forms[: len(left)], forms[len(left) :], width, ellipsis)


def _width(parts: Sequence[Part], chosen: Sequence[int]) -> int:
    sizes = [_size(one.forms[form], one.least) for one, form in zip(parts, chosen, strict=True)]
    return _total(sizes)


def _size(form: Spans, least: int | None = None) -> int:
    size = sum(span.width for span in form)
    return size if least is None else min(size, least)


def _total(sizes: Sequence[int]) -> int:
    present = [size for size in sizes if size]
    return sum(present) + GAP.width * max(0, len(present) - 1) + 2 * MARGIN.width


def _shrunk(form: Spans, least: int | None, over: int, ellipsis: str) -> Spans:
    size = _size(form)
    return form if least is None else cut_spans(form, max(min(size, least), size - over), ellipsis)


def _joined(left: Sequence[Spans], right: Sequence[Spans], width: int, ellipsis: str) -> Line:
    begin, end = _with_gaps(left), _with_gaps(right)
    free = width - sum(span.width for span in (*begin, *end)) - 2 * MARGIN.width
    between = (Span(" " * max(free, GAP.width)),) if begin and end else (Span(" " * max(free, 0)),) if end else ()
    return Line(cut_spans((MARGIN, *begin, *between, *end), width, ellipsis))


def _with_gaps(groups: Sequence[Spans]) -> Spans:
    spans: list[Span] = []
    for group in groups:
        if group:
            spans += ([GAP] if spans else []) + list(group)
    return tuple(spans)


def cut_spans(spans: Spans, width: int, ellipsis: str = ELLIPSIS) -> Spans:
    """Return spans that take at most so many cells, the last one ending with an ellipsis where more would follow."""
    kept: list[Span] = []
    for span in spans:
        text = truncate(span.text, width, ellipsis) if span.width > width else span.text
        width -= span.width
        kept.append(span._replace(text=text))
        if width <= 0:
            break
    return tuple(kept)


STAND_INS: Mapping[str, str] = {
    **dict.fromkeys("─━═▁▂▔▀▄╌┄", "-"),
    **dict.fromkeys("│┃║▌▐▎▊▏▕╎┆", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝┏┓┗┛", "+"),
    **dict.fromkeys("▃▅▆▇█░▒▓■", " "),
    **dict.fromkeys("·•", "-"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("–—", "-"),
    "…": "~",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "❯": ">",
}
"""One cell for one cell; whatever else there is becomes as many question marks as it takes cells."""


@lru_cache(maxsize=4096)
def encodable(text: str, encoding: str) -> str:
    """Return a text of the same width in cells that an encoding has characters for: all that it has stay as they are.

    ``encoding`` is a name that Python knows.
    """
    return text if text.isascii() else "".join(_encodable(character, encoding) for character in text)


def _encodable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return STAND_INS.get(character, "?" * cell_width(character))
    return character


ASCII_ELLIPSIS = "~"


def ellipsis_of(*, ascii_only: bool) -> str:
    """Return what stands at the end of a text that was cut, of one cell."""
    return ASCII_ELLIPSIS if ascii_only else ELLIPSIS


SHARED_FROM = 20
"""Cells below which the first span has all the room: two halves of a few letters say nothing."""


_NOTHING = (Span(""),)


class Cell(NamedTuple):
    """The content of one cell, and what stands in its place where that is too wide."""

    spans: Spans
    short: Spans = ()

    @property
    def text(self) -> str:
        """The whole content without tones."""
        return text_of(self.spans)


@lru_cache(maxsize=2048)
def fit_cell(cell: Cell, width: int, *, right: bool = False, ellipsis: str = ELLIPSIS, gap: int = 0) -> Spans:
    """Return spans that take exactly so many cells: the whole content, else the short one, else what fits of it.

    Where several spans are too wide together, the first one leaves a little more than half of the room to the others.
    ``gap`` is how many blanks follow. What is asked for again is kept: most cells of a list say what others say.
    """
    spans = cell.spans or _NOTHING
    taken = _width_of(spans)
    if taken > width:
        spans = _shorter(cell, width, ellipsis)
        taken = _width_of(spans)
    return _padded(spans, width - taken, gap) if right else _padded(spans, 0, width - taken + gap)


def _padded(spans: Spans, before: int, after: int) -> Spans:
    if len(spans) == 1:
        (only,) = spans
        return (Span(" " * before + only.text + " " * after, only.tone),)
    first, *others, last = spans
    return (Span(" " * before + first.text, first.tone), *others, Span(last.text + " " * after, last.tone))


def _shorter(cell: Cell, width: int, ellipsis: str) -> Spans:
    shorter = cell.short or cell.spans
    return shorter if _width_of(shorter) <= width else _cut_cell(shorter, width, ellipsis)


def _cut_cell(spans: Spans, width: int, ellipsis: str) -> Spans:
    first, *others = spans
    wanted = sum(cell_width(span.text) for span in others)
    share = max(width - wanted, width // 2 - 1) if others and width >= SHARED_FROM else width
    kept = truncate(first.text, share, ellipsis)
    cut, left = [Span(kept, first.tone)], width - cell_width(kept)
    for span in others:
        text = truncate(span.text, left, ellipsis)
        if text != span.text and text.strip() in {"", ellipsis}:
            return _with_end_marked(cut, ellipsis)
        cut.append(Span(text, span.tone))
        left -= cell_width(text)
    return tuple(cut)


def _with_end_marked(spans: list[Span], ellipsis: str) -> Spans:
    """Show that more would follow: the last span gives its end for an ellipsis."""
    *others, last = spans
    if last.text.endswith(ellipsis):
        return tuple(spans)
    marked = truncate(f"{last.text}{ellipsis}", cell_width(last.text), ellipsis)
    return (*others, Span(marked, last.tone))


def _width_of(spans: Spans) -> int:
    return cell_width(spans[0].text) if len(spans) == 1 else sum(cell_width(span.text) for span in spans)


def glyph_of(phase: Phase, *, ascii_only: bool) -> str:
    """Return the glyph of a phase, always one cell wide."""
    return phase.ascii_glyph if ascii_only else phase.glyph


class FrameSigns(NamedTuple):
    """The signs of a frame, each one cell wide."""

    flat: str = "─"
    upright: str = "│"
    branch: str = "┬"
    thumb: str = "┃"
    """What of the right edge shows the rows in view, where a list is longer than its room."""
    top: tuple[str, str] = ("╭", "╮")
    bottom: tuple[str, str] = ("╰", "╯")


FULL_SIGNS = FrameSigns()
ASCII_SIGNS = FrameSigns("-", "|", "-", "#", ("+", "+"), ("+", "+"))

NARROW: Mapping[str, str] = MappingProxyType(
    {
        "─": "╌", "│": "╎", "┬": "╷", "┃": "▐", "╭": "╷", "╮": "╷", "╰": "╵", "╯": "╵", "…": "⋯",
        **dict(zip("▁▂▃▄▅▆▇█", "⣀⣀⣤⣤⣶⣶⣿⣿", strict=True)),
    }
)  # fmt: skip
"""What stands for our signs where the terminal draws those of ambiguous width two cells wide."""

NO_CORNERS = ("", "")
LEAST_LINE = 2
"""Cells of line around a title or a fact at least, at the edge's end and between the two."""


def signs_of(*, ascii_only: bool) -> FrameSigns:
    """Return the set of signs that the terminal can show."""
    return ASCII_SIGNS if ascii_only else FULL_SIGNS


def edge_line(
    title: Span | None,
    fact: Span | Spans | None,
    width: int,
    signs: FrameSigns,
    *,
    corners: tuple[str, str] = NO_CORNERS,
    tone: Tone = Tone.LINE,
) -> Line:
    """Return an edge of so many cells: a line in ``tone``, a title at its left, a fact at its right if it fits."""
    room = width - len(corners[0]) - len(corners[1])
    ellipsis = ellipsis_of(ascii_only=signs is ASCII_SIGNS)
    facts = (fact,) if isinstance(fact, Span) else fact or ()
    first = _inset((title,) if title else (), room, ellipsis)
    beside = room - _width_of(first) - LEAST_LINE * bool(first)
    last = _inset(facts, beside, ellipsis) if not first or _width_of(facts) + 2 * LEAST_LINE <= beside else ()
    begin = Span(corners[0] + signs.flat * bool(first), tone)
    free = room - _width_of(first) - _width_of(last) - bool(first) - bool(last)
    end = Span(signs.flat * bool(last) + corners[1], tone)
    return Line(tuple(filter(_has_text, (begin, *first, Span(signs.flat * max(0, free), tone), *last, end))))


AROUND = 6
"""Cells of an edge that a text leaves: corners, line and blanks at both of its ends."""


def fits_edge(spans: Spans, width: int) -> bool:
    """Return whether a text is whole in an edge of so many cells that has nothing else in it."""
    return _width_of(spans) + AROUND <= width


def _inset(spans: Spans, room: int, ellipsis: str) -> Spans:
    """Return a text in a line, a blank at each side of it, () where there is no room for any of it."""
    least, wanted = 2 * LEAST_LINE, _width_of(spans)
    if not wanted or room <= least:
        return ()
    if wanted > room - least:
        spans = (Span(truncate(text_of(spans), room - least, ellipsis), spans[-1].tone),)
    return (Span(" ", spans[0].tone), *spans, Span(" ", spans[-1].tone))


def _has_text(span: Span) -> bool:
    return bool(span.text)
