"""What is known of the watched tasks without asking anybody, and what selects among them: durations and filters."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple, TypeVar

from ecovai_tui.commands.shared.command_line import Place, UsageError, find_place
from ecovai_tui.commands.shared.output import say
from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import StoreError, could_be_key
from ecovai_tui.store.files import is_there
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.filter import Moment, Query, QueryError
from ecovai_tui.tasks.model import TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Filter, Order, counts, query_of, select
from ecovai_tui.tasks.task_json import line_document, report
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tasks.times import UNITS, seconds_of


def read_duration(text: str) -> float:
    """Return the seconds of ``90``, ``1.5h`` or ``7d``; raises argparse's error for anything else."""
    seconds = seconds_of(text)
    if seconds is None:
        raise ArgumentTypeError(tr("{words!r} is no duration; write seconds as 90, or 30m, 12h, 7d, 2w", words=text))
    return seconds


def read_since(text: str) -> float:
    """Return the moment that a date or an age names, dates in local time; raises argparse's error for other words.

    An age needs its unit here: ``2026`` and ``20261101`` are meant as dates, whatever they could be in seconds.
    """
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromisoformat(text).timestamp()
    if text[-1:] in "".join(UNITS):
        with suppress(ArgumentTypeError):
            return time.time() - read_duration(text)
    raise ArgumentTypeError(
        tr(
            "{words!r} is neither an age, as 90s, 30m, 12h, 7d, 2w, nor a date, as 2026-11-01 or 2026-11-01T18:30",
            words=text,
        )
    )


_MEANING = later("only what this accepts, such as 'phase:failed age<1d'; ecovai-tui ls --help tells the language")
_BEFORE, _BEHIND = 60, 30
"""Characters of a query that are shown around a fault in it."""


def add_filter_option(parser: ArgumentParser) -> None:
    """Declare the option that chooses among the watched tasks."""
    parser.add_argument("--filter", metavar="EXPR", help=tr(_MEANING))


def read_filter(arguments: Namespace) -> Query | None:
    """Return what the option asks for, None where it asks for nothing; raises UsageError, with the place marked."""
    text: str | None = arguments.filter
    if text is None:
        return None
    try:
        return query_of(text)
    except QueryError as error:
        raise UsageError(_with_place(text, error)) from None


def _with_place(text: str, error: QueryError) -> str:
    """Return what is wrong with a query, and under it the query with a sign below the fault, unless it holds a key."""
    if could_be_key(text):
        return tr("--filter cannot be read from character {number} on. Is there a key in it?", number=error.place + 1)
    shown = "".join(character if character.isprintable() else " " for character in text)
    before = shown[max(0, error.place - _BEFORE) : error.place]
    excerpt = before + shown[error.place : error.place + _BEHIND]
    return tr(
        "--filter cannot be read: {sentence}\n  {excerpt}\n  {blanks}^",
        sentence=error.sentence,
        excerpt=excerpt,
        blanks=" " * cell_width(before),
    )


def accepted_ids(arguments: Namespace, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the watched ids that the option accepts as they are now; raises UsageError, and StoreError."""
    query = read_filter(arguments)
    if query is None:
        return ids
    if arguments.ids:
        raise UsageError(tr("Give either ids or --filter, which chooses among all watched tasks."))
    accepted = {task.id for task in read_known(find_place(arguments), query).tasks}
    return tuple(name for name in ids if name in accepted)


def nothing_meant(*, watched: bool) -> str:
    """Return the sentence for no task at all; ``watched`` says whether there are any that a filter left out."""
    return tr("No watched task is meant by this.") if watched else tr("Nothing is watched yet.")


Result = TypeVar("Result")


class Known(NamedTuple):
    """The watched tasks that a filter accepts, newest first, as the configured gateway last reported them."""

    tasks: tuple[WatchedTask, ...]
    gateway: str
    """Its origin."""
    watched: int = 0
    """How many tasks are watched in all."""


def read_known(place: Place, query: Query | None = None) -> Known:
    """Read the watch list and the last known states of those tasks that a query accepts; raises StoreError."""
    return with_known(place, lambda known, _replica: known, query)


def with_known(place: Place, work: Callable[[Known, Replica], Result], query: Query | None = None) -> Result:
    """Read them, and do something with them and with the replica in one snapshot.

    Raises StoreError.
    """
    watch_list = WatchListFile(place.watch_list).read()
    for note in watch_list.notes:
        say(note)

    def at_one_moment(replica: Replica) -> Result:
        with replica.snapshot():
            return work(_join(watch_list, replica, query), replica)

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


def _join(watch_list: WatchList, replica: Replica, query: Query | None) -> Known:
    states = replica.watched_tasks(watch_list.ids)
    tasks = {name: _joined(name, position, watch_list, states) for position, name in enumerate(watch_list.ids)}
    if query is not None:
        lyrics = replica.find_lyrics(query.lyrics)
        query = query.at(Moment(time.time(), interval_of=interval_of, lyrics=lyrics))
    ordered = select(tasks.values(), Filter(query), Order())
    return Known(tuple(tasks[name] for name in ordered), replica.origin, len(tasks))


def _joined(name: str, position: int, watch_list: WatchList, states: dict[str, WatchedTask]) -> WatchedTask:
    label = watch_list.labels.get(name, "")
    watched = states.get(name)
    if watched is None:
        return WatchedTask(TaskSummary(name), label=label, position=position)
    as_mirrored = watched.label == label and watched.position == position
    return watched if as_mirrored else watched._replace(label=label, position=position)


def mirror(replica: Replica, watch_list: WatchListFile) -> None:
    """Bring the replica up to the watch list, so that commands without settings find the gateway that was asked."""
    try:
        replica.mirror(watch_list.read(), time.time())
    except StoreError as error:
        say(str(error))
