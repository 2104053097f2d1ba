"""The dialog that takes ids: any number of them, pasted from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.widget import Widget
from textual.widgets import Static, TextArea

from ecovai_tui.tui.screens.dialog import Dialog

HINT = "enter adds · shift+enter or ctrl+n: new line · esc leaves"
NOTHING = "No id in this text yet. Ids are separated by blanks or new lines."


class IdsArea(TextArea):
    """A text area in which enter means done, since ids are pasted far more often than typed."""

    async def _on_key(self, event: events.Key) -> None:
        """Let enter and esc through to the dialog."""
        if event.key in {"enter", "escape"}:
            return
        if event.key in {"shift+enter", "ctrl+n"}:
            event.key = "enter"
        await super()._on_key(event)


class AddScreen(Dialog[Sequence[str]]):
    """Asks for ids; answers with those that were found in the text."""

    def __init__(self, find_ids: Callable[[str], Sequence[str]]) -> None:
        super().__init__("Watch more tasks", HINT)
        self._find_ids = find_ids

    def body(self) -> Widget:
        """Return the area to paste into."""
        area = IdsArea(id="ids", compact=True, placeholder="Paste ids, links, JSON or log lines here")
        area.cursor_blink = False
        area.highlight_cursor_line = False
        return area

    def on_key(self, event: events.Key) -> None:
        """Answer on enter, unless there is nothing to answer with."""
        if event.key != "enter":
            return
        event.stop()
        ids = self._find_ids(self.query_one(IdsArea).text)
        if ids:
            self.dismiss(ids)
        else:
            self._tell(NOTHING)

    @on(TextArea.Changed)
    def tell_number(self, event: TextArea.Changed) -> None:
        """Say how many ids there are so far."""
        found = len(self._find_ids(event.text_area.text))
        self._tell(f"{found} {'id' if found == 1 else 'ids'} · {HINT}" if found else HINT)

    def _tell(self, text: str) -> None:
        self.query_one(".dialog-hint", Static).update(text, layout=False)
