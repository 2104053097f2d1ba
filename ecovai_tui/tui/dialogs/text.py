"""The dialog that shows a longer text: the help, or what could not be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from ecovai_tui.tui.context import Context
from ecovai_tui.tui.dialogs.dialog import Dialog, dialog_bindings
from ecovai_tui.tui.keyboard import binding
from ecovai_tui.tui.widgets.page_view import PageView
from ecovai_tui.view.actions import STEPS, Action, shown_keys
from ecovai_tui.view.lines import Line


class TextScreen(Dialog[None]):
    """Shows lines that can be scrolled with the keys of the table."""

    BINDINGS: ClassVar[list[BindingType]] = [*dialog_bindings(*STEPS), binding("help", "leave")]

    def __init__(self, context: Context, title: str, lines: Sequence[Line]) -> None:
        super().__init__(context, title, _hint(context.keyboard.actions, ascii_only=context.options.ascii))
        self._lines = lines

    def body(self) -> Widget:
        """Return the page."""
        return PageView(id="text")

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one(PageView).show(self._lines)

    def action_move(self, action_id: str) -> None:
        """Scroll as one of the moving actions does."""
        page = self.query_one(PageView)
        page.move(STEPS[action_id](page.size.height))


def _hint(actions: Sequence[Action], *, ascii_only: bool) -> str:
    keys = {action.id: shown_keys(action.keys[:1], ascii_only=ascii_only) for action in actions}
    scroll = " ".join(filter(None, (keys["down"], keys["up"])))
    return f"{scroll} scroll  esc leaves" if scroll else "esc leaves"
