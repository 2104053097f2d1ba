"""The demo: the monitor on a practice gateway, through the same doors as in earnest, with nothing of the user's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ecovai_tui.commands.asking import flags_of
from ecovai_tui.commands.demo_folder import demo_folder
from ecovai_tui.commands.place import find_key_rules
from ecovai_tui.monitor.session import open_session
from ecovai_tui.simulator import Options, Simulator
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.key import Secret
from ecovai_tui.store.paths import Paths
from ecovai_tui.store.settings import load_settings
from ecovai_tui.store.watchlist import WatchListFile

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from ecovai_tui.monitor.session import Session
    from ecovai_tui.store.settings import Settings

SPEED = 10.0
INTERVAL = 1.0
"""Seconds between two looks; the practice gateway minds neither this nor the number of requests."""

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

        with Simulator(Options(speed=SPEED), on_new_id=add) as simulator:
            watch_list.add(simulator.ids, now=time.time())
            session = open_session(_settings(arguments, paths, simulator, watch_list.path), theirs)
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
        ca_file=None,
    )
