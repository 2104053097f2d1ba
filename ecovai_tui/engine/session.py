"""Opening a profile: its settings, its replica, and the engine once somebody needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from ecovai_tui.engine.updates import EngineState, Link
from ecovai_tui.engine.worker import Clock, ReplicaWorker, SystemClock
from ecovai_tui.store.credentials import Secret, origin
from ecovai_tui.store.errors import SettingsError, StoreError
from ecovai_tui.store.files import Paths
from ecovai_tui.store.key_command import obtain_key
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from ecovai_tui.engine.downloads import Downloads
    from ecovai_tui.engine.engine import Engine
    from ecovai_tui.engine.hooks import Hooks
    from ecovai_tui.engine.poller import Gateway
    from ecovai_tui.engine.submitting import Submissions
    from ecovai_tui.store.watchlist import WatchListFile


def build_engine(
    settings: Settings,
    replica: Replica,
    worker: ReplicaWorker,
    clock: Clock,
    *,
    keyring: Keyring,
    receipts: Path,
    ids: frozenset[str] = frozenset(),
    known_row: int | None = None,
    random: Random | None = None,
    reads_quota: bool = False,
) -> Engine:
    """Return the engine of a profile, at rest; it reports first what the ledger holds behind the ``known_row``.

    ``ids`` are watched in place of the watch list; then the file of ``receipts`` is not looked at either.
    """
    from ecovai_tui.engine import disk_watcher, engine, poller  # noqa: PLC0415 later

    watch_list = _watch_list(settings)
    asking = poller.Poller(
        poller.Connection(_gateway_opener(settings, keyring)),
        worker,
        replica.lease(clock, settings.max_requests_per_minute, ids),
        clock,
        random or Random(),  # noqa: S311 jitter is no secret
        settings.interval,
    )
    found = None if ids else disk_watcher.of_profile(settings, receipts, watch_list)
    files = None if ids else watch_list
    return engine.Engine(
        poller=asking,
        disk_watcher=disk_watcher.DiskWatcher(files, clock, ids=ids, receipts=found, known_row=known_row),
        worker=worker,
        clock=clock,
        may_ask=settings.has_key,
        quota=poller.QuotaReader(asking) if reads_quota and settings.quota else None,
    )


def _watch_list(settings: Settings) -> WatchListFile:
    from ecovai_tui.store.watchlist import WatchListFile  # noqa: PLC0415 not needed for a first screen

    return WatchListFile(settings.watchlist)


class Keyring:
    """The key of a profile: at hand, or obtained when it is first needed, and again where it was refused."""

    def __init__(self, settings: Settings, key: Secret | None = None) -> None:
        self._settings = settings
        self._at_hand = key
        self._in_use: Secret | None = None

    def renewed(self) -> Secret:
        """Return the key at hand the first time, then one that is obtained again. Raises SettingsError.

        A key that cannot be obtained again, as where its command would have to ask for a passphrase, stays in use.
        """
        try:
            self._in_use = self._at_hand or obtain_key(self._settings, interactive=False)
        except SettingsError:
            if self._in_use is None:
                raise
        self._at_hand = None
        return self._in_use

    def in_use(self) -> Secret:
        """Return the key that was used last. Raises SettingsError."""
        return self._in_use or self.renewed()


def _gateway_opener(settings: Settings, keyring: Keyring) -> Callable[[], Gateway]:
    def open_gateway() -> Gateway:
        from ecovai_tui.gateway import client  # noqa: PLC0415 slow to import

        return client.Gateway(client.Endpoint(settings.base_url, keyring.renewed().reveal(), settings.ca_file))

    return open_gateway


LAST_WAIT = 0.5
"""Seconds that the replica has for what it is at; then the end of the process ends that."""


class Session:
    """One open profile; a first screen needs only what the replica knows, so the engine is made after it."""

    def __init__(
        self,
        settings: Settings,
        replica: Replica,
        clock: Clock,
        keyring: Keyring,
        *,
        make_engine: Callable[[ReplicaWorker], Engine],
        make_submissions: Callable[[], Submissions],
    ) -> None:
        self.settings = settings
        self.replica = replica
        self.clock = clock
        self._keyring = keyring
        self._make_engine = make_engine
        self._make_submissions = make_submissions
        self.hooks: Hooks | None = None
        """What runs the user's own programs, once they are to be run."""

    @cached_property
    def engine(self) -> Engine:
        """The engine, which runs as soon as somebody awaits its ``run``."""
        return self._make_engine(self.worker)

    @cached_property
    def worker(self) -> ReplicaWorker:
        """The thread that works with the replica once the engine runs; nobody else may touch it then."""
        return ReplicaWorker(self.replica)

    @cached_property
    def submissions(self) -> Submissions:
        """What is submitted with."""
        return self._make_submissions()

    @property
    def submitting(self) -> bool:
        """Whether the answer to a submission is awaited."""
        return "submissions" in self.__dict__ and self.submissions.under_way

    @cached_property
    def downloads(self) -> Downloads:
        """What fetches files beside what else is done; to be made on the event loop."""
        return self.new_downloads()

    def new_downloads(self, jobs: int | None = None) -> Downloads:
        """Return what fetches so many files at once; to be made on the event loop, once the hooks have begun."""
        from ecovai_tui.engine import downloads as engine  # noqa: PLC0415 only where something is to be kept

        downloads = engine.Downloads(
            self.settings,
            self.worker,
            clock=self.clock,
            ask=self.engine.ask_for,
            key_of=self._key,
            jobs=jobs or engine.JOBS,
        )
        if self.hooks is not None:
            downloads.subscribe(self.hooks.follow_download)
        return downloads

    def _key(self) -> str:
        """Return the key for a file that the gateway itself holds, "" where there is none."""
        with suppress(SettingsError):
            return self._keyring.in_use().reveal()
        return ""

    def start_hooks(self, report: Callable[[str], None]) -> None:
        """Run the user's hooks from now on, if there are any and this run may change something.

        ``report`` is told of those that fail; to be called on the event loop.
        """
        wanted = self.settings.hooks or self.settings.commands
        if wanted and self.hooks is None and not self.settings.readonly:
            from ecovai_tui.engine.hooks import Hooks  # noqa: PLC0415 most people have none

            self.hooks = Hooks(self.settings, self.worker, self.clock, report)
            self.engine.subscribe(self.hooks.follow)

    async def run_command(self, command: str, ids: Iterable[str]) -> str:
        """Run a command line of the user's once for each of the tasks, and return what was wrong with it, else "".

        Nothing is run before the hooks have begun.
        """
        return await self.hooks.run_command(command, ids) if self.hooks is not None else ""

    @cached_property
    def watch_list(self) -> WatchListFile:
        """The file of the watched ids."""
        return _watch_list(self.settings)

    def unsaved(self, seconds: float) -> str:
        """Return why the last change of the watch list came to nothing, waiting so many seconds at most; else ""."""
        return self.engine.unsaved(seconds) if "engine" in self.__dict__ else ""

    @property
    def state(self) -> EngineState:
        """How things stand with the engine; as long as there is none, it has heard nothing."""
        if "engine" in self.__dict__:
            return self.engine.state
        return EngineState(Link(read_only=not self.settings.has_key), self.settings.interval, self.replica.problem)

    def close(self) -> None:
        """Let go of the replica."""
        if "worker" not in self.__dict__ or self.worker.stop(LAST_WAIT):
            self.replica.close()


def open_session(
    settings: Settings,
    paths: Paths,
    *,
    key: Secret | None = None,
    ids: tuple[str, ...] = (),
    clock: Clock | None = None,
    random: Random | None = None,
    reads_quota: bool = False,
) -> Session:
    """Open a profile without sending a request; never fails for want of a file or a key.

    ``key`` is one that was obtained already, as before the terminal was taken over. ``ids`` are watched in place of
    the watch list. ``reads_quota`` is for front ends that show what is left to the key.
    """
    clock = clock or SystemClock()
    replica = Replica(paths.replica(settings.profile, settings.watchlist), origin(settings.base_url))
    known_row, keyring = _last_row(replica), Keyring(settings, key)

    def make_engine(worker: ReplicaWorker) -> Engine:
        return build_engine(
            settings,
            replica,
            worker,
            clock,
            keyring=keyring,
            receipts=paths.receipts,
            ids=frozenset(ids),
            known_row=known_row,
            random=random,
            reads_quota=reads_quota,
        )

    def make_submissions() -> Submissions:
        from ecovai_tui.engine import submitting  # noqa: PLC0415 needed only where something is submitted

        return submitting.Submissions(settings, paths, keyring.in_use, clock)

    return Session(settings, replica, clock, keyring, make_engine=make_engine, make_submissions=make_submissions)


def _last_row(replica: Replica) -> int | None:
    """Return up to which row of the ledger a front end may count on having read; None where another is in the way."""
    with suppress(StoreError):
        return replica.last_change()
    return None
