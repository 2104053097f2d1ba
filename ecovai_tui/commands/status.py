"""``ecovai-tui status``: the counts by phase, from the disk alone, quick enough for a status line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ecovai_tui.commands.exit_codes import ExitCode
from ecovai_tui.commands.output import write
from ecovai_tui.commands.place import find_place
from ecovai_tui.commands.status_format import check_format, fill, values_of
from ecovai_tui.store.tally import Tally, read_tally
from ecovai_tui.tasks.phases import Phase

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ecovai_tui.commands.place import Place

EXAMPLES = """
examples:
  ecovai-tui status
  ecovai-tui status --format '{running}♪ {done}✓ {failed}✗ {oldest}'

tmux, in ~/.tmux.conf:
  set -g status-right "#(ecovai-tui status --format '{running}♪ {failed}✗')"

placeholders:
  {waiting} {running} {streaming} {done} {partial} {failed} {missing} {unknown}
  {active} {final} {total}  sums; missing and unknown count in the total alone
  {oldest}                  how long the oldest active task has been under way
  {age}                     how long ago the gateway last told of anything
  {link}                    fresh, stale (tasks are active, and nobody asks),
                            or idle (there is nothing to ask for)
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print counts and tasks as JSON")
    shape.add_argument("--format", metavar="TEXT", help="print this text, its {placeholders} filled")


def run(arguments: Namespace) -> ExitCode:
    """Print the counts."""
    if arguments.format is not None:
        check_format(arguments.format)
    now = time.time()
    place = find_place(arguments)
    if arguments.json:
        _write_json(place, now)
        return ExitCode.WELL
    values = values_of(_tally(place), now)
    write(fill(arguments.format, values) if arguments.format is not None else _sentence(values))
    return ExitCode.WELL


def _write_json(place: Place, now: float) -> None:
    from ecovai_tui.commands.known import known_report, read_known  # noqa: PLC0415 - a status line does without
    from ecovai_tui.commands.output import write_json  # noqa: PLC0415 - as above

    write_json(known_report(read_known(place), place, now))


def _tally(place: Place) -> Tally:
    return read_tally(place.watch_list, place.replica, place.gateway) or _tally_of_whole_tasks(place)


def _tally_of_whole_tasks(place: Place) -> Tally:
    """Return the same by the long way, which tells of what is wrong with the files."""
    from ecovai_tui.commands.known import read_known  # noqa: PLC0415 - as above
    from ecovai_tui.tasks.selection import counts  # noqa: PLC0415 - as above

    tasks = read_known(place).tasks
    active = tuple(task.summary for task in tasks if task.summary.phase.active)
    seen_at = max((task.summary.seen_at for task in tasks if task.summary.seen_at is not None), default=None)
    return Tally(counts(tasks), active, seen_at)


def _sentence(values: dict[str, str]) -> str:
    """Return the counts that are not 0, and how the data stands."""
    counts = [f"{values[phase]} {phase}" for phase in Phase if values[phase] != "0"]
    told = ["  ".join(counts) or "nothing is watched"]
    if values["oldest"]:
        told.append(f"oldest {values['oldest']}")
    if values["age"]:
        told.append(f"{values['link']}, told {values['age']} ago")
    return ", ".join(told)
