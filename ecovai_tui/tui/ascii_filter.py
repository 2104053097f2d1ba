"""For terminals that show ASCII alone: every line of every widget goes through here, borders and scroll bars too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from ecovai_tui.tasks.text import cell_width

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


class AsciiFilter(LineFilter):
    """Leaves nothing on the screen that is not ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  # Textual's signature
        """Return the segments with stand-ins of the same width."""
        return [
            segment if segment.text.isascii() else Segment(to_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def to_ascii(text: str) -> str:
    """Return a text of the same width in cells that has only ASCII characters."""
    return "".join(character if character.isascii() else _stand_in(character) for character in text)


def _stand_in(character: str) -> str:
    return STAND_INS.get(character, "?" * cell_width(character))
