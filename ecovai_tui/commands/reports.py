"""Whole tasks as every command with ``--json`` prints them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecovai_tui.monitor.schedule import interval_of
from ecovai_tui.store.replica import ReplicaBusy
from ecovai_tui.tasks.changes import declare_missing, summarise
from ecovai_tui.tasks.document import TaskDocument, report, task_document
from ecovai_tui.tasks.model import Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import counts

if TYPE_CHECKING:
    from ecovai_tui.store.replica import Replica
    from ecovai_tui.store.settings import Settings


@dataclass(frozen=True, slots=True)
class Report:
    """Tasks in the order in which they were asked for, and the JSON about them."""

    tasks: tuple[WatchedTask, ...]
    document: dict[str, object]


def whole_report(
    settings: Settings,
    replica: Replica,
    ids: Sequence[str],
    told: Mapping[str, Task],
    now: float,
    *,
    refused: Collection[str] = (),
) -> Report:
    """Return what the gateway just told of ids; those that it left out are missing, unless it refused to tell."""
    known: Mapping[str, WatchedTask] = {}
    with suppress(ReplicaBusy):  # what was known before adds little to what was told now
        known = replica.watched_tasks(ids)
    before = {name: known.get(name) or WatchedTask(TaskSummary(name)) for name in ids}
    tasks = [task if name in refused else _just_told(task, told.get(name), now) for name, task in before.items()]
    return make_report(settings, tasks, told.get, now)


def make_report(
    settings: Settings, tasks: Sequence[WatchedTask], find: Callable[[str], Task | None], now: float
) -> Report:
    """Return a report of whole tasks; ``find`` returns the whole of one."""
    documents = [describe(task, find(task.id), now, settings.interval) for task in tasks]
    profile = settings.profile or ""
    document = report(documents, counts(tasks), now=now, gateway=settings.base_url, profile=profile)
    return Report(tuple(tasks), document)


def describe(watched: WatchedTask, task: Task | None, now: float, interval: float) -> TaskDocument:
    """Return the JSON of one task; ``interval`` is the user's, in seconds."""
    return task_document(watched, task, now, interval_of(watched.summary, now, interval))


def _just_told(watched: WatchedTask, task: Task | None, now: float) -> WatchedTask:
    """Return what is known of a task after this reply, also where the replica could not record it."""
    summary = watched.summary
    if task is None:
        return watched._replace(summary=declare_missing(summary, now))
    return watched._replace(summary=summarise(task, summary, now, content_changed=False))
