"""How the parts of the one screen share its room: wide or narrow, zoomed, without the panel, too small."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from ecovai_tui.tui.widgets.area import Area

if TYPE_CHECKING:
    from ecovai_tui.tui.widgets.panel import Panel
    from ecovai_tui.tui.widgets.task_table import TaskTable


LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""Cells; in less than that only a sentence is shown."""


WIDE = 100
"""Cells from which on the panel stands beside the table and not below it."""

TALL = 18
"""Lines from which on there is room for it below the table."""


class LayoutScreen(Screen[None], inherit_bindings=False):
    """A screen with a table and a panel; what is shown is told by classes, which the style sheet reads."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012  # an instance variable of Textual's
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012  # as above

    table: TaskTable
    """The table of tasks, made with the screen: the terminal may tell of its focus before anything is laid out."""

    def __init__(self, size: Size) -> None:
        """Take the layout of the window's size while there is nothing to style yet; Textual does so much later."""
        wide, tall = size.width >= WIDE, size.height >= TALL
        super().__init__(classes=f"{'-wide' if wide else '-narrow'} {'-tall' if tall else '-short'}")
        self._panel_place = Area(id="panel")
        self._panel: Panel | None = None
        self._styled = False

    @property
    def panel(self) -> Panel:
        """The panel of the selected clip; made when it is first needed, so that the first rows need not wait for it."""
        if self._panel is None:
            self._panel = self.make_panel()
            self._panel_place.mount(self._panel)
        return self._panel

    @abstractmethod
    def make_panel(self) -> Panel:
        """Return a new panel."""

    @property
    def panel_focused(self) -> bool:
        """Whether the keyboard moves the panel's page."""
        return self._panel is not None and self.focused is self._panel.page

    @property
    def panel_shown(self) -> bool:
        """Whether the panel is on the screen."""
        return bool(self._panel_place.display)

    @property
    def cramped(self) -> bool:
        """Whether there is room for the panel neither beside the table nor below it."""
        return self.has_class("-narrow") and self.has_class("-short")

    @property
    def zoomed(self) -> bool:
        """Whether the panel has the whole screen."""
        return self.has_class("-zoomed")

    def focus_table(self) -> None:
        """Give the keyboard to the table."""
        self.remove_class("-zoomed")
        self.set_focus(self.table)

    def focus_panel(self) -> None:
        """Give the keyboard to the panel; a small screen has room for it only when it is zoomed."""
        if self.zoomed or self.cramped:
            self.zoom(on=True)
        else:
            self.remove_class("-panel-off")
            self._enter_panel()

    def zoom(self, *, on: bool) -> None:
        """Give the panel the whole screen, or take it back: a panel that was put away is away again then."""
        self.set_class(on, "-zoomed")
        if on:
            self._enter_panel()
        else:
            self.focus_table()

    def show_panel(self, *, on: bool) -> None:
        """Put the panel beside the table, or away."""
        self.set_class(not on, "-panel-off")
        if on:
            self.panel_opened()
        else:
            self.focus_table()

    def panel_opened(self) -> None:
        """Fill the panel, which is not kept up while it is away."""

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the window is too small."""
        width, height = event.size
        if width < WIDE and height < TALL and self.panel_focused:
            self.add_class("-zoomed")  # else what has the keyboard would be out of sight
        tiny = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(tiny, "-tiny")
        if tiny:
            self._say_too_small(f"Too small: {width}x{height}. At least {LEAST_WIDTH}x{LEAST_HEIGHT} is needed.")

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Do not style everything a second time when the screen appears first: that is a sixth of the start."""
        event.refresh_styles, self._styled = self._styled, True

    def _enter_panel(self) -> None:
        self.panel_opened()
        self.set_focus(self.panel.page)

    def _say_too_small(self, sentence: str) -> None:
        known = self.query("#too-small")
        if known:
            known.only_one(Static).update(sentence)
        else:
            self.mount(Static(sentence, id="too-small", markup=False))
