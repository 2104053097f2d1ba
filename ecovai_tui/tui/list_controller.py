"""What the table shows of the task list: the filter and the line to type it in, the order, and what just changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.engine.worker import in_thread
from ecovai_tui.language import clauses, tr, tr_n
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.task_rows import Found, find_lyrics_in_file
from ecovai_tui.tasks.filter import Moment, Query, QueryError
from ecovai_tui.tasks.selection import query_of
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished
from ecovai_tui.tui.widgets.lines import FilterLine
from ecovai_tui.view.first_start import Emptiness, Start, sentence_page, start_page
from ecovai_tui.view.pictures import shown_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.geometry import Region
    from textual.screen import Screen
    from textual.timer import Timer

    from ecovai_tui.tasks.model import TaskSummary
    from ecovai_tui.tasks.selection import Order
    from ecovai_tui.tui.context import Context
    from ecovai_tui.tui.task_list import TaskList
    from ecovai_tui.tui.widgets.task_table import TaskTable
    from ecovai_tui.view.actions import Action


ASKED_AGAIN_AFTER = 10.0
"""Seconds after which a filter is asked again whose answer time changes, or new lyrics."""

READ_AT_ONCE = 500
"""Tasks whose texts are made ready for a filter as its line opens: some milliseconds. Those of more, a thread reads."""

READ_BEFORE = range(READ_AT_ONCE + 1, 20_001)
"""So many tasks have their texts read by a thread before a filter is ever opened: 300 bytes each."""

AT_LEISURE = 1.0
"""Seconds after all tasks are there in which their texts begin to be read."""

FLASHED_FOR = 10.0
"""Seconds for which a row shows that it changed just now."""


class ListController:
    """Keeps the table in step with the task list, and with what the user wants to see of it."""

    def __init__(
        self,
        screen: Screen[None],
        context: Context,
        task_list: TaskList,
        table: TaskTable,
        show_status: Callable[[], None],
    ) -> None:
        """``show_status`` shows again how things stand: how many tasks are shown, which keys work."""
        self._screen = screen
        self._context = context
        self._task_list = task_list
        self._table = table
        self._show_status = show_status
        self._filter_line: FilterLine | None = None
        self._prepared = False
        self.fault: QueryError | None = None
        """What is wrong with the filter as it is typed now."""
        self._told: str | Start = ""
        """What an empty table says."""
        self.removed = 0
        """How many tasks were taken off the list last, until they are brought back."""
        self._at_it = False
        """Whether the tasks that the filter accepts are still being looked for."""
        self._all_read = asyncio.Event()
        """Set while no texts are being made ready for the filter."""
        self._all_read.set()
        self._wanted: Query | None = None
        """What is to be shown once that is over, None where all that is wanted is shown."""
        self._looked_for: tuple[frozenset[str], float] | None = None
        """What was looked for in lyrics last, and when the gateway had told of anything last by then."""
        self._found: Found = {}
        self._renewing: Timer | None = None
        self._flashes: dict[str, frozenset[str]] = {}
        """The ids whose rows show that they changed, and all that showed it last together with each."""

    @property
    def filter_line(self) -> FilterLine:
        """Where the words of the filter are typed; not made at the start, as styling it takes its time."""
        if self._filter_line is None:
            self._filter_line = FilterLine(id="filter")
            self._screen.mount(self._filter_line, before="#footer")
        return self._filter_line

    def prepare(self) -> None:
        """Make ready, once the program is at leisure, what the first filter would have its keys wait for."""
        if not self._prepared:
            self._prepared = True
            self._screen.set_timer(AT_LEISURE, self._prepare)

    def _prepare(self) -> None:
        if len(self._task_list) in READ_BEFORE and self._all_read.is_set():
            self._read_ahead()

    @property
    def looking(self) -> bool:
        """Whether a look takes its time into all that the filter asks of tasks."""
        return self._at_it and self._wanted is not None and _is_slow(self._wanted)

    @property
    def filter_open(self) -> bool:
        """Whether there is a line to type the words of a filter in."""
        return self._filter_line is not None and self._filter_line.display

    @property
    def typing(self) -> bool:
        """Whether the user types the words of a filter."""
        return self._filter_line is not None and self._filter_line.typing

    @property
    def chosen_ids(self) -> Sequence[str]:
        """The marked tasks in the order of the screen, or else the one under the cursor."""
        cursor = self._table.cursor_id
        chosen = self._table.marked or ((cursor,) if cursor else ())
        return [name for name in chosen if name in self._task_list]

    def show(self) -> None:
        """Show the list as it is arranged now."""
        task_list = self._task_list
        self.tell_emptiness()
        self._table.show(task_list.shown, task_list.find, sorted_by=task_list.order, labelled=task_list.labelled)
        if not self.typing:
            self._table.listing.let_go()
        self._show_status()

    def tell_emptiness(self) -> None:
        """Have an empty table say why it is empty, and what can be done."""
        keyboard, told = self._context.keyboard, ""
        if len(self._task_list):
            told = self._task_list.emptiness(keyboard.key_of("back"))
        elif self.removed:
            told = self._all_removed
        page = partial(sentence_page, told) if told else partial(start_page, self._start)
        if (what := told or self._start) != self._told:
            self._told = what
            self._table.emptiness = Emptiness(page, heads=bool(told))
            self._table.refresh()

    @property
    def _all_removed(self) -> str:
        keyboard = self._context.keyboard
        undo, add, create = map(keyboard.key_of, ("undo", "add", "create"))
        told = [
            tr_n("{undo} brings the last one back", "{undo} brings the last {n} back", self.removed, undo=undo),
            tr("{add} adds", add=add),
            tr("{create} creates", create=create) if "create" in self._ids else "",
        ]
        return tr("Nothing is watched.  {keys}.", keys=clauses(*told))

    @property
    def _ids(self) -> frozenset[str]:
        return frozenset(action.id for action in self._context.keyboard.actions if action.keys)

    @property
    def _start(self) -> Start:
        """What there is and what is missing for a first start."""
        keyboard, session = self._context.keyboard, self._context.session
        link = session.state.link
        answered = [seconds for seconds in link.latencies if seconds < inf]
        return Start(
            gateway=urlsplit(session.settings.base_url).netloc,
            has_key=not link.read_only,
            file=shown_folder(session.settings.config_file, self._context.options.environment.get("HOME", "")),
            add_key=keyboard.key_of("add"),
            help_key=keyboard.key_of("help"),
            create_key=keyboard.key_of("create") if "create" in self._ids else "",
            seconds=answered[-1] if answered else None,
            trouble=link.trouble.message if link.trouble else "",
            ascii=self._context.options.ascii,
        )

    def sort(self, order: Order) -> None:
        """Show the tasks in another order."""
        self._task_list.sort(order)
        self.show()

    def find(self, text: str) -> None:
        """Show only the tasks that a query accepts; while it cannot be read, those of the last one stay."""
        try:
            query, self.fault = query_of(text), None
        except QueryError as error:
            self.fault = error
            self._show_status()
            return
        if text.strip() != self._task_list.filter.text.strip() or self._wanted is not None:
            self._want(query)
        self._show_status()

    def toggle(self, text: str) -> None:
        """Show only the tasks that a saved filter accepts, or all again if it is in force."""
        self._want(None if text == self._task_list.filter.text else query_of(text))

    def perform(self, action: Action) -> None:
        """Perform an action of the user's own: a saved filter, or a command for what is chosen, beside all else."""
        if action.command:
            self._screen.run_worker(self._run(action, self.chosen_ids))
        else:
            self.toggle(action.query)

    async def _run(self, action: Action, ids: Sequence[str]) -> None:
        if not ids:
            self._context.say(tr("There is no task here to run it for"))
        elif fault := await self._context.session.run_command(action.command, ids):
            told = tr("The command {name} {fault}", name=action.label, fault=fault)
            self._context.say(told, gravity="warning")
        else:
            self._context.say(tr_n("{name} was run", "{name} was run for {n} tasks", len(ids), name=action.label))

    def _want(self, query: Query | None) -> None:
        """Show what a query accepts now, at once or after a look into what takes longer than a key may."""
        self._wanted = query
        if query is None or (self._all_read.is_set() and not _is_slow(query)):
            self._ask(query, {})
        elif not self._at_it:
            self._at_it = True
            self._screen.run_worker(self._look())

    async def _look(self) -> None:
        """Look into lyrics, and at patterns that try many ways, for the query that is wanted last; one at a time."""
        try:
            while (query := self._wanted) is not None:
                await self._all_read.wait()
                lyrics = await self._find_lyrics(query)
                await in_thread(self._look_at_each, query)
                if not self._screen.is_attached:
                    return
                if query is self._wanted:
                    self._ask(query, lyrics)
        except StoreError as error:
            self._wanted = None
            self._context.say(str(error), gravity="warning")
        finally:
            self._at_it = False
            if self._screen.is_attached:  # the program may have been left meanwhile
                self._show_status()

    async def _find_lyrics(self, query: Query) -> Found:
        """Return which tasks have the lyrics that a query asks for; without news, what was found last."""
        session, asked = self._context.session, (query.lyrics, self._task_list.heard_at)
        if query.lyrics and asked != self._looked_for:
            file, origin = session.replica.file, session.replica.origin
            if file:
                self._found = await in_thread(find_lyrics_in_file, file, origin, query.lyrics)
            else:
                self._found = await session.worker.run(lambda replica: replica.find_lyrics(query.lyrics))
            self._looked_for = asked
        return self._found

    def _look_at_each(self, query: Query) -> None:
        """Look at each task as long as the query is wanted, so that all that is costly is known when it is asked."""
        accepts = query.predicate()
        for task in self._task_list.all_tasks() if query.costly else ():
            if query is not self._wanted:
                break
            accepts(task)

    def _ask(self, query: Query | None, lyrics: Found) -> None:
        state, now = self._context.session.state, self._context.session.clock.now()
        moment = Moment(now, state.link.skew, self._interval_of, lyrics)
        self._wanted = None
        self._task_list.want(query and query.at(moment))
        self.show()
        if self._renewing is not None:
            self._renewing.stop()
        timed = query is not None and query.timed
        self._renewing = self._screen.set_timer(ASKED_AGAIN_AFTER, lambda: self._want(query)) if timed else None

    def _interval_of(self, summary: TaskSummary, now: float) -> float:
        return interval_of(summary, now, self._context.session.state.pace)

    def show_all(self) -> None:
        """Take the filter away."""
        self._task_list.show_all()
        self._want(None)

    def unmark_all(self) -> None:
        """Take all marks away."""
        self._table.unmark_all()
        self._show_status()

    def open_filter(self, place: Region, edge: str) -> None:
        """Open the line that takes the words over a part of the screen; the cursor comes back to where it was.

        ``edge`` is the sign of the edge that is covered, "" for another line.
        """
        self._table.listing.hold()
        if self._all_read.is_set():
            self._read_ahead()
        self.filter_line.stand_over(place, edge)
        self.filter_line.open(self._context.typed_ahead.take_up() or self._task_list.filter.text)
        self._show_status()

    def _read_ahead(self) -> None:
        """Have the texts of all tasks ready before the first key asks for them."""
        some, tasks = query_of("-"), self._task_list.all_tasks()
        accepts = some.predicate() if some else bool

        async def read_rest() -> None:
            try:
                await in_thread(lambda: sum(map(accepts, tasks)))
            finally:
                self._all_read.set()

        if len(tasks) <= READ_AT_ONCE:
            sum(map(accepts, tasks))
        else:
            self._all_read.clear()
            self._screen.run_worker(read_rest())

    def keep_filter(self) -> None:
        """Put the filter's line away, the cursor on the task that is under it now."""
        self.fault = None
        self._table.listing.let_go()
        self.filter_line.close()

    def leave_filter(self) -> None:
        """Put the filter's line away with its words."""
        self._context.typed_ahead.unfinished = Unfinished("filter", self.filter_line.input.value)
        self.filter_line.close()
        self.find("")
        self._show_status()

    def end_typing_elsewhere(self) -> None:
        """Put the filter's line away, the filter kept, once the keyboard is elsewhere, as after a click."""
        if self.filter_open and self._screen.focused is not None and not self.typing:
            self.keep_filter()

    def flash(self, ids: frozenset[str]) -> None:
        """Show for a while which rows in view changed."""
        shown = ids.intersection(self._table.ids_in_view)
        if shown:
            self._flashes |= dict.fromkeys(shown, shown)
            self._table.flash(shown)
            self._screen.set_timer(FLASHED_FOR, lambda: self._end_flash(shown))

    def _end_flash(self, shown: frozenset[str]) -> None:
        """End what began together, but for what has changed again since."""
        over = {name for name in shown if self._flashes.get(name) is shown}
        for name in over:
            del self._flashes[name]
        self._table.end_flash(over)


def _is_slow(query: Query) -> bool:
    """Return whether an answer takes longer than a key may."""
    return bool(query.lyrics or query.costly)
