"""What the screen shows of the watched tasks: all of them, the filter, the order, and the counts; no Textual here.

It is kept in step with the replica: the first screen at once, the rest after it, then what changes.
"""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from operator import attrgetter

from ecovai_tui.engine.updates import Update
from ecovai_tui.language import clauses, tr
from ecovai_tui.store.errors import StoreError
from ecovai_tui.tasks.filter import Query
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES, Filter, Order, Selection, refine, reselect, select
from ecovai_tui.tui.context import Session

FEW = 1 / 32
"""The part of all tasks up to which it is quicker to move the changed ones than to order all of them."""

_PHASE, _SEEN_AT, _LABEL = attrgetter("summary.phase"), attrgetter("summary.seen_at"), attrgetter("label")


class TaskList:
    """The watched tasks by id, and which of them stand on the screen in which order."""

    def __init__(self) -> None:
        self.filter = Filter()
        self.order = Order()
        self.unsettled: Mapping[str, WatchedTask] = {}
        """Submissions of which nobody knows what became: rows at the top, whatever the filter and the order."""
        self.heard_at = 0.0
        """When the gateway last told of any task (Unix seconds), 0 for never."""
        self._tasks: dict[str, WatchedTask] = {}
        self._counts: Counter[Phase] = Counter()
        self._labels = 0
        """How many tasks have one."""
        self._shown = Selection()
        self._moved: dict[str, bool] = {}
        """Ids that may stand elsewhere than they should, and whether they were there when all was in order."""

    def __len__(self) -> int:
        return len(self._tasks) + len(self.unsettled)

    def __contains__(self, id: str) -> bool:  # noqa: A002  # an id is the field's own word
        return id in self._tasks

    def find(self, id: str) -> WatchedTask | None:  # noqa: A002
        """Return a watched task, or what stands for a submission, None for an id that is neither."""
        return self._tasks.get(id) or self.unsettled.get(id)

    def all_tasks(self) -> Sequence[WatchedTask]:
        """Return all watched tasks as they are now, in no certain order; another thread may go through them."""
        return list(self._tasks.values())

    @property
    def shown(self) -> Sequence[str]:
        """The ids on the screen, from top to bottom."""
        return [*self.unsettled, *self._shown.ids] if self.unsettled else self._shown.ids

    @property
    def counts(self) -> Mapping[Phase, int]:
        """How many of all watched tasks are in each phase, those without any left out."""
        counts = self._counts + Counter(row.summary.phase for row in self.unsettled.values())
        return {phase: counts[phase] for phase in Phase if counts[phase]}

    @property
    def active(self) -> bool:
        """Whether any watched task is under way."""
        return any(self._counts[phase] for phase in ACTIVE_PHASES)

    @property
    def labelled(self) -> bool:
        """Whether any watched task has a label."""
        return self._labels > 0

    @property
    def filter_in_words(self) -> str:
        """What is shown, such as ``failed, "rain"``; "" where all is."""
        words = f'"{self.filter.text.strip()}"' if self.filter.query else ""
        return clauses(self._phases_in_words, words)

    @property
    def _phases_in_words(self) -> str:
        return {FAILED_PHASES: tr("failed"), ACTIVE_PHASES: tr("active")}.get(self.filter.phases, "")

    def emptiness(self, back_key: str) -> str:
        """Why nothing is shown of a list that is not empty, and which key helps."""
        words = " ".join(filter(None, (self._phases_in_words, self.filter.text.strip())))
        told = tr("Nothing has all of this: {words}.", words=words)
        return f"{told}  {tr('{key} shows all {n}.', key=back_key, n=len(self._tasks))}"

    def put(self, tasks: Iterable[WatchedTask]) -> bool:
        """Take in new states; return whether another selection may be needed."""
        coming = {task.summary.id: task for task in tasks}
        known = {name: self._tasks[name] for name in coming if name in self._tasks}
        self._note_moves(coming, known)
        self._count(coming.values(), known.values())
        self.heard_at = max(self.heard_at, *filter(None, map(_SEEN_AT, coming.values())), 0.0)
        self._tasks.update(coming)
        return bool(self._moved)

    def drop(self, ids: Iterable[str]) -> bool:
        """Forget tasks that are no longer watched; return whether there were any."""
        dropped = [task for name in ids if (task := self._tasks.pop(name, None))]
        self._count((), dropped)
        for task in dropped:
            self._moved.setdefault(task.id, True)
        return bool(dropped)

    def arrange(self) -> None:
        """Choose and order what is shown; words that grow only look at what is shown already."""
        shown = self._shown
        if not self._moved and self.order == shown.order and self.filter.refines(shown.chosen):
            self._shown = refine(shown, self._tasks, self.filter)
        else:
            ids = select(self._tasks.values(), self.filter, self.order)
            self._shown = Selection(ids, self.filter, self.order)
        self._moved.clear()

    def rearrange(self) -> None:
        """Put the tasks that changed where they belong now."""
        if len(self._moved) > len(self._tasks) * FEW:
            self.arrange()
        elif self._moved:
            ids = reselect(self._shown.ids, self._moved, self._tasks, self.filter, self.order)
            self._shown = self._shown._replace(ids=ids)
            self._moved.clear()

    def want(self, query: Query | None) -> None:
        """Show only the tasks that a query accepts."""
        self.filter = self.filter._replace(query=query)
        self.arrange()

    def show_all(self) -> None:
        """Take the filter away."""
        self.filter = Filter()
        self.arrange()

    def toggle_phases(self, phases: frozenset[Phase]) -> None:
        """Show only these phases, or all again if only they were shown."""
        chosen = frozenset[Phase]() if self.filter.phases == phases else phases
        self.filter = self.filter._replace(phases=chosen)
        self.arrange()

    def sort(self, order: Order) -> None:
        """Show the same tasks in another order."""
        self.order = order
        self.arrange()

    def _note_moves(self, coming: Mapping[str, WatchedTask], known: Mapping[str, WatchedTask]) -> None:
        moved = [name for name, before in known.items() if _moves(before, coming[name])]
        self._moved |= {name: False for name in coming if name not in known and name not in self._moved}
        self._moved |= {name: True for name in moved if name not in self._moved}

    def _count(self, coming: Collection[WatchedTask], going: Collection[WatchedTask]) -> None:
        self._counts.update(map(_PHASE, coming))
        self._counts.subtract(map(_PHASE, going))
        self._labels += sum(map(bool, map(_LABEL, coming))) - sum(map(bool, map(_LABEL, going)))


def _moves(before: WatchedTask, after: WatchedTask) -> bool:
    """Return whether a change can alter the selection: the times when we looked never do."""
    return _MOVABLE(before) != _MOVABLE(after)


_TIMES_OF_OURS = frozenset(("seen_at", "changed_at", "quiet_since", "final_at"))
_MOVABLE = attrgetter(
    *(f"summary.{name}" for name in TaskSummary._fields if name not in _TIMES_OF_OURS),
    *(name for name in WatchedTask._fields if name != "summary"),
)


FIRST_ROWS = 200
"""Tasks read before the first paint: more than any screen shows."""

SLICE_ROWS = 200
"""Tasks read at a time afterwards: a matter of milliseconds, so that no key waits for them."""

BETWEEN_SLICES = 0.005
"""Seconds that are free for keys and paints between two slices."""


class TaskLoader:
    """Takes tasks into the list: the first screen at once, the rest by the replica's thread, and news as they come."""

    def __init__(self, session: Session, task_list: TaskList) -> None:
        self._session = session
        self._task_list = task_list
        self._last: WatchedTask | None = None
        """The last of those that were read in the order of the screen, None if there are no more."""
        self._begun = False
        """Whether those of the first screen were read, so that the rest is known to follow them."""
        self._pending: dict[str, WatchedTask | None] = {}
        """News that are not in the list yet; None for those that are no longer watched."""

    def load_first(self) -> None:
        """Read what the first screen needs; where another program is in the way, it comes with the rest."""
        with suppress(StoreError):
            self._put_first(self._session.replica.watched(FIRST_ROWS))
        self._task_list.arrange()

    @property
    def behind(self) -> bool:
        """Whether there is more to come, by ``load_rest``."""
        return not self._begun or self._last is not None or bool(self._pending)

    async def load_rest(self) -> AsyncIterator[None]:
        """Take in whatever is missing yet in slices, and yield after each."""
        while self.behind:
            if self._take_pending() or await self._read_slice():
                self._task_list.rearrange()
            yield
            await asyncio.sleep(BETWEEN_SLICES)

    def take(self, update: Update) -> bool:
        """Take in what an update is about, or a slice of it; return whether another selection was made."""
        self._pending |= dict.fromkeys(update.removed)
        self._pending |= {task.id: task for task in update.tasks}
        moved = self._drop(update.removed) if len(update.removed) <= SLICE_ROWS else False
        moved = self._take_pending() or moved
        if moved:
            self._task_list.rearrange()
        return moved

    def _drop(self, names: frozenset[str]) -> bool:
        for name in names:
            del self._pending[name]
        return self._task_list.drop(names)

    def _put_first(self, tasks: list[WatchedTask]) -> bool:
        self._begun = True
        self._last = tasks[-1] if len(tasks) == FIRST_ROWS else None
        return self._task_list.put(tasks)

    async def _read_slice(self) -> bool:
        if self._pending:
            return False
        worker, last = self._session.worker, self._last
        if not self._begun:
            return self._put_first(await worker.run(lambda replica: replica.watched(FIRST_ROWS)))
        if last is None:
            return False
        tasks = await worker.run(lambda replica: replica.watched_behind(last, SLICE_ROWS))
        moved = self._task_list.put(tasks)
        self._last = tasks[-1] if tasks else None
        spare_what_there_is()
        return moved

    def _take_pending(self) -> bool:
        names = list(islice(self._pending, SLICE_ROWS))
        news = {name: self._pending.pop(name) for name in names}
        moved = self._task_list.put([task for task in news.values() if task is not None])
        return self._task_list.drop({name for name, task in news.items() if task is None}) or moved


def collect_from_now() -> None:
    """Collect again, from now on for good, but leave alone what there is by now; nothing changes where it was on."""
    if not gc.isenabled():
        spare_what_there_is()
        gc.enable()


def spare_what_there_is() -> None:
    """Do not look again at any object that there is now: the more are looked at, the longer a key waits meanwhile.

    They are freed as before when nothing refers to them. Only rings of objects that are garbage now, or become garbage
    later, are kept for good: so this is for a start, and not for what is done again and again.
    """
    gc.freeze()
