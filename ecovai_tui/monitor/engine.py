"""The engine of a session, wired once for every front end."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ecovai_tui.monitor.asker import Asker
from ecovai_tui.monitor.clock import Clock
from ecovai_tui.monitor.connection import Connection, Gateway
from ecovai_tui.monitor.leader import Leadership
from ecovai_tui.monitor.monitor import Monitor
from ecovai_tui.monitor.observer import Observer
from ecovai_tui.monitor.patience import Patience
from ecovai_tui.monitor.plan import Plan
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.key import Secret
from ecovai_tui.store.obtain_key import obtain_key
from ecovai_tui.store.paths import Paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile


def make_monitor(
    settings: Settings,
    paths: Paths,
    replica: Replica,
    clock: Clock,
    *,
    key: Secret | None = None,
    ids: frozenset[str] = frozenset(),
    known_row: int | None = None,
    random: Random | None = None,
) -> Monitor:
    """Return the engine of a profile, at rest; it tells first of what the ledger holds behind the ``known_row``.

    ``ids`` are watched in place of the watch list; an engine with ids of its own asks for them itself, whoever leads.
    """
    lock = None if ids else paths.leader_lock(settings.profile, settings.watchlist, replica.origin)
    asker = Asker(
        Connection(_gateway_opener(settings, key)),
        replica,
        clock,
        Patience(random or Random()),  # noqa: S311 jitter is no secret
        Plan(settings.interval),
        most_per_minute=settings.max_requests_per_minute,
    )
    return Monitor(
        asker=asker,
        observer=Observer(
            None if ids else WatchListFile(settings.watchlist), replica, clock, ids=ids, known_row=known_row
        ),
        leadership=Leadership(lock),
        clock=clock,
        may_ask=settings.has_key,
    )


def _gateway_opener(settings: Settings, key: Secret | None) -> Callable[[], Gateway]:
    """Return what opens the gateway: with the key at hand the first time, then with one obtained anew.

    A key that cannot be obtained anew, as where its command would have to ask for a passphrase, stays in use.
    """
    at_hand = [key] if key is not None else []
    in_use: list[Secret] = []

    def open_gateway() -> Gateway:
        from ecovai_tui.gateway import client  # noqa: PLC0415 slow to import

        try:
            in_use[:] = [at_hand.pop() if at_hand else obtain_key(settings, interactive=False)]
        except SettingsError:
            if not in_use:
                raise
        (secret,) = in_use
        return client.Gateway(client.Endpoint(settings.base_url, secret.reveal(), settings.ca_file))

    return open_gateway
