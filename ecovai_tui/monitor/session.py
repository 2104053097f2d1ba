"""Opening a profile: the watch list, the replica and the engine between them, wired once for every front end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from ecovai_tui.monitor.asker import Asker
from ecovai_tui.monitor.clock import Clock, SystemClock
from ecovai_tui.monitor.connection import Connection, Gateway
from ecovai_tui.monitor.leader import Leadership
from ecovai_tui.monitor.monitor import Monitor
from ecovai_tui.monitor.observer import Observer
from ecovai_tui.monitor.patience import Patience
from ecovai_tui.monitor.plan import Plan
from ecovai_tui.store.base_url import origin
from ecovai_tui.store.key import Secret
from ecovai_tui.store.obtain_key import obtain_key
from ecovai_tui.store.paths import Paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile


@dataclass(frozen=True, slots=True)
class Session:
    """One open profile."""

    settings: Settings
    watch_list: WatchListFile
    replica: Replica
    monitor: Monitor
    clock: Clock

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
    replica = Replica(paths.replica(settings.profile), origin(settings.base_url))
    watch_list = WatchListFile(settings.watchlist)
    asker = Asker(
        Connection(_gateway_opener(settings, key)),
        replica,
        clock,
        Patience(random or Random()),  # noqa: S311 jitter is no secret
        Plan(settings.interval),
        most_per_minute=settings.max_requests_per_minute,
    )
    monitor = Monitor(
        asker=asker,
        observer=Observer(None if ids else watch_list, replica, clock, ids=frozenset(ids)),
        leadership=Leadership(None if ids else paths.leader_lock(settings.profile)),
        clock=clock,
        may_ask=settings.has_key,
    )
    return Session(settings, watch_list, replica, monitor, clock)


def _gateway_opener(settings: Settings, key: Secret | None) -> Callable[[], Gateway]:
    """Return what opens the gateway: with the key at hand the first time, then with one obtained anew."""
    at_hand = [key] if key is not None else []

    def open_gateway() -> Gateway:
        from ecovai_tui.gateway import client  # noqa: PLC0415 slow to import

        secret = at_hand.pop() if at_hand else obtain_key(settings, interactive=False)
        return client.Gateway(client.Endpoint(settings.base_url, secret.reveal(), settings.ca_file))

    return open_gateway
