"""What the screen shows of the watched tasks: all of them, the filter, the order, and the counts. No Textual here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from ecovai_tui.tasks.filter import Filter, Query
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import (
    ACTIVE_PHASES,
    FAILED_PHASES,
    Order,
    Selection,
    newness,
    reselect,
    select,
    select_in_slices,
)

FEW = 1 / 32
"""The part of all tasks up to which it is quicker to move the changed ones than to order all anew."""

_PHASE, _SEEN_AT, _LABEL = attrgetter("summary.phase"), attrgetter("summary.seen_at"), attrgetter("label")


class TaskList:
    """The watched tasks by id, and which of them stand on the screen in which order.

    What is shown follows the filter and the order that are wanted once ``arrange`` is called, or ``arranging`` is over.
    """

    def __init__(self) -> None:
        self.filter = Filter()
        self.order = Order()
        self.heard_at = 0.0
        """When the gateway last told of any task (Unix seconds), 0 for never."""
        self._tasks: dict[str, WatchedTask] = {}
        self._counts: Counter[Phase] = Counter()
        self._labels = 0
        """How many tasks have one."""
        self._shown = Selection()
        self._whole = Selection()
        """All tasks in an order in which they were shown, so that no filter has to order them."""
        self._newest = Selection()
        """All tasks with the newest first, in which order those of the same value stay."""
        self._moved: dict[str, bool] = {}
        """Ids that may stand elsewhere than they should, and whether they were there when all was in order."""
        self._redated: set[str] = set()
        """Those of them that may do so also where the newest stands first."""

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, id: str) -> bool:  # noqa: A002  # an id is the field's own word
        return id in self._tasks

    def find(self, id: str) -> WatchedTask | None:  # noqa: A002
        """Return a watched task, None for an id that is not watched."""
        return self._tasks.get(id)

    def all_tasks(self) -> Sequence[WatchedTask]:
        """Return all watched tasks as they are now, in no certain order; another thread may go through them."""
        return list(self._tasks.values())

    @property
    def shown(self) -> Sequence[str]:
        """The ids on the screen, from top to bottom."""
        return self._shown.ids

    @property
    def arranged(self) -> bool:
        """Whether the filter and the order that are wanted are those of what is shown."""
        return (self._shown.chosen, self._shown.order) == (self.filter, self.order)

    @property
    def counts(self) -> Mapping[Phase, int]:
        """How many of all watched tasks are in each phase, those without any left out."""
        return {phase: self._counts[phase] for phase in Phase if self._counts[phase]}

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
        """What is shown, such as ``failed, "rain"``; "" where all is, and with dots as long as it is not arranged."""
        phases = {FAILED_PHASES: "failed", ACTIVE_PHASES: "active"}.get(self.filter.phases, "")
        words = f'"{self.filter.text.strip()}"' if self.filter.query else ""
        return ", ".join(filter(None, (phases, words))) + ("" if self.arranged else " ...")

    def emptiness(self, add_key: str, back_key: str) -> str:
        """Why nothing is shown, for an empty table, and which keys help."""
        if not self._tasks:
            return (
                f"No tasks are watched yet.\nPress {add_key} and paste ids, links or JSON,\nor run: ecovai-tui add ID"
            )
        if not self.arranged:
            return "..."
        return f"No task matches {self.filter_in_words}.\n{back_key} shows all again."

    def put(self, tasks: Iterable[WatchedTask]) -> bool:
        """Take in new states; tell whether another selection may be needed."""
        coming = {task.summary.id: task for task in tasks}
        known = {name: self._tasks[name] for name in coming if name in self._tasks}
        self._note_moves(coming, known)
        self._count(coming.values(), known.values())
        self.heard_at = max(self.heard_at, *filter(None, map(_SEEN_AT, coming.values())), 0.0)
        self._tasks.update(coming)
        return bool(self._moved)

    def drop(self, ids: Iterable[str]) -> bool:
        """Forget tasks that are no longer watched; tell whether there were any."""
        dropped = [task for name in ids if (task := self._tasks.pop(name, None))]
        self._count((), dropped)
        for task in dropped:
            self._moved.setdefault(task.id, True)
            self._redated.add(task.id)
        return bool(dropped)

    def arrange(self) -> None:
        """Choose and order anew what is shown."""
        for _ in self.arranging():
            pass

    def arranging(self) -> Iterator[None]:
        """Do the same, and yield between two slices of a long list; until the end all is shown as it was."""
        base = self._shown if self.filter.refines(self._shown.chosen) else self._whole
        self._shown = yield from select_in_slices(base, self._newest.ids, self._tasks, self.filter, self.order)
        self.rearrange()

    def rearrange(self) -> None:
        """Put the tasks that changed where they belong now; arranging does so itself at its end."""
        if self.arranged:
            self._newest = self._with({name: self._moved[name] for name in self._redated}, self._newest)
            self._whole = self._put_right(self._whole if self.filter else self._shown)
            self._shown = self._put_right(self._shown) if self.filter else self._whole
            self._redated.clear()
            self._moved.clear()

    def want(self, query: Query | None) -> None:
        """Want only the tasks that a query accepts."""
        self.filter = self.filter._replace(query=query)

    def show_all(self) -> None:
        """Want no filter."""
        self.filter = Filter()

    def toggle_phases(self, phases: frozenset[Phase]) -> None:
        """Want only these phases, or all again if only they were wanted."""
        chosen = frozenset[Phase]() if self.filter.phases == phases else phases
        self.filter = self.filter._replace(phases=chosen)

    def sort(self, order: Order) -> None:
        """Want the same tasks in another order."""
        self.order = order

    def _note_moves(self, coming: Mapping[str, WatchedTask], known: Mapping[str, WatchedTask]) -> None:
        new = [name for name in coming if name not in known]
        moved = [name for name, before in known.items() if _moves(before, coming[name])]
        self._moved |= {name: False for name in new if name not in self._moved}
        self._moved |= {name: True for name in moved if name not in self._moved}
        self._redated.update(new, (name for name in moved if newness(known[name]) != newness(coming[name])))

    def _count(self, coming: Collection[WatchedTask], going: Collection[WatchedTask]) -> None:
        self._counts.update(map(_PHASE, coming))
        self._counts.subtract(map(_PHASE, going))
        self._labels += sum(map(bool, map(_LABEL, coming))) - sum(map(bool, map(_LABEL, going)))

    def _put_right(self, selection: Selection) -> Selection:
        return self._newest if selection[1:] == self._newest[1:] else self._with(self._moved, selection)

    def _with(self, moved: Mapping[str, bool], selection: Selection) -> Selection:
        if not moved:
            return selection
        if len(moved) > len(self._tasks) * FEW:
            ids = select(self._tasks.values(), selection.chosen, selection.order)
        else:
            ids = reselect(selection.ids, moved, self._tasks, selection.chosen, selection.order)
        return selection._replace(ids=ids)


def _moves(before: WatchedTask, after: WatchedTask) -> bool:
    """Return whether a change can alter the selection: the times when we looked never do."""
    return _MOVABLE(before) != _MOVABLE(after)


_TIMES_OF_OURS = frozenset(("seen_at", "changed_at", "quiet_since", "final_at"))
_MOVABLE = attrgetter(
    *(f"summary.{name}" for name in TaskSummary._fields if name not in _TIMES_OF_OURS),
    *(name for name in WatchedTask._fields if name != "summary"),
)
