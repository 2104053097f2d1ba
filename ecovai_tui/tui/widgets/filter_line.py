"""The line at the bottom that takes the words of the filter."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.widgets import Input, Static


class FilterLine(Horizontal):
    """A line that is there only while words are typed."""

    DEFAULT_CSS = """
    FilterLine {
        height: 1; display: none; padding: 0 1;
        Static { width: 2; text-style: bold; }
        Input { width: 1fr; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        self.input = Input(id="words", placeholder="words  enter keeps  esc clears", compact=True)
        """Where the words are typed."""
        self.input.cursor_blink = self.input.select_on_focus = False
        super().__init__(Static("/", markup=False), self.input, id=id)

    def open(self, words: str) -> None:
        """Let the user type on behind the words of the filter as it is."""
        self.display = True
        self.input.value = words
        self.input.cursor_position = len(words)
        self.screen.set_focus(self.input)

    @property
    def typing(self) -> bool:
        """Tell whether the user types here."""
        return self.screen.focused is self.input

    def close(self) -> None:
        """Put the line away."""
        self.display = False
