"""Which of the watched tasks are shown, in which order, and how many are in each phase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from ecovai_tui.tasks.filter import Accepts, Query
from ecovai_tui.tasks.model import Phase, WatchedTask

FAILED_PHASES = frozenset({Phase.FAILED, Phase.PARTIAL, Phase.MISSING})
ACTIVE_PHASES = frozenset(phase for phase in Phase if phase.active)

SortValue: TypeAlias = str | int | tuple[bool | int | float | str, ...]
"""What two tasks are compared by; a plain text is compared three times as fast as one in a tuple."""


class SortKey(StrEnum):
    """The columns by which a list can be sorted."""

    WHEN = "when"
    PHASE = "phase"
    TITLE = "title"
    MODEL = "model"
    TIME = "time"
    LABEL = "label"
    ID = "id"


class Order(NamedTuple):
    """A sort key and its direction; without ``reverse`` it is the one that people expect of the key.

    Whichever it is, of tasks with the same value the newest comes first.
    """

    key: SortKey = SortKey.WHEN
    reverse: bool = False

    @property
    def falling(self) -> bool:
        """Whether the highest values stand on top, as the newest do where nobody wants it otherwise."""
        return (self.key is SortKey.WHEN) != self.reverse

    def next_key(self, among: Collection[SortKey] = tuple(SortKey)) -> Order:
        """Return the order by the next of these columns, in its own direction; the same column where there is none."""
        keys = list(SortKey)
        start = keys.index(self.key) + 1
        return Order(next((key for key in (*keys[start:], *keys[:start]) if key in among), self.key))

    def reversed(self) -> Order:
        """Return the same order the other way round."""
        return self._replace(reverse=not self.reverse)


NEWEST_FIRST = Order()
"""The order in which no two tasks have the same value."""


class Filter(NamedTuple):
    """What a task must be to be shown: what a query asks for, and in one of the phases."""

    query: Query | None = None
    phases: frozenset[Phase] = frozenset()
    """Empty for all."""

    def __bool__(self) -> bool:
        return self.query is not None or bool(self.phases)

    @property
    def text(self) -> str:
        """The query as it was typed, "" for none."""
        return self.query.text if self.query else ""

    def predicate(self) -> Accepts:
        """Return what says of a task whether it is to be shown."""
        phases = self.phases
        asked = None if self.query is None else self.query.predicate()
        if asked is None:
            return lambda task: not phases or task.summary.phase in phases
        if not phases:
            return asked
        return lambda task: task.summary.phase in phases and asked(task)

    def refines(self, other: Filter) -> bool:
        """Return whether all that this one shows is among what the other shows, as it is while words grow."""
        phases_shrink = not other.phases or (bool(self.phases) and self.phases <= other.phases)
        if other.query is None or self.query is None:
            return phases_shrink and other.query is None
        return phases_shrink and self.query.refines(other.query)


class Selection(NamedTuple):
    """The ids of the tasks that pass a filter, in an order."""

    ids: Sequence[str] = ()
    chosen: Filter = Filter()
    order: Order = NEWEST_FIRST


def query_of(text: str) -> Query | None:
    """Return what a filter's text asks for, None where it asks for nothing; raises QueryError.

    The language is read only where somebody filters: most starts do without it.
    """
    from ecovai_tui.tasks.query import read_query  # noqa: PLC0415 - as above

    return read_query(text) if text.strip() else None


def select(tasks: Iterable[WatchedTask], chosen: Filter, order: Order) -> list[str]:
    """Return the ids of the tasks that pass the filter, in order."""
    shown = list(filter(chosen.predicate(), tasks)) if chosen else list(tasks)
    shown.sort(key=newness, reverse=True)
    if order != NEWEST_FIRST:
        shown.sort(key=_SORT_VALUES[order.key], reverse=order.falling)
    return list(map(_ID, shown))


def refine(selection: Selection, tasks: Mapping[str, WatchedTask], chosen: Filter) -> Selection:
    """Return what a finer filter leaves of a selection whose tasks are all there."""
    accepts = chosen.predicate()
    return Selection([name for name in selection.ids if accepts(tasks[name])], chosen, selection.order)


def reselect(
    shown: Sequence[str], changed: Mapping[str, bool], tasks: Mapping[str, WatchedTask], chosen: Filter, order: Order
) -> list[str]:
    """Return a selection after a few tasks came, changed or went, without sorting all the others again.

    ``changed`` tells for their ids whether they were there when ``shown`` was selected; ``tasks`` has all as they are.
    """
    misplaced = {task_id for task_id, was_there in changed.items() if was_there}
    kept = [task_id for task_id in shown if task_id not in misplaced] if misplaced else shown
    coming = select((tasks[task_id] for task_id in changed if task_id in tasks), chosen, order)
    merged: list[str] = []
    place = 0
    for task_id in coming:
        start, place = place, _place(kept, place, tasks[task_id], tasks, order)
        merged += kept[start:place]
        merged.append(task_id)
    merged += kept[place:]
    return merged


def _place(ids: Sequence[str], low: int, task: WatchedTask, tasks: Mapping[str, WatchedTask], order: Order) -> int:
    """Return where in ordered ids, from ``low`` on, the task belongs."""
    value_of, falling = _SORT_VALUES[order.key], order.falling
    value, middle, high = value_of(task), low, len(ids)
    while low < high:
        other = tasks[ids[middle]]
        if _precedes(value_of(other), value, falling) or (value_of(other) == value and newness(other) > newness(task)):
            low = middle + 1
        else:
            high = middle
        middle = (low + high) // 2
    return low


def _precedes(one: SortValue, other: SortValue, falling: bool) -> bool:
    return one > other if falling else one < other  # type: ignore[operator]  # both are of the order's one kind


def counts(tasks: Iterable[WatchedTask]) -> Mapping[Phase, int]:
    """Return how many tasks are in each phase, those without any left out, in the order of the phases."""
    found = Counter(task.summary.phase for task in tasks)
    return {phase: found[phase] for phase in Phase if found[phase]}


def newness(task: WatchedTask) -> tuple[bool, float, int, str]:
    """Return the value by which the newest comes first, no two tasks with the same; those without data are above."""
    submitted = task.summary.submitted_at
    return submitted is None, submitted or task.added_at or 0.0, task.position, task.summary.id


def _time(task: WatchedTask) -> tuple[bool, float]:
    summary = task.summary
    if summary.phase.final:
        return summary.duration is None, -(summary.duration or 0.0)
    return summary.submitted_at is None, summary.submitted_at or 0.0


_ID = attrgetter("summary.id")
_PHASE_RANK = {phase: rank for rank, phase in enumerate(Phase)}

_LAST = "\U0010ffff"
"""Comes behind every text: lines without one stand at the end."""


class _Folded(dict[str, str]):
    """What texts are compared by. Many tasks share their title, model or label: a text is folded once for all.

    Those that are the same object are compared at a glance.
    """

    MOST = 16_384

    def __missing__(self, text: str) -> str:
        if len(self) >= self.MOST:
            self.clear()
        folded = self[text] = text.casefold() or _LAST
        return folded


_FOLDED = _Folded()

_SORT_VALUES: Mapping[SortKey, Callable[[WatchedTask], SortValue]] = {
    SortKey.WHEN: newness,
    SortKey.PHASE: lambda task: _PHASE_RANK[task.summary.phase],
    SortKey.TITLE: lambda task: _FOLDED[task.summary.title],
    SortKey.MODEL: lambda task: _FOLDED[task.summary.model],
    SortKey.TIME: _time,
    SortKey.LABEL: lambda task: _FOLDED[task.label],
    SortKey.ID: lambda task: task.id,
}
