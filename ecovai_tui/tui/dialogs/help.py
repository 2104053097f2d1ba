"""The help: all keys and signs in columns, and a search among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.language import later, tr
from ecovai_tui.tui.context import Context
from ecovai_tui.tui.dialogs.dialog import TextScreen
from ecovai_tui.tui.widgets.panel import PageView
from ecovai_tui.view.help_page import column_width, columns_in, found, page, sections_of
from ecovai_tui.view.lines import line

OWN_KEYS = later("your own keys: [keys] in config.toml")

AROUND, BESIDE = 8, 2
"""Cells around the columns: in a frame with empty ground at its sides, and without one."""

SEARCHING = "-searching"
"""The class while something is looked for."""

FRAME = 6
"""Cells that frame, inner blanks and empty ground take of a dialog's width."""


class HelpScreen(TextScreen):
    """Shows all keys, the filter's language and the signs; a search leaves what is found in its place."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", show=False)]

    def __init__(self, context: Context) -> None:
        super().__init__(context, tr("Help"), (), tr(OWN_KEYS))
        self._sections = sections_of(context.keyboard.actions, ascii_only=context.options.ascii)
        self._search = Input(placeholder=tr("a key, or what it does"), compact=True, id="search")
        self._search.cursor_blink = False

    def body(self) -> Widget:
        """Return the line of the search, which has its row from the start, and the page."""
        return Vertical(self._search, super().body(), id="helping")

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Those that find and scroll."""
        if self._search.has_focus:
            return (("enter", tr("keep")), ("esc", tr("all keys")))
        return (("/", tr("find a key")), *super().keys)

    @property
    def width(self) -> int:
        """As wide as its columns."""
        room = self._room
        return columns_in(room) * column_width(room) + FRAME

    @property
    def _room(self) -> int:
        return self.app.size.width - (AROUND if self.framed else BESIDE)

    def on_resize(self) -> None:
        """Lay the columns out for the window."""
        if self.framed:
            self.query_one(".dialog-ground").styles.width = self.width
        self.show_lines()

    def action_search(self) -> None:
        """Let the user type what is looked for."""
        self.add_class(SEARCHING)
        self._search.focus()

    @on(Input.Changed)
    def find_while_typing(self) -> None:
        """Show what has the words."""
        self.show_lines()

    @on(Input.Submitted)
    def keep(self) -> None:
        """Let the keys scroll again."""
        self.query_one(PageView).focus()

    def action_leave(self) -> None:
        """Show all again, or leave."""
        if self.has_class(SEARCHING):
            self._search.value = ""
            self.remove_class(SEARCHING)
            self.keep()
        else:
            super().action_leave()

    def on_descendant_focus(self) -> None:
        """Show the keys that work there."""
        self.show_keys()

    def show_lines(self) -> None:
        """Lay the columns out for the window, and show what is found in them."""
        width = self._room
        ascii_only = self.context.options.ascii
        whole = page(self._sections, width, ascii_only=ascii_only)
        hits = found(self._sections, self._search.value)
        shown = page(hits, width, ascii_only=ascii_only) if hits else [line(tr("No key does this."))]
        blank = [line()] * (len(whole) - len(shown))
        self.query_one(PageView).show([*shown, *blank], from_the_top=bool(self._search.value))
