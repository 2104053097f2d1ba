"""The title of the terminal's window, or of the pane inside tmux."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.terminal.sequences import clean_field, command

if TYPE_CHECKING:
    from ecovai_tui.terminal.capabilities import Capabilities

TITLE_LIMIT = 120
"""Characters: more does not fit a tab or a title bar."""

SAVE_TITLE = b"\x1b[22;2t"
"""Puts the title on the terminal's stack."""

RESTORE_TITLE = b"\x1b[23;2t"
"""Takes it from there."""


def window_title(text: str, capabilities: Capabilities) -> bytes:
    """Return the bytes that set the title (OSC 2); empty where there is none to set."""
    if capabilities.console or capabilities.dumb or not capabilities.terminal:
        return b""
    return command(2, clean_field(text, unicode=capabilities.encoding == "utf-8", limit=TITLE_LIMIT))
