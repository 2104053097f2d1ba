"""``ecovai-tui prune``: take tasks off the watch list that are of no more interest."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ecovai_tui.commands.shared.cached_tasks import (
    Known,
    add_filter_option,
    known_report,
    read_duration,
    read_filter,
    read_known,
)
from ecovai_tui.commands.shared.command_line import UsageError, find_place
from ecovai_tui.commands.shared.output import ExitCode, say, write, write_json
from ecovai_tui.language import later, tr
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Phase, WatchedTask

EXAMPLES = later("""
examples:
  ecovai-tui prune --final --older-than 7d
  ecovai-tui prune --missing --dry-run
  ecovai-tui prune --filter 'label:sketch !took>2m'
  ecovai-tui rm --undo

Active tasks are never taken off. The ids that are go to standard output.
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--final", action="store_true", help=tr("those that are done, partly done or failed"))
    parser.add_argument("--missing", action="store_true", help=tr("those that the gateway does not know"))
    age = tr("only those submitted (or added) so long ago; alone: of all that are not active; as 12h, 7d, 2w")
    parser.add_argument("--older-than", metavar="AGE", type=read_duration, help=age)
    add_filter_option(parser)
    parser.add_argument("--dry-run", action="store_true", help=tr("only print what would go"))
    parser.add_argument("--json", action="store_true", help=tr("print the tasks that go as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """Remove them in one step, which rm --undo takes back."""
    query = read_filter(arguments)
    if not (arguments.final or arguments.missing or arguments.older_than is not None or query):
        raise UsageError(
            tr('Which tasks? Say --final, --missing, --older-than or --filter. Try "ecovai-tui prune --help".')
        )
    now = time.time()
    place = find_place(arguments)
    phases = frozenset(phase for phase in Phase if _is_meant(phase, final=arguments.final, missing=arguments.missing))
    known = read_known(place, query)
    tasks = tuple(task for task in known.tasks if is_prunable(task, phases, arguments.older_than, now))
    if tasks and not arguments.dry_run:
        removed = set(WatchListFile(place.watch_list).remove([task.id for task in tasks], now))
        tasks = tuple(task for task in tasks if task.id in removed)
    if arguments.json:
        write_json(known_report(Known(tasks, known.gateway), place, now))
    else:
        _report(tasks, dry_run=arguments.dry_run)
    return ExitCode.WELL


def _report(tasks: Sequence[WatchedTask], *, dry_run: bool) -> None:
    for task in tasks:
        write(task.id)
    say(tr("would go: {n}", n=len(tasks)) if dry_run else tr("removed: {n}", n=len(tasks)))


def is_prunable(task: WatchedTask, phases: frozenset[Phase], older_than: float | None, now: float) -> bool:
    """Return whether a task is in one of the phases, and old enough (seconds); an age that nobody knows is not."""
    if task.summary.phase not in phases:
        return False
    if older_than is None:
        return True
    moment = task.summary.submitted_at or task.added_at
    return moment is not None and now - moment >= older_than


def _is_meant(phase: Phase, *, final: bool, missing: bool) -> bool:
    if not (final or missing):
        return not phase.active
    return (final and phase.final) or (missing and phase is Phase.MISSING)
