"""What is known of the watched tasks without asking anybody, and the durations that select among them."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple, TypeVar

from ecovai_tui.commands.shared.command_line import Place
from ecovai_tui.commands.shared.output import say
from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.store.files import is_there
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.filter import Filter
from ecovai_tui.tasks.model import TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Order, counts, select
from ecovai_tui.tasks.task_json import line_document, report
from ecovai_tui.tasks.times import UNITS, seconds_of


def read_duration(text: str) -> float:
    """Return the seconds of ``90``, ``1.5h`` or ``7d``; raises argparse's error for anything else."""
    seconds = seconds_of(text)
    if seconds is None:
        raise ArgumentTypeError(f"{text!r} is no duration; write seconds as 90, or 30m, 12h, 7d, 2w")
    return seconds


def read_since(text: str) -> float:
    """Return the moment that a date or an age names, dates in local time; raises argparse's error for other words.

    An age needs its unit here: ``2026`` and ``20261101`` are meant as dates, whatever they could be in seconds.
    """
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromisoformat(text).timestamp()
    if text[-1:] in UNITS:
        with suppress(ArgumentTypeError):
            return time.time() - read_duration(text)
    raise ArgumentTypeError(
        f"{text!r} is neither an age, as 90s, 30m, 12h, 7d, 2w, nor a date, as 2026-11-01 or 2026-11-01T18:30"
    )


Result = TypeVar("Result")


class Known(NamedTuple):
    """The watched tasks, newest first, as the configured gateway last reported them, and its origin."""

    tasks: tuple[WatchedTask, ...]
    gateway: str


def read_known(place: Place) -> Known:
    """Read the watch list and the last known states; raises StoreError."""
    return with_known(place, lambda known, _replica: known)


def with_known(place: Place, work: Callable[[Known, Replica], Result]) -> Result:
    """Read them, and do something with them and with the replica in one snapshot.

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
