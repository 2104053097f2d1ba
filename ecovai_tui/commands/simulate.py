"""``ecovai-tui simulate``: serve a practice gateway until interrupted."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from itertools import chain
from queue import SimpleQueue
from textwrap import fill

from ecovai_tui.commands.shared.command_line import PROGRAM, UsageError
from ecovai_tui.commands.shared.output import ExitCode, say, write_now
from ecovai_tui.language import later, tr
from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.options import Options
from ecovai_tui.simulator.replies import FAULT_NAMES, parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.errors import words_of_system

_END = ""
"""Stands in the queue of new ids for their end."""


def _named(title: str, names: Iterable[str]) -> str:
    return fill(" ".join(names), 78, initial_indent=f"{title}: ", subsequent_indent="  ", break_on_hyphens=False)


EXAMPLES = later("""
examples:
  ecovai-tui simulate --speed 10
  ecovai-tui simulate --fault 429=0.2,502-html=0.1
  ecovai-tui simulate --fault cloudflare=1-4   (its first four requests)
  ecovai-tui simulate --port 8100 | ECOVAI_PROFILE=simulator \\
    ECOVAI_BASE_URL=http://127.0.0.1:8100 ECOVAI_API_KEY=any ecovai-tui add -

It listens on this machine alone. The ids of its tasks go to standard output,
one a line, as they come; its address, its key and a ready command line go to
standard error. ctrl+c ends it.
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    names = (_named(tr("dialects"), DIALECTS), _named(tr("faults"), FAULT_NAMES))
    parser.epilog = "\n".join([*names, "", parser.epilog or ""])
    parser.add_argument("--port", metavar="N", type=int, default=0, help=tr("listen here (default: any free port)"))
    parser.add_argument("--seed", metavar="N", type=int, default=1, help=tr("the same seed, the same tasks"))
    parser.add_argument("--speed", metavar="X", type=float, default=1.0, help=tr("how many times faster than real"))
    parser.add_argument("--dialect", metavar="NAME", default=Options().dialect, help=tr("whose replies to imitate"))
    parser.add_argument(
        "--fault", metavar="NAME[=RATE|=FROM-TO],...", default="", help=tr("how requests go wrong, and how often")
    )
    parser.add_argument("--tasks", metavar="N", type=int, default=20, help=tr("how many tasks there are at the start"))
    parser.add_argument("--no-arrivals", action="store_true", help=tr("let no new tasks come"))


def run(arguments: Namespace) -> ExitCode:
    """Serve until ctrl+c, SIGTERM or SIGHUP, each of which ends it well."""
    news: SimpleQueue[str] = SimpleQueue()
    simulator = _make(arguments, news.put)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: news.put(_END))
    try:
        simulator.start()
    except (OSError, OverflowError) as error:
        why = words_of_system(error) if isinstance(error, OSError) else error
        raise UsageError(tr("Port {port} cannot be used: {error}.", port=arguments.port, error=why)) from None
    try:
        _introduce(simulator)
        _print_ids(simulator.ids, news)
    finally:
        simulator.stop()
    return ExitCode.WELL


def _introduce(simulator: Simulator) -> None:
    say(
        tr(
            "A practice gateway listens on {base_url}; its key is {key}. ctrl+c ends it. To watch it:",
            base_url=simulator.base_url,
            key=simulator.key,
        )
    )
    variables = f"ECOVAI_PROFILE=simulator ECOVAI_BASE_URL={simulator.base_url} ECOVAI_API_KEY={simulator.key}"
    say(f"  {variables} {PROGRAM}")


def _print_ids(known: Iterable[str], news: SimpleQueue[str]) -> None:
    printed = set()
    for name in chain(known, iter(news.get, _END)):
        if name not in printed:
            printed.add(name)
            write_now(name)


def _make(arguments: Namespace, tell: Callable[[str], None]) -> Simulator:
    try:
        options = Options(
            seed=arguments.seed,
            speed=arguments.speed,
            dialect=arguments.dialect,
            faults=parse_faults(arguments.fault),
            arrivals=not arguments.no_arrivals,
            population=arguments.tasks,
        )
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    return Simulator(options, port=arguments.port, on_new_id=tell)
