"""The help: every key with what it does in a few words, the filter's language and the signs, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width, truncate
from ecovai_tui.view.actions import Action, Group, shown_key
from ecovai_tui.view.folding import fold
from ecovai_tui.view.lines import Line, Span, Spans, Tone, ellipsis_of, glyph_of, line

LEAST, MOST = 36, 42
"""Cells of a column."""

KEYS = 14
"""Cells of its keys, with the gap behind them."""

MOST_COLUMNS = 4

IN_A_FEW_WORDS: Mapping[str, str] = {
    "down": later("one line"),
    "up": later("one line"),
    "first": later("first, last line"),
    "last": later("first, last line"),
    "half-down": later("half a page"),
    "half-up": later("half a page"),
    "page-down": later("a page"),
    "page-up": later("a page"),
    "previous-clip": later("choose the clip"),
    "next-clip": later("choose the clip"),
    "panel": later("to the panel and back"),
    "previous-tab": later("the tab beside"),
    "next-tab": later("the tab beside"),
    **{f"tab-{number}": later("a tab by its place") for number in range(1, 5)},
    "zoom": later("panel alone, and back"),
    "panel-off": later("panel away, and back"),
    "filter": later("find"),
    "sort": later("sort by, turn round"),
    "reverse": later("sort by, turn round"),
    "failed-only": later("failed only"),
    "active-only": later("active only"),
    "next-failed": later("next, previous failed"),
    "previous-failed": later("next, previous failed"),
    "add": later("add tasks you have"),
    "create": later("create a new one"),
    "extend": later("extend the clip"),
    "remove": later("remove, bring back"),
    "undo": later("remove, bring back"),
    "label": later("label"),
    "mark": later("mark, and go on"),
    "mark-to-here": later("mark to here"),
    "unmark-all": later("unmark all"),
    "refresh": later("ask the gateway now"),
    "pause": later("pause, go on"),
    "download": later("download the files"),
    "play": later("play"),
    "copy-id": later("copy id, address"),
    "copy-audio": later("copy id, address"),
    "copy-menu": later("choose what to copy"),
    "open": later("open in a browser"),
    "theme": later("theme"),
    "compact": later("compact"),
    "slower": later("ask less, more often"),
    "faster": later("ask less, more often"),
    "redraw": later("draw the screen again"),
    "help": later("this page, messages"),
    "messages": later("this page, messages"),
    "palette": later("all actions"),
    "back": later("one step back"),
    "suspend": later("to the shell, then fg"),
    "quit": later("quit"),
    "quit-anywhere": later("quit, typing or not"),
}
"""By the id of an action; neighbours with the same words share a row."""

LANGUAGE = (
    ("rain lights", later("both words")),
    ("!demo", later("not this word")),
    ("~^take \\d", later("a regular expression")),
    (later("phase:failed"), later("label: model: tag: id:")),
    (later("age>10m"), later("older than")),
    (later("took>2m"), later("took longer than")),
    (later("lyrics:rain"), later("in the lyrics")),
)

MEANINGS: Mapping[Phase, str] = {
    Phase.WAITING: later("not started yet"),
    Phase.RUNNING: later("being made"),
    Phase.STREAMING: later("some can be heard"),
    Phase.DONE: later("all is usable"),
    Phase.PARTIAL: later("some is usable"),
    Phase.FAILED: later("nothing is usable"),
    Phase.MISSING: later("not known there"),
    Phase.UNKNOWN: later("a new word"),
}
SIGNS = (
    ("∆", "^", later("changed while away")),
    ("✱", "*", later("marked by you")),
    ("↧", "v", later("the file is saved")),
    ("✎ ▢ ▻", "L P V", later("lyrics picture video")),
)
"""Each as it is, in ASCII, and what it means."""

SIGNS_TITLE = later("The signs")
TIMES_TOLD = later(
    "Took is how long the making took. Length is how long the song is. "
    "A percentage is shown only where the gateway measures one."
)


class Entry(NamedTuple):
    """One row of the help: a key or a sign, what it means, and all that it is found by."""

    keys: Span
    words: str
    known_as: str = ""
    """More words that it is found by."""
    typed: tuple[str, ...] = ()
    """The keys as they are typed, each of which finds it as well."""


class Section(NamedTuple):
    """A group of rows under one title."""

    title: str
    entries: Sequence[Entry]

    @property
    def height(self) -> int:
        """The lines that it takes, its title and the blank below counted."""
        return len(self.entries) + 2


def sections_of(actions: Sequence[Action], *, ascii_only: bool = False) -> list[Section]:
    """Return all there is to tell: the actions by group, what the filter understands, and the signs last."""
    groups = [
        Section(
            tr(group.value), [*_rows([action for action in actions if action.group is group], ascii_only=ascii_only)]
        )
        for group in Group
    ]
    language = Section(
        tr("What / understands"), [Entry(Span(tr(typed), Tone.TAG), tr(words)) for typed, words in LANGUAGE]
    )
    return [*groups, language, Section(tr(SIGNS_TITLE), [*signs(ascii_only=ascii_only)])]


def signs(*, ascii_only: bool = False) -> Iterator[Entry]:
    """Yield the signs of the table with what they mean."""
    for phase, words in MEANINGS.items():
        yield Entry(Span(f"{glyph_of(phase, ascii_only=ascii_only)} {tr(phase)}", phase), tr(words))
    for sign, in_ascii, words in SIGNS:
        yield Entry(Span(in_ascii if ascii_only else sign, Tone.ACCENT), tr(words))


def signs_page(width: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the signs of the table and what its times mean, in one column of so many cells at most."""
    column, ellipsis = min(MOST, width), ellipsis_of(ascii_only=ascii_only)
    rows = [Line(_row(entry, column, ellipsis)) for entry in signs(ascii_only=ascii_only)]
    told = fold([line(tr(TIMES_TOLD), Tone.MUTED)], max(1, column - 2))
    return [*rows[: len(MEANINGS)], line(), *rows[len(MEANINGS) :], line(), *told]


def found(sections: Sequence[Section], text: str) -> list[Section]:
    """Return what is found by all words of a text: by a key as it is typed, or by any word."""
    words = text.split()
    kept = (Section(title, [entry for entry in entries if _has(entry, title, words)]) for title, entries in sections)
    return [section for section in kept if section.entries]


def columns_in(width: int) -> int:
    """Return how many columns so many cells have room for."""
    return max(1, min(MOST_COLUMNS, width // LEAST))


def column_width(width: int) -> int:
    """Return the cells of each column where so many cells are shared by all."""
    return min(MOST, width // columns_in(width))


def page(sections: Sequence[Section], width: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the sections in as many columns as fit into so many cells, all of about one height."""
    count, column = columns_in(width), column_width(width)
    ellipsis = ellipsis_of(ascii_only=ascii_only)
    columns = [[*_column(part, column, ellipsis)] for part in _shared_out(sections, count)]
    height = max(map(len, columns), default=0)
    return [_across(columns, at, column) for at in range(height)]


def _rows(actions: Sequence[Action], *, ascii_only: bool) -> Iterator[Entry]:
    for words, together in groupby(actions, lambda action: IN_A_FEW_WORDS.get(action.id, action.description)):
        several = list(together)
        by_turn = [key for place in range(4) for action in several for key in action.keys[place : place + 1]]
        shown = " ".join(shown_key(key, ascii_only=ascii_only) for key in by_turn)
        known_as = " ".join(f"{action.id} {tr(action.label)} {tr(action.description)}" for action in several)
        tone = Tone.TAG if shown else Tone.MUTED
        yield Entry(Span(shown or tr("no key"), tone), tr(words), known_as, tuple(by_turn))


def _has(entry: Entry, title: str, words: Sequence[str]) -> bool:
    text = f"{entry.keys.text}\n{entry.words}\n{entry.known_as}\n{title}".casefold()
    return all(word in entry.typed if len(word) == 1 else word.casefold() in text for word in words)


def _shared_out(sections: Sequence[Section], count: int) -> list[list[Section]]:
    """Return the sections in so many columns, in their order, the highest column as low as can be."""
    height = max((section.height for section in sections), default=0)
    while len(columns := _filled(sections, height)) > count:
        height += 1
    return columns


def _filled(sections: Sequence[Section], height: int) -> list[list[Section]]:
    columns: list[list[Section]] = []
    left = 0
    for section in sections:
        if section.height > left or not columns:
            columns.append([])
            left = height
        columns[-1].append(section)
        left -= section.height
    return columns


def _column(sections: Sequence[Section], width: int, ellipsis: str) -> Iterator[Spans]:
    for number, section in enumerate(sections):
        if number:
            yield ()
        yield (Span(section.title, Tone.HEADING),)
        for entry in section.entries:
            yield _row(entry, width, ellipsis)


def _row(entry: Entry, width: int, ellipsis: str) -> Spans:
    keys = truncate(entry.keys.text, KEYS - 1, ellipsis)
    words = truncate(entry.words, width - KEYS - 1, ellipsis)
    return Span(keys + " " * (KEYS - cell_width(keys)), entry.keys.tone), Span(words, Tone.MUTED)


def _across(columns: Sequence[Sequence[Spans]], at: int, width: int) -> Line:
    """Return one line of all columns; blanks have the tone of what stands before them, which spares bytes."""
    spans: list[Span] = []
    for column in columns:
        *cells, last = (column[at] if at < len(column) else ()) or (Span(""),)
        blanks = " " * (width - last.width - sum(span.width for span in cells))
        spans += (*cells, Span(last.text + blanks, last.tone))
    return Line(tuple(spans)) if any(span.text.strip() for span in spans) else line()
