"""The panel of the selected clip: a title, tabs, and the page of the active tab."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from ecovai_tui.tui.keyboard import binding, performing
from ecovai_tui.tui.pages.panel_page import Tab, panel_page, tabs_line, title_line
from ecovai_tui.tui.task_list import Subject
from ecovai_tui.tui.widgets.lines import Area, LineBar
from ecovai_tui.tui.widgets.page_view import PageView
from ecovai_tui.view.lines import Line
from ecovai_tui.view.rows import RowContext

TAB_PRESS = "tab "
"""Begins the action of a span of the line of tabs."""


class Panel(Area):
    """Shows one subject; what has not changed is not painted again, and the place in a page stays."""

    BINDINGS: ClassVar[list[BindingType]] = [binding("mark", performing("page-down"))]
    DEFAULT_CSS = "Panel { width: 1fr; height: 1fr; overflow: hidden; }"

    def __init__(self, *, tab: str = "", ascii_only: bool = False) -> None:
        """``tab`` is the one to begin with, by its name; the first of all if there is none of that name."""
        self._title_bar, self._tabs_bar = LineBar(id="panel-title"), LineBar(id="panel-tabs")
        self.page = PageView(id="page")
        """The page, which has the keyboard's focus when the panel has it."""
        super().__init__(self._title_bar, self._tabs_bar, self.page)
        self.tab = next((known for known in Tab if known == tab), Tab.LYRICS)
        self.subject: Subject | None = None
        self._ascii_only = ascii_only
        self._row_context = RowContext(0.0, lambda _summary, _now: 0.0)

    def on_mount(self) -> None:
        """Show that there is nothing yet."""
        self._show_tabs()

    @property
    def tab_name(self) -> str:
        """The name of the tab that is shown, "" for the first."""
        return "" if self.tab is Tab.LYRICS else self.tab.value

    def is_about(self, id_: str | None, clip_index: int) -> bool:
        """Return whether it shows this clip of this task already."""
        return self.subject is not None and self.subject.place == (id_, clip_index)

    def show(self, subject: Subject | None, context: RowContext) -> None:
        """Show a subject as things stand; another subject is shown from the top."""
        new = self.subject is None or subject is None or subject.place != self.subject.place
        self.subject, self._row_context = subject, context
        self._show_title()
        self._show_page(from_the_top=new)

    def pass_time(self, context: RowContext) -> None:
        """Show the same subject as things stand later."""
        self._row_context = context
        self._show_page(from_the_top=False)

    def choose_tab(self, tab: Tab) -> None:
        """Show another page of the same subject, from its top."""
        if tab is not self.tab:
            self.tab = tab
            self._show_tabs()
            self._show_page(from_the_top=True)

    def on_descendant_focus(self) -> None:
        """Show in the title that the keyboard is here."""
        self._show_title()

    def on_descendant_blur(self) -> None:
        """Show in the title that the keyboard is elsewhere."""
        self._show_title()

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """Choose the tab that was clicked."""
        if event.action.startswith(TAB_PRESS):
            event.stop()
            self.choose_tab(Tab(event.action.removeprefix(TAB_PRESS)))

    def _show_page(self, *, from_the_top: bool) -> None:
        self.page.show(panel_page(self.tab, self.subject, self._row_context), from_the_top=from_the_top)

    def _show_title(self) -> None:
        self._title_bar.lay_out(self._title)

    def _show_tabs(self) -> None:
        self._tabs_bar.lay_out(lambda width: tabs_line(self.tab, width, ascii_only=self._ascii_only))

    def _title(self, width: int) -> Line:
        return title_line(self.subject, width, focused=self.page.has_focus, ascii_only=self._ascii_only)
