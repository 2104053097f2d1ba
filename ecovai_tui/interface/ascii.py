"""Stand-ins for what a terminal's encoding lacks: of the same width, and the same wherever a text is shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

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
