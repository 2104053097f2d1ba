"""Handlers of how things look: theme, compact, interval, help, palette, going back and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.engine.clock import in_thread
from ecovai_tui.tui.actions.handlers import performs

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


INTERVALS = (2.0, 3.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds; what + and - go through."""


@performs("theme")
async def theme(screen: MainScreen) -> None:
    """Let the user choose a theme, shown at once."""
    from ecovai_tui.tui.dialogs.lists import ThemeScreen  # noqa: PLC0415  # not needed for the first paint

    names = screen.context.themes.names()
    chosen = await screen.app.push_screen_wait(ThemeScreen(screen.context, names))
    if chosen is None:
        return
    await in_thread(screen.context.ui_state.pick_theme, names[chosen])
    fixed = screen.context.options.theme
    if fixed not in {None, names[chosen]}:
        screen.context.say(f"For this run: the settings begin with {fixed}")


@performs("compact")
def compact(screen: MainScreen) -> None:
    """Leave out the footer, and the status bar while all is as usual, or show them again."""
    screen.toggle_class("-compact")


@performs("slower")
def slower(screen: MainScreen) -> None:
    """Ask less often."""
    current = screen.context.session.engine.interval
    _set_interval(screen, next((seconds for seconds in INTERVALS if seconds > current), current))


@performs("faster")
def faster(screen: MainScreen) -> None:
    """Ask more often."""
    current = screen.context.session.engine.interval
    _set_interval(screen, next((seconds for seconds in reversed(INTERVALS) if seconds < current), current))


@performs("redraw")
def redraw(screen: MainScreen) -> None:
    """Paint the whole screen anew, as when another program wrote over it."""
    screen.context.redraw()


@performs("help")
async def show_help(screen: MainScreen) -> None:
    """Show all keys."""
    from ecovai_tui.tui.dialogs.dialog import TextScreen  # noqa: PLC0415
    from ecovai_tui.tui.keyboard import help_page  # noqa: PLC0415  # not needed for the first paint

    page = help_page(screen.context.keyboard.actions, ascii_only=screen.context.options.ascii)
    await screen.app.push_screen_wait(TextScreen(screen.context, "Keys", page))


@performs("palette")
def palette(screen: MainScreen) -> None:
    """Find an action by its name."""
    from ecovai_tui.tui.dialogs.lists import ActionPalette  # noqa: PLC0415  # not needed for the first paint

    screen.app.push_screen(ActionPalette(screen.context, screen.perform))


def _set_interval(screen: MainScreen, seconds: float) -> None:
    screen.context.session.engine.interval = seconds
    screen.context.say(f"Young tasks are asked for every {screen.context.session.engine.interval:g} s in this run")
    screen.show_status()


@performs("back")
def back(screen: MainScreen) -> None:
    """Go one step back, never out: from the filter line, the panel, the zoom, the filter, the marks."""
    if screen.listing.filter_open:
        screen.panes.focus_table()
        screen.listing.leave_filter()
    elif screen.panes.focused or screen.panes.zoomed:
        screen.panes.focus_table()
    elif screen.task_list.filter:
        screen.listing.show_all()
    else:
        screen.listing.unmark_all()


@performs("suspend")
def suspend(screen: MainScreen) -> None:
    """Stop the process, as other programs do, until the shell continues it."""
    screen.app.action_suspend_process()


@performs("quit")
def leave(screen: MainScreen) -> None:
    """Leave the program."""
    screen.context.leave()


@performs("quit-anywhere")
def leave_from_anywhere(screen: MainScreen) -> None:
    """Leave the program, also from a dialog."""
    screen.context.leave()
