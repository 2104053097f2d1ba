"""Stand-ins for terminals that show ASCII alone: of the same width, and the same wherever a text is shown."""

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
def to_ascii(text: str) -> str:
    """Return a text of the same width in cells that has only ASCII characters."""
    return "".join(character if character.isascii() else _stand_in(character) for character in text)


def _stand_in(character: str) -> str:
    return STAND_INS.get(character, "?" * cell_width(character))
