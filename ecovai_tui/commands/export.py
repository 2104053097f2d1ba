"""``ecovai-tui export``: write out all that is known, from the disk alone."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from ecovai_tui.commands.durations import read_since
from ecovai_tui.commands.exit_codes import ExitCode
from ecovai_tui.commands.export_formats import FORMATS
from ecovai_tui.commands.known import with_known
from ecovai_tui.commands.output import say
from ecovai_tui.commands.place import find_place
from ecovai_tui.monitor.schedule import interval_of
from ecovai_tui.tasks.document import report, task_document
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.selection import counts

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from ecovai_tui.commands.known import Known
    from ecovai_tui.store.replica import Replica
    from ecovai_tui.tasks.document import TaskDocument

EXAMPLES = """
examples:
  ecovai-tui export > songs.json
  ecovai-tui export --format csv --phase done --since 7d > week.csv
  ecovai-tui export --format markdown --phase failed,partial
  ecovai-tui export --since 2026-11-01 | ecovai-tui add - --profile work

What was exported, in any format, can be piped back into ecovai-tui add -.
"""


_SINCE = "only those submitted since: an age as 12h, 7d, 2w, or a date as 2026-11-01 or 2026-11-01T18:30"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--format", choices=sorted(FORMATS), default="json", help="how (default: json)")
    known = ", ".join(Phase)
    parser.add_argument("--phase", metavar="PHASE", action="append", type=read_phases, help=f"only these: {known}")
    parser.add_argument("--since", metavar="WHEN", type=read_since, help=_SINCE)


def run(arguments: Namespace) -> ExitCode:
    """Write every watched task that was asked for, newest first."""
    now = time.time()
    place = find_place(arguments)
    phases = frozenset(phase for chosen in arguments.phase or () for phase in chosen)

    def write_out(known: Known, replica: Replica) -> None:
        tasks = [task for task in known.tasks if _is_meant(task, phases, arguments.since)]
        head = report([], counts(tasks), now=now, gateway=known.gateway, profile=place.profile or "")
        FORMATS[arguments.format](head, _documents(tasks, replica, now))
        sys.stdout.flush()
        if not tasks:
            say("No watched task is meant by this." if known.tasks else "Nothing is watched yet.")

    with_known(place, write_out)
    return ExitCode.WELL


def read_phases(text: str) -> tuple[Phase, ...]:
    """Return the phases that a list with commas names; raises argparse's error for another word."""
    from argparse import ArgumentTypeError  # noqa: PLC0415 - imported already by then

    words = [word.strip().lower() for word in text.split(",")]
    for word in words:
        if word not in set(Phase):
            raise ArgumentTypeError(f"there is no phase {word!r}; known: {', '.join(Phase)}")
    return tuple(Phase(word) for word in words)


def _documents(tasks: Iterable[WatchedTask], replica: Replica, now: float) -> Iterator[TaskDocument]:
    """Yield the tasks one by one: all lyrics at once would be too much."""
    for task in tasks:
        yield task_document(task, replica.task(task.id), now, interval_of(task.summary, now))


def _is_meant(task: WatchedTask, phases: frozenset[Phase], since: float | None) -> bool:
    if phases and task.summary.phase not in phases:
        return False
    moment = task.summary.submitted_at or task.added_at
    return since is None or (moment is not None and moment >= since)
