"""The demo: the monitor on a practice gateway, in a directory of its own, with nothing of the user's."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from ecovai_tui.commands.shared.command_line import find_key_rules
from ecovai_tui.commands.shared.run_settings import flags_of
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.simulator.options import Options
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import Paths
from ecovai_tui.store.settings import Settings, load_settings
from ecovai_tui.store.watchlist import WatchListFile

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
