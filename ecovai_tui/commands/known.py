"""What is known of the watched tasks without asking anybody, and without reading any settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ecovai_tui.commands.output import say
from ecovai_tui.monitor.schedule import interval_of
from ecovai_tui.store.files import is_there
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Filter, Order, counts, select

if TYPE_CHECKING:
    from ecovai_tui.commands.place import Place
    from ecovai_tui.store.watchlist import WatchList

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Known:
    """The watched tasks, newest first, as the configured gateway told of them, and its origin."""

    tasks: tuple[WatchedTask, ...]
    gateway: str


def read_known(place: Place) -> Known:
    """Read the watch list and the last known states; raises StoreError."""
    return with_known(place, lambda known, _replica: known)


def with_known(place: Place, work: Callable[[Known, Replica], Result]) -> Result:
    """Read the same, and do something with it while the replica can be asked for more of the same moment.

    Raises StoreError.
    """
    watch_list = WatchListFile(place.watch_list).read()
    for note in watch_list.notes:
        say(note)

    def at_one_moment(replica: Replica) -> Result:
        with replica.snapshot():
            return work(_join(watch_list, replica), replica)

    return with_replica(place, at_one_moment)


def with_replica(place: Place, work: Callable[[Replica], Result]) -> Result:
    """Do something with the replica of the configured gateway; one that does not exist is not made."""
    path = place.replica
    replica = Replica(path if is_there(path) else None, place.gateway)
    try:
        if replica.problem:
            say(replica.problem)
        return work(replica)
    finally:
        replica.close()


def known_report(known: Known, place: Place, now: float) -> dict[str, object]:
    """Return what ``ls --json`` and ``status --json`` print."""
    from ecovai_tui.tasks.document import line_document, report  # noqa: PLC0415 - most callers want no JSON

    lines = [line_document(task, now, interval_of(task.summary, now)) for task in known.tasks]
    return report(lines, counts(known.tasks), now=now, gateway=known.gateway, profile=place.profile or "")


def _join(watch_list: WatchList, replica: Replica) -> Known:
    states = replica.watched_tasks(watch_list.ids)
    tasks = {name: _joined(name, position, watch_list, states) for position, name in enumerate(watch_list.ids)}
    ordered = select(tasks.values(), Filter(), Order())
    return Known(tuple(tasks[name] for name in ordered), replica.origin)


def _joined(name: str, position: int, watch_list: WatchList, states: dict[str, WatchedTask]) -> WatchedTask:
    label = watch_list.labels.get(name, "")
    watched = states.get(name)
    if watched is None:
        return WatchedTask(TaskSummary(name), label=label, position=position)
    as_mirrored = watched.label == label and watched.position == position
    return watched if as_mirrored else watched._replace(label=label, position=position)
