"""``ecovai-tui fetch``: ask the gateway once, now."""

from __future__ import annotations

import asyncio
import os
import time
from argparse import ArgumentParser, Namespace

from ecovai_tui.commands.shared.cached_tasks import accepted_ids, add_filter_option, mirror, nothing_meant
from ecovai_tui.commands.shared.fetch_all import Answers, fetch_all
from ecovai_tui.commands.shared.output import ExitCode, code_of, explained, most_telling, say, write_json
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.commands.shared.target_ids import add_ids_argument, chosen_ids
from ecovai_tui.commands.shared.task_report import whole_report, write_as_set
from ecovai_tui.commands.shared.watching import explain_failures
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Phase

EXAMPLES = later("""
examples:
  ecovai-tui fetch
  ecovai-tui fetch --json | jq -r '.tasks[].clips[].audio_url'
  grep -o 'task_[0-9A-Za-z]*' submit.log | ecovai-tui fetch -

Ids given here are not put on the watch list. Exit code 6: the gateway does not
know one of them.
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_ids_argument(parser)
    add_filter_option(parser)
    parser.add_argument("--json", action="store_true", help=tr("print whole tasks as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """Ask for the tasks in as few requests as there can be, print them, and remember what was told."""
    paths = find_paths(os.environ)
    settings = read_settings(arguments, paths)
    watched = chosen_ids(arguments.ids, settings.watchlist)
    ids = accepted_ids(arguments, watched)
    if not ids:
        say(sentences(nothing_meant(watched=bool(watched)), tr("So there is nothing to ask for.")))
    key = find_key(settings) if ids else None
    replica = Replica(paths.replica(settings.profile, settings.watchlist), origin(settings.base_url))
    if replica.problem:
        say(replica.problem)
    mirror(replica, WatchListFile(settings.watchlist))
    try:
        answers = asyncio.run(fetch_all(settings, key, replica, ids)) if key else Answers()
        now = time.time()
        told = {task.id: task for task in answers.tasks}
        found = whole_report(settings, replica, ids, told, now, refused=answers.refused.keys())
        if arguments.json:
            write_json(found.document)
        else:
            write_as_set(found.tasks, now, settings, replica)
            explain_failures(found.tasks)
    finally:
        replica.close()
    _report_refused(answers)
    missing = any(task.summary.phase is Phase.MISSING for task in found.tasks)
    return most_telling([*map(code_of, answers.refused.values()), *([ExitCode.NOT_KNOWN] if missing else [])])


def _report_refused(answers: Answers) -> None:
    """Report the ids that the gateway failed to return."""
    for task_id, error in answers.refused.items():
        shown = tr("Asked for {task_id}, the gateway fails; what was known before is shown.", task_id=task_id)
        say(f"ecovai-tui: {shown}\n  {explained(error)}")
