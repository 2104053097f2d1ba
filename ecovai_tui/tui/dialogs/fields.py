"""The dialogs with a text field: ids to add, pasted from anywhere, and a label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from ecovai_tui.tasks.text import TITLE_LIMIT, clean_line
from ecovai_tui.tui.dialogs.dialog import Dialog
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished

if TYPE_CHECKING:
    from textual._types import WatchCallbackType
    from textual.dom import DOMNode

    from ecovai_tui.tui.context import Context


class LabelScreen(Dialog[str]):
    """Asks for a label; answers with it, or with "" to take it away."""

    def __init__(self, context: Context, name: str, label: str) -> None:
        super().__init__(context, f"Label of {name}", "empty takes it away")
        self._label = label

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter answers."""
        return (("enter", "keep"), ("esc", "cancel"))

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


NOTHING = "No id in this yet"

_SHOWN = 13
"""Characters of an id that are shown: enough to tell it from others."""

_LISTED = 20
"""Ids that are listed at most, more than fit into any line."""

PASTE_PAUSE = 0.05
"""Seconds within which nobody types another key: enter is then a line end of a text that was pasted as if typed."""


class IdsArea(TextArea):
    """A text area in which enter means done, unless it comes in the middle of a pasted text."""

    @dataclass
    class Done(Message):
        """Enter was pressed."""

    def __init__(self, text: str, more_is_typed: Callable[[], bool]) -> None:
        """``more_is_typed`` tells whether there are keys that wait to be handled."""
        super().__init__(text, compact=True, placeholder="Paste ids, links, JSON or log lines here")
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._more_is_typed = more_is_typed
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
        if self._more_is_typed():
            self.insert("\n")
            return
        self.post_message(self.Done())


def understood(ids: Sequence[str], is_watched: Callable[[str], bool]) -> str:
    """Return in words what was found in a text: how many ids, and the beginnings of the new ones."""
    if not ids:
        return NOTHING
    new = [name for name in ids if not is_watched(name)]
    told = [f"{len(new)} new {'id' if len(new) == 1 else 'ids'}"] if new else []
    if already := len(ids) - len(new):
        told.append(f"{already} {'is' if already == 1 else 'are'} on the list already")
    listed = "  ".join(name if len(name) <= _SHOWN + 1 else f"{name[:_SHOWN]}…" for name in new[:_LISTED])
    return ", ".join(told) + (f":  {listed}" if listed else "")


class AddScreen(Dialog[Sequence[str]]):
    """Asks for ids; answers with those that were found in the text."""

    def __init__(self, context: Context, is_watched: Callable[[str], bool]) -> None:
        """Begin with a text that was left unfinished."""
        super().__init__(context, "Add tasks", "they stay on the watch list")
        self._text = context.typed_ahead.take_up()
        self._find_ids = context.options.find_ids
        self._is_watched = is_watched

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter answers."""
        return (("enter", "add"), ("esc", "cancel"))

    def body(self) -> Widget:
        """Return the area to paste into, and the line that says what was understood of it."""
        area = IdsArea(self._text, lambda: self.context.typed_ahead.waiting)
        area.move_cursor(area.document.end)
        found = Static(self._understood(self._text), classes="dialog-found", markup=False)
        return Vertical(area, found, classes="dialog-body")

    @property
    def unfinished(self) -> Unfinished | None:
        """The text, if there is any."""
        text = self.query_one(IdsArea).text
        return Unfinished("add", text) if text else None

    @on(IdsArea.Done)
    def answer(self) -> None:
        """Answer with the ids, unless there is none."""
        ids = self._find_ids(self.query_one(IdsArea).text)
        if ids:
            self.dismiss(ids)
        else:
            self._tell(NOTHING)

    @on(TextArea.Changed)
    def tell_what_was_found(self, event: TextArea.Changed) -> None:
        """Say which ids there are so far; nothing of an empty field."""
        self._tell(self._understood(event.text_area.text))

    def _understood(self, text: str) -> str:
        return understood(self._find_ids(text), self._is_watched) if text.strip() else ""

    def _tell(self, text: str) -> None:
        self.query_one(".dialog-found", Static).update(text, layout=False)
