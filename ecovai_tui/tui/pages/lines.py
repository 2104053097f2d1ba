"""Lines of text with a tone, and how they are folded to a width in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rich.cells import get_character_cell_size

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width

TAB = "    "
MINIMUM_WIDTH = 4


class Tone(StrEnum):
    """What a span of text is; the theme says how it looks."""

    PLAIN = "plain"
    MUTED = "muted"
    HEADING = "heading"
    TAG = "tag"
    """A section of a song such as ``[Verse]``."""
    STRONG = "strong"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Span:
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


@dataclass(frozen=True, slots=True)
class Line:
    """One line before it is folded; the lines that follow from folding it are indented by ``indent`` cells."""

    spans: tuple[Span, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """The line without its tones."""
        return "".join(span.text for span in self.spans)


def line(text: str = "", tone: Tone | Phase = Tone.PLAIN, *, indent: int = 0) -> Line:
    """Return a line of one tone."""
    return Line((Span(text, tone),) if text else (), indent)


def fold(lines: Iterable[Line], width: int) -> list[Line]:
    """Return the lines cut to so many cells: between words where there are any, within a word that is too long."""
    width = max(MINIMUM_WIDTH, width)
    return [part for whole in lines for part in _fold_line(whole, width)]


def _fold_line(whole: Line, width: int) -> Iterator[Line]:
    if cell_width(whole.text.replace("\t", TAB)) <= width:
        yield Line(tuple(Span(span.text.replace("\t", TAB), span.tone) for span in whole.spans))
        return
    indent = min(whole.indent, width // 2)
    current: list[Span] = []
    used = 0
    for piece in _pieces(whole, width - indent):
        size = cell_width(piece.text)
        if used + size > width and current:
            yield Line(_stripped(current))
            current, used = ([Span(" " * indent)] if indent else []), indent
            piece = Span(piece.text.lstrip(" "), piece.tone)  # noqa: PLW2901  # a folded line begins with a word
            size = cell_width(piece.text)
        if piece.text:
            current.append(piece)
            used += size
    yield Line(_stripped(current))


def _pieces(whole: Line, width: int) -> Iterator[Span]:
    """Yield the words of a line with the blanks before each; wide characters and too long words are cut apart."""
    for span in whole.spans:
        for word in _words(span.text.replace("\t", TAB)):
            if cell_width(word) <= width and word.isascii():
                yield Span(word, span.tone)
            else:
                yield from (Span(part, span.tone) for part in _cut(word, width))


def _words(text: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(text)):
        if text[at] == " " and text[at - 1] != " ":
            yield text[start:at]
            start = at
    if text[start:]:
        yield text[start:]


def _cut(word: str, width: int) -> Iterator[str]:
    """Yield the parts of a word between which a line may end: around wide characters, and where it is too long."""
    part, size = "", 0
    for character in word:
        cells = get_character_cell_size(character)
        wide = cells > 1
        if part and (size + cells > width or (wide and character not in _NEVER_FIRST)):
            yield part
            part, size = "", 0
        part += character
        size += cells
    if part:
        yield part


_NEVER_FIRST = "，。、！？；：）」』】》…ー々〉"


def _stripped(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans with neighbours of one tone joined, and without the blanks at the end."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].tone == span.tone:
            joined[-1] = Span(joined[-1].text + span.text, span.tone)
        else:
            joined.append(span)
    if joined:
        joined[-1] = Span(joined[-1].text.rstrip(" "), joined[-1].tone)
    return tuple(joined)
