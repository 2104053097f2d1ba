"""Handlers of what the screen shows: moving, the panel, filter and order, looks, and the ways back and out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ecovai_tui.engine.worker import in_thread
from ecovai_tui.language import later, tr
from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES, Order
from ecovai_tui.tui.dialogs.dialog import HelpScreen, TextScreen
from ecovai_tui.tui.dialogs.palette import ActionPalette, ThemeScreen
from ecovai_tui.tui.keyboard import STEPS
from ecovai_tui.tui.pages.panel_page import Tab
from ecovai_tui.tui.pages.status import faults_in_words
from ecovai_tui.tui.panel_controller import TALL, WIDE
from ecovai_tui.tui.toasts import messages_page

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


def mover(action_id: str) -> Callable[[MainScreen], None]:
    """Return what performs one of the moving actions."""
    step = STEPS[action_id]

    def move(screen: MainScreen) -> None:
        if screen.panes.focused:
            screen.panes.panel.page.move(step(screen.panes.panel.page.size.height))
        else:
            screen.table.move(step(screen.table.page_rows))

    return move


def submitting(name: str) -> Callable[[MainScreen], Awaitable[None]]:
    """Return a handler of what is submitted, all of which is loaded only where something is."""

    def perform(screen: MainScreen) -> Awaitable[None]:
        from ecovai_tui.tui.actions.creating import HANDLERS as KNOWN  # noqa: PLC0415 - as above

        return KNOWN[name](screen)

    return perform


def previous_clip(screen: MainScreen) -> None:
    """Choose the clip to the left."""
    screen.table.move_clip(-1)


def next_clip(screen: MainScreen) -> None:
    """Choose the clip to the right."""
    screen.table.move_clip(1)


def panel(screen: MainScreen) -> Awaitable[None] | None:
    """Go to the panel, showing it if it was put away, or back to the table; a submission opens what is known of it."""
    if screen.panes.focused:
        screen.panes.focus_table()
    elif screen.table.cursor_id in screen.task_list.unsettled:
        return submitting("settle")(screen)
    else:
        screen.panes.focus_panel()
    return None


def previous_tab(screen: MainScreen) -> None:
    """Show the tab to the left."""
    _change_tab(screen, -1)


def next_tab(screen: MainScreen) -> None:
    """Show the tab to the right."""
    _change_tab(screen, 1)


def chooser(number: int) -> Callable[[MainScreen], None]:
    """Return what shows the tab of a number, from 1 at the left."""

    def choose(screen: MainScreen) -> None:
        if screen.panes.shown:
            screen.panes.panel.choose_tab(list(Tab)[number - 1])

    return choose


def zoom(screen: MainScreen) -> None:
    """Give the panel the whole screen, or take it back."""
    screen.panes.zoom(on=not screen.panes.zoomed)


def panel_off(screen: MainScreen) -> None:
    """Put the panel away, or show it again; say so where that cannot be."""
    if screen.panes.cramped and not screen.panes.zoomed:
        enter = screen.context.keyboard.key_of("panel")
        screen.context.say(
            tr(
                "The panel needs {width} columns or {height} lines to stand by the table; {key} shows it alone",
                width=WIDE,
                height=TALL,
                key=enter,
            )
        )
    else:
        screen.panes.show(on=not screen.panes.shown)


def _change_tab(screen: MainScreen, step: int) -> None:
    if screen.panes.shown:
        screen.panes.panel.choose_tab(screen.panes.panel.tab.beside(step))


def filter_words(screen: MainScreen) -> None:
    """Open the line that takes the words; as they change, the cursor comes back to where it was."""
    screen.listing.open_filter(screen.panes.filter_place, screen.panes.filter_edge)


def sort(screen: MainScreen) -> None:
    """Sort by the next column that is on the screen, or as usual again where that has no room for its column."""
    screen.listing.sort(screen.task_list.order.next_key({Order().key, *screen.table.sort_keys}))


def reverse(screen: MainScreen) -> None:
    """Turn the order round."""
    screen.listing.sort(screen.task_list.order.reversed())


def failed_only(screen: MainScreen) -> None:
    """Show only failures, or all again."""
    screen.task_list.toggle_phases(FAILED_PHASES)
    screen.listing.show()


def active_only(screen: MainScreen) -> None:
    """Show only what is under way, or all again."""
    screen.task_list.toggle_phases(ACTIVE_PHASES)
    screen.listing.show()


def next_failed(screen: MainScreen) -> None:
    """Go to the next failure."""
    _to_failed(screen, 1)


def previous_failed(screen: MainScreen) -> None:
    """Go to the previous failure."""
    _to_failed(screen, -1)


def _to_failed(screen: MainScreen, step: int) -> None:
    some = not FAILED_PHASES.isdisjoint(screen.task_list.counts)
    found = screen.table.next_id(lambda task: task.summary.phase in FAILED_PHASES, step) if some else None
    if found is None:
        screen.context.say(tr("No task on this list has failed"))
    else:
        screen.table.move_to(found)


INTERVALS = (2.0, 3.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds; what + and - go through."""


async def theme(screen: MainScreen) -> None:
    """Let the user choose a theme, shown at once."""
    names = screen.context.themes.names()
    chosen = await screen.app.push_screen_wait(ThemeScreen(screen.context, names))
    if chosen is None:
        return
    await in_thread(screen.context.ui_state.pick_theme, names[chosen])
    fixed = screen.context.options.theme
    if fixed not in {None, names[chosen]}:
        screen.context.say(tr("For this run: the settings begin with {theme}", theme=fixed))


def compact(screen: MainScreen) -> None:
    """Leave out the footer, and the status bar while all is as usual, or show them again."""
    screen.toggle_class("-compact")


def slower(screen: MainScreen) -> None:
    """Ask less often."""
    current = screen.context.session.engine.interval
    _set_interval(screen, next((seconds for seconds in INTERVALS if seconds > current), current))


def faster(screen: MainScreen) -> None:
    """Ask more often."""
    current = screen.context.session.engine.interval
    _set_interval(screen, next((seconds for seconds in reversed(INTERVALS) if seconds < current), current))


def redraw(screen: MainScreen) -> None:
    """Paint the whole screen again, as when another program wrote over it."""
    screen.context.redraw()


async def show_help(screen: MainScreen) -> None:
    """Show all keys."""
    await screen.app.push_screen_wait(HelpScreen(screen.context))


async def messages(screen: MainScreen) -> None:
    """Show in whole what is wrong, and what was said."""
    state, ascii_only = screen.context.session.state, screen.context.options.ascii
    faults = faults_in_words(state.link, state.problem, screen.failure)
    page = messages_page(faults, screen.toasts.kept, ascii_only=ascii_only)
    await screen.app.push_screen_wait(TextScreen(screen.context, tr("Messages"), page))


def palette(screen: MainScreen) -> None:
    """Find an action by its name."""

    async def perform(chosen: str | None) -> None:
        if chosen is not None:
            await screen.perform(chosen)

    screen.app.push_screen(ActionPalette(screen.context), perform)


def _set_interval(screen: MainScreen, seconds: float) -> None:
    screen.context.session.engine.interval = seconds
    told = later("Young tasks are asked for every {n:g} s in this run")
    screen.context.say(tr(told, n=screen.context.session.engine.interval))
    screen.show_status()


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


def suspend(screen: MainScreen) -> None:
    """Stop the process, as other programs do, until the shell continues it."""
    screen.app.action_suspend_process()


def leave(screen: MainScreen) -> None:
    """Leave the program."""
    screen.context.leave()


HANDLERS = {
    **{action_id: mover(action_id) for action_id in STEPS},
    "previous-clip": previous_clip,
    "next-clip": next_clip,
    "panel": panel,
    "previous-tab": previous_tab,
    "next-tab": next_tab,
    **{f"tab-{number}": chooser(number) for number in range(1, len(Tab) + 1)},
    "zoom": zoom,
    "panel-off": panel_off,
    "filter": filter_words,
    "sort": sort,
    "reverse": reverse,
    "failed-only": failed_only,
    "active-only": active_only,
    "next-failed": next_failed,
    "previous-failed": previous_failed,
    "create": submitting("create"),
    "extend": submitting("extend"),
    "theme": theme,
    "compact": compact,
    "slower": slower,
    "faster": faster,
    "messages": messages,
    "redraw": redraw,
    "help": show_help,
    "palette": palette,
    "back": back,
    "suspend": suspend,
    "quit": leave,
    "quit-anywhere": leave,
}
"""By the id of the action."""
