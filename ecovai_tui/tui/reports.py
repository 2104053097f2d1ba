"""What the main screen says of the state of things: gathered here, put into words by the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.store.replica import Estimates
from ecovai_tui.tui.pages.keys import footer_line, typing_line
from ecovai_tui.tui.pages.status import Status, notice_lines, status_line
from ecovai_tui.view.actions import Scope

if TYPE_CHECKING:
    from ecovai_tui.engine.updates import Update
    from ecovai_tui.store.ledger import Learned
    from ecovai_tui.tasks.model import TaskSummary
    from ecovai_tui.tui.app import MonitorApp
    from ecovai_tui.tui.main_screen import MainScreen
    from ecovai_tui.tui.pages.details import Moment
    from ecovai_tui.tui.pages.panel_page import Subject
    from ecovai_tui.tui.task_list import TaskList
    from ecovai_tui.view.lines import Line


class Reports:
    """Reads, and changes nothing."""

    def __init__(self, app: MonitorApp, task_list: TaskList) -> None:
        self._app = app
        self._session = app.session
        self._task_list = task_list
        self._estimates = Estimates(app.session.replica)
        self.failure = ""
        """Why the monitor ended, if it did so by an error of its own."""
        self.asked_at: float | None = None
        """When the user last asked for an answer now, None once that is old news."""

    @property
    def counts_down(self) -> bool:
        """Whether the status bar changes by time alone."""
        return self._status(0).counts_down(self._session.clock.now())

    @property
    def unusual(self) -> bool:
        """Whether not all is shown, or asked for, so that even a compact screen has to say so."""
        link = self._session.state.link
        return bool(self._task_list.filter or link.paused or link.trouble)

    def interval_of(self, summary: TaskSummary, now: float) -> float:
        """Return the seconds between two looks at a task."""
        return interval_of(summary, now, self._session.state.pace)

    def status_line(self, marked: int, width: int) -> Line:
        """Return the status bar, told how many tasks are marked."""
        return status_line(self._status(marked), self._session.clock.now(), width)

    def footer_line(self, width: int, *, in_panel: bool, typing: bool) -> Line:
        """Return the footer for where the keyboard is."""
        ascii_only, scope = self._app.options.ascii, Scope.PANEL if in_panel else Scope.TABLE
        if typing:
            return typing_line(self._app.key_of("back"), width, ascii_only=ascii_only)
        return footer_line(self._app.actions, scope, width, ascii_only=ascii_only)

    def notices(self) -> list[Line]:
        """Return what has to be said for as long as it is true."""
        state = self._session.state
        return notice_lines(state.link, state.role, state.problem, self.failure)

    def subject(self, id_: str | None, clip_index: int) -> Subject | None:
        """Read all that is known of a task."""
        watched = self._task_list.find(id_) if id_ else None
        if watched is None:
            return None
        from ecovai_tui.tui.pages.panel_page import Subject  # noqa: PLC0415  # not needed for the first paint

        replica = self._session.replica
        return Subject(watched, replica.task(watched.id), clip_index, tuple(replica.history(watched.id)))

    def moment(self, id_: str | None) -> Moment:
        """Return what the words about a task's times depend on."""
        from ecovai_tui.tui.pages.details import Moment  # noqa: PLC0415  # not needed for the first paint

        now, watched = self._session.clock.now(), self._task_list.find(id_) if id_ else None
        state = self._session.state
        interval = interval_of(watched.summary, now, state.pace) if watched else state.pace
        learned = self._estimates.of(watched.summary) if watched else None
        return Moment(now, state.link.skew, interval, self._app.main.pace.close, learned=learned)

    def learned_of(self, summary: TaskSummary) -> Learned | None:
        """Return how long tasks like this one took."""
        return self._estimates.of(summary)

    def learn(self, update: Update) -> None:
        """Learn anew where a task has become final."""
        self._estimates.learn(update.changes)

    def announce(self, update: Update, screen: MainScreen) -> None:
        """Say aloud what became final, and what the monitor wants to be seen once."""
        from ecovai_tui.tui.toasts import announce  # noqa: PLC0415  # not needed for the first paint

        said = announce(update.changes, self._task_list.find, ascii_only=self._app.options.ascii)
        if said is not None:
            screen.say(said.text, title=said.title, gravity=said.gravity)
            self._app.call_user(said)
        if update.notice:
            screen.say(update.notice, gravity="warning")

    def _status(self, marked: int) -> Status:
        settings, state, options = self._session.settings, self._session.state, self._app.options
        return Status(
            gateway=urlsplit(settings.base_url).netloc,
            profile=settings.profile or "",
            counts=self._task_list.counts,
            shown=len(self._task_list.shown),
            total=len(self._task_list),
            filter=self._task_list.filter_in_words,
            marked=marked,
            link=state.link,
            role=state.role,
            heard_at=self._task_list.heard_at,
            asked_at=self.asked_at,
            interval=state.pace,
            step=self._app.main.pace.close,
            demo=options.demo,
            ascii=options.ascii,
        )
