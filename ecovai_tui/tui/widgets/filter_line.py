"""The line at the bottom that takes the words of the filter."""

from __future__ import annotations

from textual.widgets import Input


class FilterLine(Input):
    """An input that is there only while words are typed; what it holds stays when it is put away."""

    DEFAULT_CSS = "FilterLine { display: none; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id, placeholder="words that the line must have", compact=True)
        self.cursor_blink = False

    def open(self) -> None:
        """Let the user type."""
        self.display = True
        self.focus()

    def close(self) -> None:
        """Put the line away."""
        self.display = False
