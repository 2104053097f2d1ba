"""The changes of a watch list, as pure functions from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.store.watchlist.model import UNDO_PERIOD, WatchList
from ecovai_tui.store.watchlist.moments import to_microsecond

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    moment, latest = to_microsecond(now), max(watch_list.removed.values(), default=None)
    return moment if latest is None or moment > latest else to_microsecond(latest + _MICROSECOND)
