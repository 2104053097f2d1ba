"""A line on standard error that is written again in its place, where a human watches."""

from __future__ import annotations

import os
import sys

from ecovai_tui.commands.output import on_terminal, write_error

_CLEAR = "\r\x1b[K"
_USUAL_WIDTH = 80


class LiveLine:
    """Shows the newest state and leaves nothing behind; without a terminal it shows nothing at all."""

    def __init__(self) -> None:
        self.possible = on_terminal(sys.stderr) and os.environ.get("TERM", "") not in {"", "dumb"}
        """Whether a line can be written again in its place."""
        self._shown = ""

    def show(self, text: str) -> None:
        """Show a text of plain ASCII, cut to the width of the terminal; one that is shown already costs nothing."""
        if not self.possible:
            return
        text = text[: _width() - 1]
        if text == self._shown:
            return
        write_error(f"{_CLEAR}{text}")
        self._shown = text

    def clear(self) -> None:
        """Take the line away."""
        if not self._shown:
            return
        write_error(_CLEAR)
        self._shown = ""


def _width() -> int:
    """Return the cells in a line of the terminal, asked anew each time since windows change."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH
