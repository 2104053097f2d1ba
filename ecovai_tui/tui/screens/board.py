"""Finding on the main screen: the filter line, the order, and the board as the table shows it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.geometry import Size
from textual.widgets import Input

from ecovai_tui.monitor.clock import let_others_work
from ecovai_tui.tasks.selection import Order
from ecovai_tui.tui.board import Board
from ecovai_tui.tui.screens.layout import LayoutScreen
from ecovai_tui.tui.typed_ahead import Unfinished
from ecovai_tui.tui.widgets.table import SortRequested

if TYPE_CHECKING:
    from ecovai_tui.tui.app import MonitorApp
    from ecovai_tui.tui.widgets.filter_line import FilterLine

SCROLLING = ("scroll_", "page_")
"""Begin the actions that an input inherits and has no use for: there those keys move the cursor of the table."""

ARRANGING = "arranging"
"""The group of the one worker that arranges the board."""


class BoardScreen(LayoutScreen):
    """A screen whose table shows a board; a subclass tells of its state."""

    app: MonitorApp

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.board = Board()
        self._filter_line: FilterLine | None = None

    @abstractmethod
    def show_status(self) -> None:
        """Bring all that tells of the state of things up to date."""

    @property
    def filter_line(self) -> FilterLine:
        """Where the words of the filter are typed; made when it is first needed, as styling it slows the start."""
        if self._filter_line is None:
            from ecovai_tui.tui.widgets.filter_line import FilterLine  # noqa: PLC0415  # not needed for the first paint

            self._filter_line = FilterLine(id="filter")
            self.mount(self._filter_line, before="#footer")
        return self._filter_line

    @property
    def typing(self) -> bool:
        """Tell whether the user types the words of a filter."""
        return self._filter_line is not None and self._filter_line.typing

    @property
    def chosen_ids(self) -> Sequence[str]:
        """The marked tasks in the order of the screen, or else the one under the cursor."""
        cursor = self.table.cursor_id
        return self.table.marked or ((cursor,) if cursor else ())

    def show_board(self) -> None:
        """Show the board as it is arranged now."""
        self.table.empty_text = self.board.emptiness(self.app.key_of("add"), self.app.key_of("back"))
        board = self.board
        self.table.show(board.shown, board.find, sorted_by=board.order, labelled=board.labelled)
        if self.board.arranged and not self.typing:
            self.table.let_cursor_go()
        self.show_status()

    def arrange_board(self) -> None:
        """Show what is wanted of the board: at once, or after some slices of a long one, which newer wishes end."""
        self.workers.cancel_group(self, ARRANGING)
        slices = self.board.arranging()
        for _ in slices:  # there is more than one
            self._arrange_on(slices)
            break
        self.show_board()

    def sort(self, order: Order) -> None:
        """Show the tasks in another order."""
        self.board.sort(order)
        self.arrange_board()

    def go_back(self) -> None:
        """Go one step back: from the filter line, the panel, the zoom, the filter, the marks."""
        if self._filter_line is not None and self._filter_line.display:
            self.app.unfinished = Unfinished("filter", self._filter_line.input.value)
            self.focus_table()
            self._filter_line.close()
            self.find("")
            self.show_status()
        elif self.panel_focused or self.zoomed:
            self.focus_table()
        elif self.board.filter:
            self.board.show_all()
            self.arrange_board()
        else:
            self.unmark_all()

    def end_typing_elsewhere(self) -> None:
        """Put the filter line away, the filter kept, once the keyboard is elsewhere, as after a click."""
        line = self._filter_line
        if line is not None and line.display and self.focused is not None and not self.typing:
            self.table.let_cursor_go()
            line.close()

    def unmark_all(self) -> None:
        """Take all marks away."""
        self.table.unmark_all()
        self.show_status()

    def find(self, text: str) -> None:
        """Show only the lines that have these words."""
        if text != self.board.filter.text:
            self.board.find_words(text)
            self.arrange_board()

    def takes_key(self, event: events.Key) -> bool:
        """Tell whether a key belongs to the line of the filter."""
        if not self.typing:
            return False
        bound = self.active_bindings.get(event.key)
        if bound is None or bound.node is not self.filter_line.input:
            return False
        return not bound.binding.action.startswith(SCROLLING)

    @on(SortRequested)
    def sort_by_header(self, event: SortRequested) -> None:
        """Sort by a column, or turn the order round if it is sorted by that already."""
        order = self.board.order
        self.sort(order.reversed() if event.key is order.key else Order(event.key))

    @on(Input.Changed, "#words")
    def find_while_typing(self, event: Input.Changed) -> None:
        """Filter while the words are typed."""
        self.find(event.value)

    @on(Input.Submitted, "#words")
    def keep_filter(self) -> None:
        """Keep the filter and go back to the table, to the task that is under the cursor now."""
        self.table.let_cursor_go()
        self.focus_table()
        self.filter_line.close()

    @work(group=ARRANGING)
    async def _arrange_on(self, slices: Iterator[None]) -> None:
        await let_others_work()
        for _ in slices:
            await let_others_work()
        self.show_board()
