"""The line at the bottom that takes the words of the filter."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static


class FilterLine(Horizontal):
    """A line that is there only while words are typed; what it holds stays when it is put away."""

    DEFAULT_CSS = """
    FilterLine {
        height: 1; display: none; padding: 0 1;
        Static { width: 2; text-style: bold; }
        Input { width: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the sign and the input."""
        yield Static("/", markup=False)
        words = Input(id="words", placeholder="words · enter keeps · esc clears", compact=True)
        words.cursor_blink = words.select_on_focus = False
        yield words

    @property
    def input(self) -> Input:
        """Where the words are typed."""
        return self.query_one("#words", Input)

    def open(self) -> None:
        """Let the user type."""
        self.display = True
        self.input.cursor_position = len(self.input.value)
        self.screen.set_focus(self.input)

    @property
    def typing(self) -> bool:
        """Tell whether the user types here."""
        return self.input.has_focus or self.screen.focused is self.input

    def type_ahead(self, character: str) -> None:
        """Take a character that was typed so fast that it still went to the table."""
        self.input.insert_text_at_cursor(character)

    def close(self) -> None:
        """Put the line away."""
        self.display = False

    def clear(self) -> None:
        """Take the words away."""
        self.input.value = ""
