"""The dialog that shows a longer text: the help, or what could not be copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widget import Widget

from ecovai_tui.tui.dialogs.dialog import Dialog
from ecovai_tui.tui.textual_patches.type_ahead import keyboard_of, spelled
from ecovai_tui.tui.widgets.page_view import PageView
from ecovai_tui.view.actions import STEPS, Action, shown_keys
from ecovai_tui.view.lines import Line

LEAVING = {"quit", "help", "back"}


class TextScreen(Dialog[None]):
    """Shows lines that can be scrolled with the keys of the table."""

    def __init__(
        self, title: str, lines: Sequence[Line], actions: Sequence[Action], *, ascii_only: bool = False
    ) -> None:
        super().__init__(title, _hint(actions, ascii_only))
        self._lines = lines
        self._keyboard = keyboard_of(actions)

    def body(self) -> Widget:
        """Return the page."""
        return PageView(id="text")

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one(PageView).show(self._lines)

    def on_key(self, event: events.Key) -> None:
        """Scroll, or leave by the keys that leave elsewhere."""
        action_id = self._keyboard.get(spelled(event.key, event.character), "")
        if action_id in STEPS:
            event.stop()
            page = self.query_one(PageView)
            page.move(STEPS[action_id](page.size.height))
        elif action_id in LEAVING:
            event.stop()
            self.action_leave()


def _hint(actions: Sequence[Action], ascii_only: bool) -> str:
    keys = {action.id: shown_keys(action.keys[:1], ascii_only=ascii_only) for action in actions}
    scroll = " ".join(filter(None, (keys["down"], keys["up"])))
    return f"{scroll} scroll  esc leaves" if scroll else "esc leaves"
