"""Finding: the filter, the order, and going from failure to failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES, Order
from ecovai_tui.tui.performers.registry import performs

if TYPE_CHECKING:
    from ecovai_tui.tui.screens.main import MainScreen


@performs("filter")
def filter_words(screen: MainScreen) -> None:
    """Open the line that takes the words; as they change, the cursor comes back to where it was."""
    screen.table.hold_cursor()
    screen.filter_line.open(screen.app.take_up() or screen.board.filter.text)
    screen.show_status()


@performs("sort")
def sort(screen: MainScreen) -> None:
    """Sort by the next column that is on the screen, or as usual again where that has no room for its column."""
    screen.sort(screen.board.order.next_key({Order().key, *screen.table.sort_keys}))


@performs("reverse")
def reverse(screen: MainScreen) -> None:
    """Turn the order round."""
    screen.sort(screen.board.order.reversed())


@performs("failed-only")
def failed_only(screen: MainScreen) -> None:
    """Show only failures, or all again."""
    screen.board.toggle_phases(FAILED_PHASES)
    screen.arrange_board()


@performs("active-only")
def active_only(screen: MainScreen) -> None:
    """Show only what is under way, or all again."""
    screen.board.toggle_phases(ACTIVE_PHASES)
    screen.arrange_board()


@performs("next-failed")
def next_failed(screen: MainScreen) -> None:
    """Go to the next failure."""
    _to_failed(screen, 1)


@performs("previous-failed")
def previous_failed(screen: MainScreen) -> None:
    """Go to the previous failure."""
    _to_failed(screen, -1)


def _to_failed(screen: MainScreen, step: int) -> None:
    some = not FAILED_PHASES.isdisjoint(screen.board.counts)
    found = screen.table.next_id(lambda task: task.summary.phase in FAILED_PHASES, step) if some else None
    if found is None:
        screen.say("No task on this list has failed")
    else:
        screen.table.move_to(found)
