"""The dialog that lets the user choose from a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from ecovai_tui.interface.cells import ellipsis_of
from ecovai_tui.tasks.text import fit, truncate
from ecovai_tui.tui.screens.dialog import Dialog

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

LEAVING = frozenset({"quit", "back"})


class ChoiceScreen(Dialog[int]):
    """Asks for one of several entries, each a name and a text; answers with its place."""

    def __init__(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        super().__init__(title, "enter chooses  esc leaves")
        self._entries = entries

    def body(self) -> Widget:
        """Return the list."""
        ellipsis = ellipsis_of(ascii_only=self.app.options.ascii)
        return OptionList(*(_prompt(entry, ellipsis) for entry in self._entries), compact=True)

    def on_key(self, event: events.Key) -> None:
        """Move, or leave, by the keys of the table as well."""
        action_id = self.app.action_of(event) or ""
        if action_id in MOVES:
            event.stop()
            MOVES[action_id](self.query_one(OptionList))
        elif action_id in LEAVING:
            event.stop()
            self.action_leave()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_index)


def _prompt(entry: tuple[str, str], ellipsis: str) -> Content:
    name, text = entry
    if not text:
        return Content(name)
    return Content.assemble(fit(name, NAME_WIDTH), (truncate(text, TEXT_WIDTH, ellipsis), "$text-muted"))
