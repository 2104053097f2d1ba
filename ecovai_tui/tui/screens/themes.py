"""The dialog that lets the user choose a theme, and shows each at once."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import OptionList

from ecovai_tui.tui.screens.choice import ChoiceScreen


class ThemeScreen(ChoiceScreen):
    """Asks for a theme at the edge of the screen; leaving it brings the former one back."""

    def __init__(self, names: Sequence[str], current: str) -> None:
        super().__init__("Theme", [(name, "") for name in names])
        self._names = names
        self._former = current

    def on_mount(self) -> None:
        """Begin at the theme in use."""
        self.query_one(OptionList).highlighted = self._names.index(self._former)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show a theme."""
        self.app.theme = self._names[event.option_index]

    def action_leave(self) -> None:
        """Take the former theme back."""
        self.app.theme = self._former
        super().action_leave()
