"""Lines of text with tones, for lists, bars and pages, and how the parts of a bar share one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
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
    ALERT = "alert"


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    tone: Tone | Phase = Tone.PLAIN
    """A phase stands for the colour of that phase."""
    action: str = ""
    """The id of the action that a click on it performs."""

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
    return form if least is None else _cut(form, max(min(size, least), size - over), ellipsis)


def _joined(left: Sequence[Spans], right: Sequence[Spans], width: int, ellipsis: str) -> Line:
    begin, end = _with_gaps(left), _with_gaps(right)
    free = width - sum(span.width for span in (*begin, *end)) - 2 * MARGIN.width
    between = (Span(" " * max(free, GAP.width)),) if begin and end else (Span(" " * max(free, 0)),) if end else ()
    return Line(_cut((MARGIN, *begin, *between, *end), width, ellipsis))


def _with_gaps(groups: Sequence[Spans]) -> Spans:
    spans: list[Span] = []
    for group in groups:
        if group:
            spans += ([GAP] if spans else []) + list(group)
    return tuple(spans)


def _cut(spans: Spans, width: int, ellipsis: str) -> Spans:
    kept: list[Span] = []
    for span in spans:
        text = truncate(span.text, width, ellipsis) if span.width > width else span.text
        width -= span.width
        kept.append(Span(text, span.tone, span.action))
        if width <= 0:
            break
    return tuple(kept)
