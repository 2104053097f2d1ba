"""Opening a profile: its settings, its replica, and the engine once somebody needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ecovai_tui.monitor.clock import Clock, SystemClock
from ecovai_tui.monitor.update import Link, Role, Standing
from ecovai_tui.store.base_url import origin
from ecovai_tui.store.replica import Replica, ReplicaBusy

if TYPE_CHECKING:
    from random import Random

    from ecovai_tui.monitor.monitor import Monitor
    from ecovai_tui.store.key import Secret
    from ecovai_tui.store.paths import Paths
    from ecovai_tui.store.settings import Settings
    from ecovai_tui.store.watchlist import WatchListFile


class Session:
    """One open profile; a first screen needs only what the replica knows, so the engine is made after it."""

    def __init__(self, settings: Settings, replica: Replica, clock: Clock, make_monitor: Callable[[], Monitor]) -> None:
        self.settings = settings
        self.replica = replica
        self.clock = clock
        self._make_monitor = make_monitor

    @cached_property
    def monitor(self) -> Monitor:
        """The engine, which runs as soon as somebody awaits its ``run``."""
        return self._make_monitor()

    @cached_property
    def watch_list(self) -> WatchListFile:
        """The file of the watched ids."""
        from ecovai_tui.store.watchlist import WatchListFile  # noqa: PLC0415 not needed for a first screen

        return WatchListFile(self.settings.watchlist)

    def unsaved(self, seconds: float) -> str:
        """Return why the last change of the watch list came to nothing, waiting so many seconds at most; else ""."""
        return self.monitor.unsaved(seconds) if "monitor" in self.__dict__ else ""

    @property
    def standing(self) -> Standing:
        """How things stand with the engine; as long as there is none, it has heard nothing and leads nobody."""
        if "monitor" in self.__dict__:
            return self.monitor.standing
        role = Role.FOLLOWING if self.settings.has_key else Role.READ_ONLY
        return Standing(Link(), role, self.settings.interval, self.replica.problem)

    def close(self) -> None:
        """Let go of the replica."""
        self.replica.close()


def open_session(
    settings: Settings,
    paths: Paths,
    *,
    key: Secret | None = None,
    ids: tuple[str, ...] = (),
    clock: Clock | None = None,
    random: Random | None = None,
) -> Session:
    """Open a profile without sending a request; never fails for want of a file or a key.

    ``key`` is one that was obtained already, as before the terminal was taken over. ``ids`` are watched in place of
    the watch list; a session of its own ids asks for them itself, whoever leads.
    """
    clock = clock or SystemClock()
    replica = Replica(paths.replica(settings.profile, settings.watchlist), origin(settings.base_url))
    known_row = _last_row(replica)

    def make_monitor() -> Monitor:
        from ecovai_tui.monitor import engine  # noqa: PLC0415 not needed for a first screen

        return engine.make_monitor(
            settings, paths, replica, clock, key=key, ids=frozenset(ids), known_row=known_row, random=random
        )

    return Session(settings, replica, clock, make_monitor)


def _last_row(replica: Replica) -> int | None:
    """Return up to which row of the ledger a front end may count on having read; None where another is in the way."""
    try:
        return replica.last_change()
    except ReplicaBusy:
        return None
