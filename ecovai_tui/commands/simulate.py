"""``ecovai-tui simulate``: serve a practice gateway until interrupted; and the demo, which opens the monitor on one."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory, gettempdir
from textwrap import fill

from ecovai_tui.commands.shared.command_line import PROGRAM, UsageError, find_key_rules
from ecovai_tui.commands.shared.output import ExitCode, say, write_now
from ecovai_tui.commands.shared.run_settings import flags_of
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.language import later, tr
from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.replies import FAULT_NAMES, parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import StoreError, words_of_system
from ecovai_tui.store.files import Paths
from ecovai_tui.store.settings import Settings, load_settings
from ecovai_tui.store.watchlist import WatchListFile

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
        why = words_of_system(error) if isinstance(error, OSError) else tr("a port is a number from 0 to 65535")
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
        raise UsageError(tr('The practice gateway cannot be had like that: "{why}".', why=error)) from None
    return Simulator(options, port=arguments.port, on_new_id=tell)


PREFIX = "ecovai-tui-demo."


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Make a directory for as long as it is needed, and remove those of demos that were killed.

    It is locked while it is in use. The lock ends with the process, and outlasts its being suspended.
    """
    _remove_abandoned(Path(gettempdir()))
    made, lock = _made_and_locked()
    try:
        with made as name:
            yield Path(name)
    finally:
        os.close(lock)


def _made_and_locked() -> tuple[TemporaryDirectory[str], int]:
    """Return a directory and its lock; one that another demo is about to remove is given up for another one."""
    while True:
        made = TemporaryDirectory(prefix=PREFIX)
        lock = _lock_of(Path(made.name))
        if lock is not None:
            return made, lock
        made.cleanup()


def _lock_of(folder: Path) -> int | None:
    """Return the lock of a directory, None where somebody else has it or the directory is gone."""
    try:
        lock = _opened(folder)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    except OSError:
        return lock  # this file system knows no locks, so nobody removes anything here
    if folder.exists():
        return lock
    os.close(lock)
    return None


def _remove_abandoned(place: Path) -> None:
    """Remove our own directories of demos that do not run any more; whatever cannot be removed is left."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = _opened(folder)
            try:
                if os.fstat(lock).st_uid == os.getuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


SPEED = 10.0
INTERVAL = 1.0
"""Seconds between two looks; the practice gateway minds neither this nor the number of requests."""

FILE_RATE = 150_000.0
"""Bytes of a file that come in a second, so that a download can be watched."""

_HOUR = 3600 * SPEED
"""Simulated seconds that an hour takes."""

PICTURES_AND_VIDEOS = (
    ("openai-video", "video", 2.5 * _HOUR, "Paper lanterns drift over a canal at dusk, camera low over the water"),
    ("midjourney", "picture", 1.2 * _HOUR, "山茶花，水彩 --ar 3:4 --v 7"),
    ("midjourney", "needs-you", 0.6 * _HOUR, "木漏れ日の猫カフェ --v 7"),
    ("openai-video", "slow", 130, "A paper boat crosses a flooded street in the rain"),
    ("midjourney", "slow", 250, "吉卜力风格的雨夜车站 --ar 16:9 --v 7"),
)
"""What is among the songs: the family, the course, for how many simulated seconds it is under way, and its prompt."""

_REQUESTS_PER_MINUTE = 120
_NOT_FOR_THE_DEMO = frozenset({"ECOVAI_PROFILE", "ECOVAI_BASE_URL", "ECOVAI_API_KEY"})


@contextmanager
def opened_demo(arguments: Namespace, paths: Paths) -> Iterator[Session]:
    """Open a session on a practice gateway in a temporary directory; the user's look and keys are read."""
    with demo_folder() as folder:
        theirs = Paths(paths.config_dir, folder, folder)
        watch_list = WatchListFile(theirs.watchlist(None))

        def add(task_id: str) -> None:
            with suppress(StoreError):  # the directory goes away while the last task arrives
                watch_list.add([task_id], now=time.time())

        with Simulator(Options(speed=SPEED, file_rate=FILE_RATE), on_new_id=add) as simulator:
            for family, course, ago, prompt in PICTURES_AND_VIDEOS:
                simulator.order(family, course, ago=ago, prompt=prompt)
            watch_list.add(simulator.ids, now=time.time())
            session = open_session(_settings(arguments, paths, simulator, watch_list.path), theirs, reads_quota=True)
            try:
                yield session
            finally:
                session.close()


def _settings(arguments: Namespace, paths: Paths, simulator: Simulator, watch_list: Path) -> Settings:
    """Return the user's settings, turned towards the practice gateway."""
    flags = flags_of(arguments)._replace(profile=None, base_url=None, watchlist=watch_list)
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_THE_DEMO}
    theirs = load_settings(flags, environment, paths, find_key_rules)
    return theirs._replace(
        profile=None,
        base_url=simulator.base_url,
        api_key=Secret(simulator.key),
        api_key_command=(),
        interval=INTERVAL,
        max_requests_per_minute=_REQUESTS_PER_MINUTE,
        download_dir=watch_list.parent / "Music",
        auto_download=False,
        hooks=(),
        ca_file=None,
    )
