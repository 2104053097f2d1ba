"""The clip within the row, and the panel that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tui.performers.registry import performs
from ecovai_tui.tui.screens.layout import TALL, WIDE

if TYPE_CHECKING:
    from ecovai_tui.tui.screens.main import MainScreen


@performs("previous-clip")
def previous_clip(screen: MainScreen) -> None:
    """Choose the clip to the left."""
    screen.table.move_clip(-1)


@performs("next-clip")
def next_clip(screen: MainScreen) -> None:
    """Choose the clip to the right."""
    screen.table.move_clip(1)


@performs("panel")
def panel(screen: MainScreen) -> None:
    """Go to the panel, showing it if it was put away, or back to the table."""
    if screen.panel_focused:
        screen.focus_table()
    else:
        screen.focus_panel()


@performs("previous-tab")
def previous_tab(screen: MainScreen) -> None:
    """Show the tab to the left."""
    _change_tab(screen, -1)


@performs("next-tab")
def next_tab(screen: MainScreen) -> None:
    """Show the tab to the right."""
    _change_tab(screen, 1)


@performs("zoom")
def zoom(screen: MainScreen) -> None:
    """Give the panel the whole screen, or take it back."""
    screen.zoom(on=not screen.zoomed)


@performs("panel-off")
def panel_off(screen: MainScreen) -> None:
    """Put the panel away, or show it again; say so where that cannot be."""
    if screen.cramped and not screen.zoomed:
        enter = screen.app.key_of("panel")
        screen.say(f"The panel needs {WIDE} columns or {TALL} lines to stand by the table; {enter} shows it alone")
    else:
        screen.show_panel(on=not screen.panel_shown)


def _change_tab(screen: MainScreen, step: int) -> None:
    if screen.panel_shown:
        screen.panel.choose_tab(screen.panel.tab.beside(step))
