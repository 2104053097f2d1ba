"""The dialogs with a list to choose from: copy menu and themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from ecovai_tui.language import tr
from ecovai_tui.tasks.text import fit, truncate
from ecovai_tui.tui.dialogs.dialog import Dialog, dialog_bindings
from ecovai_tui.view.lines import ellipsis_of

if TYPE_CHECKING:
    from ecovai_tui.tui.context import Context


NAME_WIDTH, TEXT_WIDTH = 12, 60

MOVES: Mapping[str, Callable[[OptionList], None]] = {
    "down": OptionList.action_cursor_down,
    "up": OptionList.action_cursor_up,
    "first": OptionList.action_first,
    "last": OptionList.action_last,
    "half-down": OptionList.action_page_down,
    "half-up": OptionList.action_page_up,
    "page-down": OptionList.action_page_down,
    "page-up": OptionList.action_page_up,
}
"""What the moving actions do here; a list is hardly longer than a page."""


class ChoiceScreen(Dialog[int]):
    """Asks for one of several entries, each a name and a text; answers with its place."""

    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings(*MOVES)

    def __init__(self, context: Context, title: str, entries: Sequence[tuple[str, str]]) -> None:
        super().__init__(context, title)
        self._entries = entries

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter answers."""
        return (("enter", tr("choose")), ("esc", tr("leave")))

    def body(self) -> Widget:
        """Return the list."""
        ellipsis = ellipsis_of(ascii_only=self.context.options.ascii)
        return OptionList(*(_prompt(entry, ellipsis) for entry in self._entries), compact=True)

    def action_move(self, action_id: str) -> None:
        """Move as one of the moving actions does."""
        MOVES[action_id](self.query_one(OptionList))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_index)


def _prompt(entry: tuple[str, str], ellipsis: str) -> Content:
    name, text = entry
    if not text:
        return Content(name)
    return Content.assemble(fit(name, NAME_WIDTH), (truncate(text, TEXT_WIDTH, ellipsis), "$text-muted"))


class ThemeScreen(ChoiceScreen):
    """Asks for a theme at the edge of the screen; leaving it brings the former one back."""

    def __init__(self, context: Context, names: Sequence[str]) -> None:
        super().__init__(context, tr("Theme"), [(name, "") for name in names])
        self._names = names
        self._former = self.app.theme

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
