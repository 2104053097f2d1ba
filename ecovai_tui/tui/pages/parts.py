"""Fitting parts into one line: each part has shorter forms, and the most important are given room first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ecovai_tui.tasks.text import truncate
from ecovai_tui.tui.pages.lines import Line, Span

GAP = Span("  ")
MARGIN = Span(" ")


class Part(NamedTuple):
    """A part of a line; ``forms`` go from the longest to the shortest, () being none at all."""

    forms: tuple[tuple[Span, ...], ...]
    rank: int
    """The lower, the sooner it is given room for a longer form."""


def part(rank: int, *forms: Span | tuple[Span, ...] | None) -> Part:
    """Return a part of the forms given; None stands for leaving it out."""
    tuples = ((form,) if isinstance(form, Span) else form or () for form in forms)
    return Part(tuple(tuples), rank)


def fit_parts(left: Sequence[Part], right: Sequence[Part], width: int) -> Line:
    """Return a line of at most so many cells with the right parts at its right end."""
    parts = [*left, *right]
    chosen = [len(one.forms) - 1 for one in parts]
    for at in sorted(range(len(parts)), key=lambda at: parts[at].rank):
        while chosen[at] and _width(parts, [*chosen[:at], chosen[at] - 1, *chosen[at + 1 :]]) <= width:
            chosen[at] -= 1
    forms = [one.forms[form] for one, form in zip(parts, chosen, strict=True)]
    return _joined(forms[: len(left)], forms[len(left) :], width)


def _width(parts: Sequence[Part], chosen: Sequence[int]) -> int:
    sizes = [sum(span.width for span in one.forms[form]) for one, form in zip(parts, chosen, strict=True)]
    present = [size for size in sizes if size]
    return sum(present) + GAP.width * max(0, len(present) - 1) + 2 * MARGIN.width


def _joined(left: Sequence[tuple[Span, ...]], right: Sequence[tuple[Span, ...]], width: int) -> Line:
    begin, end = _with_gaps(left), _with_gaps(right)
    free = width - sum(span.width for span in (*begin, *end)) - 2 * MARGIN.width
    between = (Span(" " * free),) if free > 0 and end else ()
    return Line(_cut((MARGIN, *begin, *between, *end), width))


def _with_gaps(groups: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for group in groups:
        if group:
            spans += ([GAP] if spans else []) + list(group)
    return tuple(spans)


def _cut(spans: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        text = truncate(span.text, width) if span.width > width else span.text
        width -= span.width
        kept.append(Span(text, span.tone, span.action))
        if width <= 0:
            break
    return tuple(kept)
