"""What the main screen says of the state of things: gathered here, put into words by the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.tui.pages.keys import footer_line, typing_line
from ecovai_tui.tui.pages.status import Status, title_text
from ecovai_tui.view.actions import Scope

if TYPE_CHECKING:
    from ecovai_tui.store.ledger import Learned
    from ecovai_tui.store.replica import Replica
    from ecovai_tui.tasks.model import WatchedTask
    from ecovai_tui.tui.context import Context, Keyboard, Session
    from ecovai_tui.tui.pages.details import Moment
    from ecovai_tui.tui.pages.lines import Line
    from ecovai_tui.tui.pages.panel_page import Subject
    from ecovai_tui.tui.task_list import TaskList


def status_of(context: Context, task_list: TaskList, *, marked: int, asked_at: float | None, step: int) -> Status:
    """Return what the status bar tells.

    ``marked`` is how many tasks are, ``asked_at`` when the user last asked for an answer now, None once that is old
    news, ``step`` the seconds in which countdowns are told.
    """
    settings, state = context.session.settings, context.session.state
    return Status(
        gateway=urlsplit(settings.base_url).netloc,
        profile=settings.profile or "",
        counts=task_list.counts,
        shown=len(task_list.shown),
        total=len(task_list),
        filter=task_list.filter_in_words,
        marked=marked,
        link=state.link,
        role=state.role,
        heard_at=task_list.heard_at,
        asked_at=asked_at,
        interval=state.pace,
        step=step,
        demo=context.options.demo,
        ascii=context.options.ascii,
    )


def title_of(context: Context, task_list: TaskList) -> str:
    """Return the title of the terminal's window."""
    state = context.session.state
    name = "demo" if context.options.demo else context.session.settings.profile or ""
    return title_text(name, task_list.counts, state.link, state.role)


def is_unusual(context: Context, task_list: TaskList) -> bool:
    """Return whether not all is shown, or polled, so that even a compact screen has to say so."""
    link = context.session.state.link
    return bool(task_list.filter or link.paused or link.trouble)


def footer_of(keyboard: Keyboard, width: int, *, in_panel: bool, typing: bool, ascii_only: bool) -> Line:
    """Return the footer for where the keyboard is."""
    if typing:
        return typing_line(keyboard.key_of("back"), width, ascii_only=ascii_only)
    return footer_line(keyboard.actions, Scope.PANEL if in_panel else Scope.TABLE, width, ascii_only=ascii_only)


def subject_of(replica: Replica, watched: WatchedTask | None, clip_index: int) -> Subject | None:
    """Read all that is known of a task."""
    if watched is None:
        return None
    from ecovai_tui.tui.pages.panel_page import Subject  # noqa: PLC0415  # not needed for the first paint

    return Subject(watched, replica.task(watched.id), clip_index, tuple(replica.history(watched.id)))


def moment_of(session: Session, watched: WatchedTask | None, step: int, learned: Learned | None) -> Moment:
    """Return what the words about a task's times depend on, ``learned`` being how long tasks like it took."""
    from ecovai_tui.tui.pages.details import Moment  # noqa: PLC0415  # not needed for the first paint

    now, state = session.clock.now(), session.state
    interval = interval_of(watched.summary, now, state.pace) if watched else state.pace
    return Moment(now, state.link.skew, interval, step, learned=learned)
