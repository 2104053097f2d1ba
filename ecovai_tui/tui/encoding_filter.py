"""For terminals that do not read UTF-8: every line of every widget goes through here on its way."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from ecovai_tui.interface.ascii import encodable


class EncodingFilter(LineFilter):
    """Leaves nothing on the screen that the terminal's encoding has no character for."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  # Textual's signature
        """Return the segments with stand-ins of the same width."""
        return [self._encodable(segment) for segment in segments]

    def _encodable(self, segment: Segment) -> Segment:
        text = encodable(segment.text, self._encoding)
        return segment if text == segment.text else Segment(text, segment.style, segment.control)
