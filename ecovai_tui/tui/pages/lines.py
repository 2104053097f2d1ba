"""Lines of text with a tone, before they are folded to a width."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width


class Tone(StrEnum):
    """What a span of text is; the theme says how it looks."""

    PLAIN = "plain"
    MUTED = "muted"
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


class Line(NamedTuple):
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
