"""The one door where untrusted text is cleaned, and the measures of text in terminal cells."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

TITLE_LIMIT = 500
"""Characters kept of anything that is shown on one line."""

TEXT_LIMIT = 200_000
"""Characters kept of lyrics and other texts of several lines."""

ELLIPSIS = "…"

_BLANKS = re.compile(r"\s+")
_PLAIN = re.compile(r"[\t\n -~]*")
"""Most of what gateways send has nothing to clean; to see that costs a tenth of cleaning it."""


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return untrusted text of several lines without anything that could steer a terminal; newline and tab stay."""
    if _PLAIN.fullmatch(text):
        return text[:limit]
    from ecovai_tui.tasks.controls import without_controls  # noqa: PLC0415 its tables are slow to make

    return without_controls(text[: 2 * limit])[:limit]


def clean_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """Return untrusted text as one clean line, its blanks folded."""
    return _BLANKS.sub(" ", clean_text(text, limit)).strip()


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Return how many terminal cells the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def truncate(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """Return the text in at most so many cells, its end replaced by an ellipsis where it is too long."""
    if cell_width(text) <= width:
        return text
    if width <= cell_width(ellipsis):
        return ellipsis[: max(0, width)]
    return set_cell_size(text, width - cell_width(ellipsis)).rstrip() + ellipsis


def fit(text: str, width: int, *, right: bool = False, ellipsis: str = ELLIPSIS) -> str:
    """Return the text in exactly so many cells, cut or padded."""
    text = truncate(text, width, ellipsis)
    padding = " " * (width - cell_width(text))
    return padding + text if right else text + padding
