"""``ecovai-tui status``: the counts by phase, from the disk alone, quick enough for a status line."""

from __future__ import annotations

import re
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ecovai_tui.commands.shared.cached_tasks import add_filter_option, known_report, read_filter, read_known
from ecovai_tui.commands.shared.command_line import UsageError, find_place
from ecovai_tui.commands.shared.output import ExitCode, write, write_json
from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.language import clauses, later, tr
from ecovai_tui.tasks.model import Phase, TaskSummary, elapsed
from ecovai_tui.tasks.times import coarse_duration, duration_in_words

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAMES = (*(phase.value for phase in Phase), "active", "final", "total", "oldest", "age", "link")
"""Every placeholder."""


def check_format(text: str) -> None:
    """Raise UsageError for a placeholder that does not exist."""
    for name in _PLACEHOLDER.findall(text):
        if name not in NAMES:
            known = " ".join(f"{{{each}}}" for each in NAMES)
            raise UsageError(tr("There is no placeholder {{{name}}}. Known are: {known}", name=name, known=known))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders filled."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def values_of(
    tasks: Sequence[TaskSummary], now: float, duration: Callable[[float], str] = coarse_duration
) -> dict[str, str]:
    """Return what stands for each placeholder; "" where nothing can be said. ``duration`` tells seconds."""
    counts = Counter(task.phase for task in tasks)
    active = [task for task in tasks if task.phase.active]
    longest = max((seconds for task in active if (seconds := elapsed(task, now)) is not None), default=None)
    seen_at = max((task.seen_at for task in tasks if task.seen_at is not None), default=None)
    return {
        **{phase.value: str(counts[phase]) for phase in Phase},
        "active": str(len(active)),
        "final": str(sum(task.phase.final for task in tasks)),
        "total": str(len(tasks)),
        "oldest": "" if longest is None else duration(longest),
        "age": "" if seen_at is None else duration(now - seen_at),
        "link": _link(active, now),
    }


def _link(active: Iterable[TaskSummary], now: float) -> str:
    tasks = list(active)
    if not tasks:
        return later("idle")
    return later("fresh") if any(_is_told(task, now) for task in tasks) else later("stale")


def _is_told(task: TaskSummary, now: float) -> bool:
    return task.seen_at is not None and not task.stale(now, interval_of(task, now))


EXAMPLES = later("""
examples:
  ecovai-tui status
  ecovai-tui status --format '{running}♪ {done}✓ {failed}✗ {oldest}'
  ecovai-tui status --filter 'label:album'

tmux, in ~/.tmux.conf:
  set -g status-right "#(ecovai-tui status --format '{running}♪ {failed}✗')"

placeholders:
  {waiting} {running} {streaming} {done} {partial} {failed} {missing} {unknown}
  {active} {final} {total}  sums; missing and unknown count in the total alone
  {oldest}                  how long the oldest active task has been under way
  {age}                     how long ago the gateway last told of anything
  {link}                    fresh, stale (tasks are active, and nobody asks),
                            or idle (there is nothing to ask for)
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=tr("print counts and tasks as JSON"))
    shape.add_argument("--format", metavar="TEXT", help=tr("print this text, its {placeholders} filled"))
    add_filter_option(parser)


def run(arguments: Namespace) -> ExitCode:
    """Print the counts."""
    if arguments.format is not None:
        check_format(arguments.format)
    query = read_filter(arguments)
    now = time.time()
    place = find_place(arguments)
    known = read_known(place, query)
    if arguments.json:
        write_json(known_report(known, place, now))
        return ExitCode.WELL
    tasks = [task.summary for task in known.tasks]
    if arguments.format is not None:
        write(fill(arguments.format, values_of(tasks, now)))
    else:
        write(_sentence(values_of(tasks, now, duration_in_words)))
    return ExitCode.WELL


def _sentence(values: dict[str, str]) -> str:
    """Return the counts that are not 0, and how the data stands."""
    counts = [tr("{n} {phase}", n=values[phase], phase=tr(phase)) for phase in Phase if values[phase] != "0"]
    told = ["  ".join(counts) or tr("nothing is watched")]
    if values["oldest"]:
        told.append(tr("oldest {age}", age=values["oldest"]))
    if values["age"]:
        told.append(tr("{link}, told {age} ago", link=tr(values["link"]), age=values["age"]))
    return clauses(*told)
