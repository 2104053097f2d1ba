"""The changes of a watch list, as pure functions from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.store.watchlist.model import UNDO_PERIOD, Relabelling, WatchList
from ecovai_tui.store.watchlist.moments import to_microsecond

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MICROSECOND = 0.000_001


def add(watch_list: WatchList, ids: Iterable[str], text: str = "") -> WatchList:
    """Append the ids that are new, and label all of them if there is a text.

    An id that was removed is no longer so, and has its label again.
    """
    asked = dict.fromkeys(ids)
    known = frozenset(watch_list.ids)
    new = tuple(task_id for task_id in asked if task_id not in known)
    removed = {task_id: at for task_id, at in watch_list.removed.items() if task_id not in asked}
    labels = {**watch_list.labels, **dict.fromkeys(asked, text)} if text else watch_list.labels
    return watch_list._replace(ids=watch_list.ids + new, removed=removed, labels=labels)


def remove(watch_list: WatchList, ids: Iterable[str], now: float) -> WatchList:
    """Stop watching the ids; together they get one moment, later than that of any removal before."""
    asked = frozenset(ids)
    gone = [task_id for task_id in watch_list.ids if task_id in asked]
    if not gone:
        return watch_list
    kept = tuple(task_id for task_id in watch_list.ids if task_id not in asked)
    removed = {**watch_list.removed, **dict.fromkeys(gone, _next_moment(watch_list, now))}
    return watch_list._replace(ids=kept, removed=removed)


def undo(watch_list: WatchList, now: float) -> WatchList:
    """Watch again what the last removal took away, if that was less than ``UNDO_PERIOD`` ago."""
    latest = max(watch_list.removed.values(), default=None)
    if latest is None or now - latest >= UNDO_PERIOD:
        return watch_list
    return add(watch_list, [task_id for task_id, at in watch_list.removed.items() if at == latest])


def label(watch_list: WatchList, names: Iterable[str], text: str) -> WatchList:
    """Give ids a label, or take theirs away with an empty text."""
    labels = {**watch_list.labels, **dict.fromkeys(names, text)}
    return watch_list._replace(labels={task_id: label for task_id, label in labels.items() if label})


def relabelling(watch_list: WatchList, names: Iterable[str], text: str, now: float) -> Relabelling:
    """Return how to take back what ``label`` is about to do; it is later than any removal before."""
    former = {task_id: watch_list.labels.get(task_id, "") for task_id in names}
    before = {task_id: label for task_id, label in former.items() if label != text}
    return Relabelling(_next_moment(watch_list, now), text, before)


def label_back(watch_list: WatchList, change: Relabelling) -> WatchList:
    """Give ids their former labels back, but for those that somebody labelled otherwise since."""
    same = {task_id for task_id in change.before if watch_list.labels.get(task_id, "") == change.text}
    known = same.intersection(watch_list.removed.keys() | set(watch_list.ids))
    labels = {**watch_list.labels, **{task_id: change.before[task_id] for task_id in known}}
    return watch_list._replace(labels={task_id: label for task_id, label in labels.items() if label})


def undo_last(watch_list: WatchList, now: float, relabelled: Sequence[Relabelling]) -> tuple[WatchList, int]:
    """Take back the last change, be it a removal or labels; return also how many of ``relabelled`` are still to be.

    They are in the order in which they were made; what others have changed since is left alone.
    """
    latest = max(watch_list.removed.values(), default=float("-inf"))
    left = len(relabelled)
    while left and relabelled[left - 1].at > latest:
        left -= 1
        before = label_back(watch_list, relabelled[left])
        if before != watch_list:
            return before, left
    return undo(watch_list, now), left


def moment_after(moment: float, now: float) -> float:
    """Return now, or the moment after another if that is later; all in Unix seconds, to the microsecond."""
    return max(to_microsecond(now), to_microsecond(moment + _MICROSECOND))


def purge(watch_list: WatchList, now: float) -> WatchList:
    """Forget ids, and their labels, whose removal can no longer be undone."""
    over = {task_id for task_id, at in watch_list.removed.items() if now - at >= UNDO_PERIOD}
    if not over:
        return watch_list
    return watch_list._replace(
        removed={task_id: at for task_id, at in watch_list.removed.items() if task_id not in over},
        labels={task_id: text for task_id, text in watch_list.labels.items() if task_id not in over},
    )


def _next_moment(watch_list: WatchList, now: float) -> float:
    latest = max(watch_list.removed.values(), default=None)
    return to_microsecond(now) if latest is None else moment_after(latest, now)
