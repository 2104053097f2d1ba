"""The list of tasks for people, in the cells of the monitor's table, and whole tasks as JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from ecovai_tui.commands.shared.output import on_terminal, painted, write, write_table
from ecovai_tui.engine.schedule import DEFAULT_INTERVAL, interval_of
from ecovai_tui.language import tr
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.ledger import Learned
from ecovai_tui.store.replica import Estimates, FileLedger, FileState, Replica
from ecovai_tui.tasks.judging import declare_missing, summarise
from ecovai_tui.tasks.model import ClipFile, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import counts
from ecovai_tui.tasks.task_json import TaskDocument, report, task_document
from ecovai_tui.tasks.text import ELLIPSIS
from ecovai_tui.terminal.capabilities import read_capabilities
from ecovai_tui.view.columns import COLUMNS, Row, columns_of, heading_spans, lay_out, row_spans
from ecovai_tui.view.lines import ASCII_ELLIPSIS, Span
from ecovai_tui.view.rows import RowContext, build_row

if TYPE_CHECKING:
    from ecovai_tui.store.settings import Settings


def write_tasks(
    tasks: Iterable[WatchedTask],
    now: float,
    learned_of: Callable[[TaskSummary], Learned | None],
    *,
    interval: float = DEFAULT_INTERVAL,
    ascii_only: bool | None = None,
    columns: Sequence[str] = (),
) -> None:
    """Write one line for each task: laid out for the terminal's width; in a pipe whole, its cells parted by tabs.

    ``columns`` are those that the user wants on a terminal, () for the usual ones.

    ``learned_of`` tells how long tasks like one took. ``interval`` is the user's, in seconds; ``ascii_only`` None means
    as the terminal and the locale can.
    """
    plain = draws_ascii() if ascii_only is None else ascii_only

    def look(summary: TaskSummary, moment: float) -> float:
        return interval_of(summary, moment, interval)

    context = RowContext(now, look, ascii_only=plain, encoding=sys.stdout.encoding, learned_of=learned_of)
    listed = list(tasks)
    if not listed:
        return
    if on_terminal(sys.stdout):
        _write_for_terminal(listed, context, columns)
    else:
        rows = (build_row(task, context) for task in listed)
        write_table([tr(column.header) for column in COLUMNS], ([*_texts(row), row.id] for row in rows))


def write_as_set(tasks: Iterable[WatchedTask], now: float, settings: Settings, replica: Replica) -> None:
    """Write one line for each task as the settings of the run have it."""
    interval, columns, learned_of = settings.interval, settings.columns, Estimates(replica).of
    write_tasks(tasks, now, learned_of, interval=interval, ascii_only=settings.ascii, columns=columns)


def _texts(row: Row) -> list[str]:
    """Return the cells of a row but for the id, which its reader needs whole."""
    return [cell.text for cell in row.cells[:-1]]


def draws_ascii() -> bool:
    """Return whether only ASCII is safe where the output goes."""
    capabilities = read_capabilities(
        os.environ, is_terminal=on_terminal(sys.stdout), encoding=sys.stdout.encoding or "ascii"
    )
    return not capabilities.unicode and (capabilities.terminal or "utf" not in sys.stdout.encoding.lower())


def _write_for_terminal(tasks: Sequence[WatchedTask], context: RowContext, wanted: Sequence[str]) -> None:
    columns = columns_of(labelled=any(task.label for task in tasks), chosen=wanted)
    placements = lay_out(get_terminal_size().columns, columns)
    headings = heading_spans(placements, [Span(tr(place.column.header)) for place in placements])
    write("".join(span.text for span in headings).rstrip())
    ellipsis = ASCII_ELLIPSIS if context.ascii_only else ELLIPSIS
    for task in tasks:
        spans = row_spans(build_row(task, context), placements, ellipsis=ellipsis)
        write("".join(painted(span.text, str(span.tone)) for span in spans).rstrip())


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
    """Return a report of the gateway's reply on ids; those that it left out are missing, unless it refused them."""
    known: Mapping[str, WatchedTask] = {}
    with suppress(StoreError):  # what was known before adds little to what was told now
        known = replica.watched_tasks(ids)
    before = {name: known.get(name) or WatchedTask(TaskSummary(name)) for name in ids}
    tasks = [task if name in refused else _after_reply(task, told.get(name), now) for name, task in before.items()]
    return make_report(settings, tasks, told.get, now, saved_files(replica, ids))


def make_report(
    settings: Settings,
    tasks: Sequence[WatchedTask],
    find: Callable[[str], Task | None],
    now: float,
    files: Sequence[ClipFile] = (),
) -> Report:
    """Return a report of whole tasks; ``find`` returns the whole of one, ``files`` are those that were saved."""
    documents = [describe(task, find(task.id), now, settings.interval, files) for task in tasks]
    profile = settings.profile or ""
    document = report(documents, counts(tasks), now=now, gateway=settings.base_url, profile=profile)
    return Report(tuple(tasks), document)


def describe(
    watched: WatchedTask, task: Task | None, now: float, interval: float, files: Iterable[ClipFile] = ()
) -> TaskDocument:
    """Return the JSON of one task; ``interval`` is the user's, in seconds."""
    return task_document(watched, task, now, interval_of(watched.summary, now, interval), files)


def saved_files(replica: Replica, ids: Iterable[str]) -> list[ClipFile]:
    """Return the files that were saved of tasks; none where another program keeps that from being read."""
    with suppress(StoreError):
        return [entry.file for entry in FileLedger(replica).of_tasks(ids) if entry.state is FileState.SAVED]
    return []


def _after_reply(watched: WatchedTask, task: Task | None, now: float) -> WatchedTask:
    """Return what is known of a task after this reply, also where the replica could not record it."""
    summary = watched.summary
    if task is None:
        return watched._replace(summary=declare_missing(summary, now))
    return watched._replace(summary=summarise(task, summary, now, content_changed=False))
