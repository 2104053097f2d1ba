"""The dialog that takes a label."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.tasks.text import TITLE_LIMIT, clean_line
from ecovai_tui.tui.screens.dialog import Dialog
from ecovai_tui.tui.typed_ahead import Unfinished


class LabelScreen(Dialog[str]):
    """Asks for a label; answers with it, or with "" to take it away."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__(f"Label of {name}", "enter keeps it  empty takes it away  esc leaves")
        self._label = label

    def body(self) -> Widget:
        """Return the line to type in."""
        line = Input(self._label, placeholder="a few words of your own", compact=True, max_length=TITLE_LIMIT)
        line.cursor_blink = False
        return line

    @property
    def unfinished(self) -> Unfinished | None:
        """The label as it is typed so far."""
        return Unfinished("label", self.query_one(Input).value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        self.dismiss(clean_line(event.value))
