"""The dialog that takes ids: any number of them, pasted from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from ecovai_tui.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual._types import WatchCallbackType
    from textual.dom import DOMNode

HINT = "enter adds · esc leaves"
NOTHING = "There is no id in this text. Blanks or new lines stand between ids."

PASTE_PAUSE = 0.05
"""Seconds within which nobody types another key: enter is then a line end of a text that was pasted as if typed."""


class IdsArea(TextArea):
    """A text area in which enter means done, unless it comes in the middle of a pasted text."""

    @dataclass
    class Done(Message):
        """Enter was pressed."""

    def __init__(self) -> None:
        super().__init__(compact=True, placeholder="Paste ids, links, JSON or log lines here")
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._ending: Timer | None = None

    def watch(self, obj: DOMNode, attribute_name: str, callback: WatchCallbackType, init: bool = True) -> None:
        """Watch nothing of the app: it would keep this area, gone or not, until the theme changes."""
        if obj is not self.app:
            super().watch(obj, attribute_name, callback, init=init)

    async def _on_key(self, event: events.Key) -> None:
        """Hold enter back for a moment; Textual calls its own handler after this one."""
        if self._ending is not None:
            self._ending.stop()
            self._ending = None
            self.insert("\n")
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._ending = self.set_timer(PASTE_PAUSE, self._end)

    def _end(self) -> None:
        self._ending = None
        self.post_message(self.Done())


class AddScreen(Dialog[Sequence[str]]):
    """Asks for ids; answers with those that were found in the text."""

    def __init__(self, find_ids: Callable[[str], Sequence[str]]) -> None:
        super().__init__("Watch more tasks", HINT)
        self._find_ids = find_ids

    def body(self) -> Widget:
        """Return the area to paste into."""
        return IdsArea()

    @on(IdsArea.Done)
    def answer(self) -> None:
        """Answer with the ids, unless there is none."""
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
