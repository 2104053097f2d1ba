"""The line at the bottom that takes the words of the filter."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.widgets import Input, Static


class FilterLine(Horizontal):
    """A line that is there only while words are typed; what it holds stays when it is put away.

    Its parts are made when it is opened for the first time: styling them would slow the start.
    """

    DEFAULT_CSS = """
    FilterLine {
        height: 1; display: none; padding: 0 1;
        Static { width: 2; text-style: bold; }
        Input { width: 1fr; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._input: Input | None = None

    @property
    def input(self) -> Input:
        """Where the words are typed."""
        if self._input is None:
            self._input = Input(id="words", placeholder="words · enter keeps · esc clears", compact=True)
            self._input.cursor_blink = self._input.select_on_focus = False
            self.mount(Static("/", markup=False), self._input)
        return self._input

    def open(self) -> None:
        """Let the user type."""
        self.display = True
        self.input.cursor_position = len(self.input.value)
        self.screen.set_focus(self.input)

    @property
    def typing(self) -> bool:
        """Tell whether the user types here."""
        return self.display and (self.input.has_focus or self.screen.focused is self.input)

    def type_ahead(self, character: str) -> None:
        """Take a character that was typed so fast that it still went to the table."""
        self.input.insert_text_at_cursor(character)

    def close(self) -> None:
        """Put the line away."""
        self.display = False

    def clear(self) -> None:
        """Take the words away."""
        if self._input is not None:
            self._input.value = ""
