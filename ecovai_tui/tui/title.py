"""The title of the terminal's window: what a list of windows tells of a pane that nobody looks at."""

from __future__ import annotations

from collections.abc import Callable

from ecovai_tui.terminal.capabilities import Capabilities
from ecovai_tui.terminal.titles import RESTORE_TITLE, SAVE_TITLE, window_title


class WindowTitle:
    """Sends a title only when it differs from the one before, and gives the former owner's back."""

    def __init__(self, capabilities: Capabilities, send: Callable[[bytes], object]) -> None:
        self._capabilities = capabilities
        self._send = send
        self._sent = b""

    def show(self, text: str) -> None:
        """Set the title; the first time the one that was there is put aside."""
        title = window_title(text, self._capabilities)
        if title != self._sent:
            self._send(title if self._sent else SAVE_TITLE + title)
            self._sent = title

    def give_back(self) -> None:
        """Bring the former title back, as for a while when the program is suspended."""
        if self._sent:
            self._sent = b""
            self._send(RESTORE_TITLE)
