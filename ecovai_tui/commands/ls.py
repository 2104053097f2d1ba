"""``ecovai-tui ls``: list what is watched, from the disk alone."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from ecovai_tui.commands.shared.cached_tasks import (
    Known,
    add_filter_option,
    known_report,
    nothing_meant,
    read_filter,
    read_known,
    with_known,
)
from ecovai_tui.commands.shared.command_line import Place, find_place
from ecovai_tui.commands.shared.output import ExitCode, say, write, write_json
from ecovai_tui.commands.shared.task_report import write_tasks
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.replica import Estimates, Replica

EXAMPLES = later("""
examples:
  ecovai-tui ls
  ecovai-tui ls --ids | wc -l
  ecovai-tui ls --filter 'rain phase:failed,partial age<1d'
  ecovai-tui ls --json | jq -r '.tasks[] | select(.phase == "failed") | .id'

The states are the last known ones; ecovai-tui fetch asks for new ones.

filters, here and behind / in the monitor; all that is written must hold:
  rain "two words"        in title, label, reason, phase, model, tags or id
  !rain                   not; works before anything below as well
  ~rain|snow              a regular expression
  phase:failed,partial    also active, final; kind:lyrics
  title: label: reason: model: tag: id: family:
                          a word in that alone; label:"" for none
  age>10m took<2m added<1d
                          since submitted, under way, since added
  lyrics:rain             in the lyrics
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=tr("list as JSON"))
    shape.add_argument("--ids", action="store_true", help=tr("print the ids alone"))
    add_filter_option(parser)


def run(arguments: Namespace) -> ExitCode:
    """Print the list, newest first."""
    query = read_filter(arguments)
    now = time.time()
    place = find_place(arguments)
    if arguments.json:
        write_json(known_report(read_known(place, query), place, now))
    elif arguments.ids:
        for task in read_known(place, query).tasks:
            write(task.id)
    else:
        with_known(place, lambda known, replica: _write_for_people(known, replica, now, arguments, place), query)
    return ExitCode.WELL


def _write_for_people(known: Known, replica: Replica, now: float, arguments: Namespace, place: Place) -> None:
    learned_of, ascii_only = Estimates(replica).of, arguments.ascii or None
    write_tasks(known.tasks, now, learned_of, ascii_only=ascii_only, columns=place.columns)
    if not known.tasks:
        hint = "" if known.watched else tr("To watch a task: ecovai-tui add ID")
        say(sentences(nothing_meant(watched=known.watched > 0), hint))
