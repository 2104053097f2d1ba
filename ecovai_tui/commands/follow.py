"""``ecovai-tui follow``: print a line for every change."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace

from ecovai_tui.commands.shared.errors import ExitCode
from ecovai_tui.commands.shared.fetch_all import mirror
from ecovai_tui.commands.shared.run_settings import find_key
from ecovai_tui.commands.shared.target_ids import add_ids_argument, settings_and_ids
from ecovai_tui.commands.shared.watching import Follower, ask_anew, watch
from ecovai_tui.engine.session import open_session
from ecovai_tui.store.paths import find_paths

EXAMPLES = """
examples:
  ecovai-tui follow
  ecovai-tui follow --json --until-final |
    jq -r 'select(.event == "final") | .task.title'
  ecovai-tui follow >> songs.log

The changes go to standard output, each on a line at once; trouble with the
network goes to standard error.
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_ids_argument(parser)
    parser.add_argument("--json", action="store_true", help="print an object a line: at, event, task")
    parser.add_argument("--until-final", action="store_true", help="end when every task is final or missing")


def run(arguments: Namespace) -> ExitCode:
    """Follow until ctrl+c, until the reader has gone, until the key is refused, or until all is final."""
    paths = find_paths(os.environ)
    settings, ids = settings_and_ids(arguments, paths)
    key = find_key(settings)
    session = open_session(settings, paths, key=key, ids=ids if arguments.ids else ())
    if arguments.ids:
        mirror(session.replica, session.watch_list)
    follower = Follower(session, ids, as_json=arguments.json, until_final=arguments.until_final)
    try:
        if arguments.until_final and not arguments.ids:
            ask_anew(session, ids)
        return asyncio.run(watch(session.engine, follower.judge))
    finally:
        session.close()
