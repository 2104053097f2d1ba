"""Handlers that move: the cursor, the clip, the panel, the filter and the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES, Order
from ecovai_tui.tui.actions.handlers import Handler, performs
from ecovai_tui.tui.panel_controller import TALL, WIDE
from ecovai_tui.view.actions import STEPS

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


def mover(action_id: str) -> Handler:
    """Return what performs one of the moving actions."""
    step = STEPS[action_id]

    def move(screen: MainScreen) -> None:
        if screen.panes.focused:
            screen.panes.panel.page.move(step(screen.panes.panel.page.size.height))
        else:
            screen.table.move(step(screen.table.page_rows))

    return move


for moving_id in STEPS:
    performs(moving_id)(mover(moving_id))


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
    if screen.panes.focused:
        screen.panes.focus_table()
    else:
        screen.panes.focus_panel()


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
    screen.panes.zoom(on=not screen.panes.zoomed)


@performs("panel-off")
def panel_off(screen: MainScreen) -> None:
    """Put the panel away, or show it again; say so where that cannot be."""
    if screen.panes.cramped and not screen.panes.zoomed:
        enter = screen.context.keyboard.key_of("panel")
        screen.context.say(
            f"The panel needs {WIDE} columns or {TALL} lines to stand by the table; {enter} shows it alone"
        )
    else:
        screen.panes.show(on=not screen.panes.shown)


def _change_tab(screen: MainScreen, step: int) -> None:
    if screen.panes.shown:
        screen.panes.panel.choose_tab(screen.panes.panel.tab.beside(step))


@performs("filter")
def filter_words(screen: MainScreen) -> None:
    """Open the line that takes the words; as they change, the cursor comes back to where it was."""
    screen.listing.open_filter()


@performs("sort")
def sort(screen: MainScreen) -> None:
    """Sort by the next column that is on the screen, or as usual again where that has no room for its column."""
    screen.listing.sort(screen.task_list.order.next_key({Order().key, *screen.table.sort_keys}))


@performs("reverse")
def reverse(screen: MainScreen) -> None:
    """Turn the order round."""
    screen.listing.sort(screen.task_list.order.reversed())


@performs("failed-only")
def failed_only(screen: MainScreen) -> None:
    """Show only failures, or all again."""
    screen.task_list.toggle_phases(FAILED_PHASES)
    screen.listing.arrange()


@performs("active-only")
def active_only(screen: MainScreen) -> None:
    """Show only what is under way, or all again."""
    screen.task_list.toggle_phases(ACTIVE_PHASES)
    screen.listing.arrange()


@performs("next-failed")
def next_failed(screen: MainScreen) -> None:
    """Go to the next failure."""
    _to_failed(screen, 1)


@performs("previous-failed")
def previous_failed(screen: MainScreen) -> None:
    """Go to the previous failure."""
    _to_failed(screen, -1)


def _to_failed(screen: MainScreen, step: int) -> None:
    some = not FAILED_PHASES.isdisjoint(screen.task_list.counts)
    found = screen.table.next_id(lambda task: task.summary.phase in FAILED_PHASES, step) if some else None
    if found is None:
        screen.context.say("No task on this list has failed")
    else:
        screen.table.move_to(found)
