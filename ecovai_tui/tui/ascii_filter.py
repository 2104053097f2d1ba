"""For terminals that show ASCII alone: every line of every widget goes through here, borders and scroll bars too."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from ecovai_tui.interface.ascii import to_ascii


class AsciiFilter(LineFilter):
    """Leaves nothing on the screen that is not ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  # Textual's signature
        """Return the segments with stand-ins of the same width."""
        return [
            segment if segment.text.isascii() else Segment(to_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]
