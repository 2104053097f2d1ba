"""``ecovai-tui wait``: wait until tasks are final; the exit code tells how they ended."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from ecovai_tui.commands.asking import find_key
from ecovai_tui.commands.chosen import add_ids_argument, settings_and_ids
from ecovai_tui.commands.durations import read_duration
from ecovai_tui.commands.exit_codes import ExitCode
from ecovai_tui.commands.following import ask_anew
from ecovai_tui.commands.output import say, write_json
from ecovai_tui.commands.questions import mirror
from ecovai_tui.commands.reports import make_report
from ecovai_tui.commands.task_table import tell_reasons, write_tasks
from ecovai_tui.commands.waiting import Aim, Waiter
from ecovai_tui.commands.watching import watch
from ecovai_tui.monitor.session import open_session
from ecovai_tui.store.estimates import Estimates
from ecovai_tui.store.paths import find_paths

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ecovai_tui.monitor.session import Session

EXAMPLES = """
examples:
  ecovai-tui wait --timeout 10m && echo ready
  curl … /suno/submit/music … | ecovai-tui add - | ecovai-tui wait - --json |
    jq -r '.tasks[].clips[].audio_url'

exit codes:
  0 all ended well · 1 a task failed (with --strict also: only partly done)
  3 no network at the end · 4 time ran out · 5 key refused
  6 the gateway does not know an id · 130 interrupted

The state is kept: after an interruption or a time-out a second run goes on
where this one ended.
"""

_TICK = 1.0


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_ids_argument(parser)
    parser.add_argument("--timeout", metavar="S", type=read_duration, help="give up after so long, as 300 or 10m")
    parser.add_argument("--any", action="store_true", help="end when one of the tasks is final")
    parser.add_argument("--fail-fast", action="store_true", help="end when one of the tasks has failed")
    parser.add_argument("--strict", action="store_true", help="a task that is only partly done has failed")
    parser.add_argument("--json", action="store_true", help="print whole tasks as JSON")


def run(arguments: Namespace) -> ExitCode:
    """Wait, and print how the tasks stand at the end."""
    paths = find_paths(os.environ)
    settings, ids = settings_and_ids(arguments, paths)
    if not ids:
        say("Nothing is watched yet, so there is nothing to wait for.")
        return ExitCode.WELL
    key = find_key(settings)
    session = open_session(settings, paths, key=key, ids=ids if arguments.ids else ())
    mirror(session.replica, session.watch_list)
    aim = Aim(any=arguments.any, fail_fast=arguments.fail_fast, strict=arguments.strict, timeout=arguments.timeout)
    waiter = Waiter(session.replica, ids, aim, session.clock.now, whole=arguments.json)
    try:
        if not arguments.ids:
            ask_anew(session, ids)
        code = asyncio.run(watch(session.monitor, waiter.judge, tick=_TICK))
        waiter.end(code)
        _print(session, waiter, as_json=arguments.json)
    finally:
        waiter.leave()
        session.close()
    return code


def _print(session: Session, waiter: Waiter, *, as_json: bool) -> None:
    now, settings = session.clock.now(), session.settings
    if as_json:
        write_json(make_report(settings, waiter.tasks, waiter.task, now).document)
    else:
        learned_of = Estimates(session.replica).of
        write_tasks(waiter.tasks, now, learned_of, interval=settings.interval, ascii_only=settings.ascii)
        tell_reasons(waiter.tasks)
