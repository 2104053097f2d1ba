"""The downloads of one run: what is wanted, what is being fetched, and what the ledger remembers of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from heapq import heappop, heappush
from itertools import count
from math import inf
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.engine.downloader import DownloadError, Fetcher, Progress, Saved, Stopped, What, Wish, sweep
from ecovai_tui.engine.updates import Update
from ecovai_tui.engine.worker import Clock, ReplicaWorker, in_thread
from ecovai_tui.gateway.assets import AssetSource
from ecovai_tui.store.replica import FileEntry, FileLedger, FileState, Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.tags import TAGGED, clip_of
from ecovai_tui.tasks.file_names import Named
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, WatchedTask

JOBS = 2
"""Files that are fetched at once."""


class DownloadState(Enum):
    """How far a download is."""

    WAITING = auto()
    RUNNING = auto()
    SAVED = auto()
    FAILED = auto()
    STOPPED = auto()
    """It goes on where it is the next time."""


@dataclass(eq=False, slots=True)
class Download:
    """One file that is wanted, from the wish to the end."""

    wish: Wish
    state: DownloadState = DownloadState.WAITING
    progress: Progress = field(default_factory=Progress)
    saved: Saved | None = None
    told: str = ""
    """Why it was not kept."""

    @property
    def task(self) -> str:
        """The id of its task."""
        return self.wish.named.task

    @property
    def clip(self) -> str:
        """The id of its clip."""
        return self.wish.named.clip.id

    @property
    def title(self) -> str:
        """What people call it."""
        return self.wish.named.clip.title or self.task

    @property
    def done(self) -> int:
        """Bytes that have come."""
        return self.progress.done

    @property
    def total(self) -> int | None:
        """Bytes of the whole file, None while that is not known."""
        return self.progress.total

    @property
    def file(self) -> str:
        """The name of the file that was saved, "" while there is none."""
        return self.saved.path.name if self.saved else ""

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state not in {DownloadState.WAITING, DownloadState.RUNNING}

    @property
    def percent(self) -> int | None:
        """How much of it has come, None while that is not known."""
        return None if not self.total else min(100, 100 * self.done // self.total)


class Plan(NamedTuple):
    """How files are to be kept."""

    what: tuple[What, ...] = (What.AUDIO,)
    folder: Path = Path()
    template: str = ""
    artist: str = ""
    force: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Plan:
        """Return what the settings say."""
        return cls(folder=settings.download_dir, template=settings.download_name, artist=settings.artist)


def wishes_of(watched: WatchedTask, task: Task, plan: Plan, clips: Iterable[str] = ()) -> list[Wish]:
    """Return what is to be kept of a task's finished clips, or of those named alone."""
    chosen, made_at = frozenset(clips), task.submitted_at
    return [
        Wish(
            Named(clip if clip.title else clip._replace(title=task.title), number, task.id, watched.label, made_at),
            what,
            plan.folder,
            plan.template,
            force=plan.force,
            artist=plan.artist,
        )
        for number, clip in enumerate(task.clips, 1)
        for what in dict.fromkeys(_meant_of(clip, what) for what in plan.what)
        if clip.phase is Phase.DONE and (clip.id in chosen or not chosen)
    ]


def _meant_of(clip: Clip, what: What) -> What:
    """Return what is meant of a picture or a video by those who want a song's audio: the thing itself."""
    return {Kind.PICTURE: What.COVER, Kind.VIDEO: What.VIDEO}.get(clip.kind, what) if what is What.AUDIO else what


class Room:
    """Lets so many work at once; of those that wait, the one goes next whose address dies first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    @asynccontextmanager
    async def for_one(self, dies_at: float) -> AsyncIterator[None]:
        """Wait for a place, and have it to the end of a ``with``."""
        if self._free:
            self._free -= 1
        else:
            turn = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (dies_at, next(self._order), turn))
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self._pass_on()
                raise
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """Give a place to the next who still waits."""
        while self._waiting:
            *_, turn = heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


Listener = Callable[[Download], None]


class Downloads:
    """Fetches files beside the event loop, and calls its listener whenever the state of one changes.

    What is ``lasting`` goes on by itself at the next start. All methods belong to the event loop.
    """

    def __init__(
        self,
        settings: Settings,
        worker: ReplicaWorker,
        *,
        clock: Clock,
        ask: Callable[[str], Awaitable[None]],
        key_of: Callable[[], str] = lambda: "",
        jobs: int = JOBS,
        pauses: tuple[float, ...] | None = None,
    ) -> None:
        """``ask`` asks the gateway for a task, so that the replica knows addresses that work.

        ``key_of`` returns the key for a file that the gateway itself holds.
        """
        self._settings = settings
        self._worker = worker
        self._clock = clock
        self._ask = ask
        self._asked: dict[str, asyncio.Task[Task | None]] = {}
        """The tasks that were asked for to renew addresses, once each."""
        source = AssetSource(settings.base_url, settings.ca_file, key_of=key_of)
        options = {} if pauses is None else {"pauses": pauses}
        self._fetcher = Fetcher(source, begun=self._begun, **options)
        self._room = Room(jobs)
        self._listeners: list[Listener] = []
        self._running: set[asyncio.Task[object]] = set()
        self._loop = asyncio.get_running_loop()
        self._lasting: set[tuple[str, str]] = set()
        self.all: list[Download] = []
        """Every download of this run, oldest first."""

    def subscribe(self, listener: Listener) -> None:
        """Call the listener from now on."""
        self._listeners.append(listener)

    @property
    def under_way(self) -> list[Download]:
        """Those that are not over, in the order in which they were asked for."""
        return [download for download in self.all if not download.over]

    def request(self, wishes: Sequence[Wish], *, lasting: bool = False) -> list[Download]:
        """Begin to fetch files; one that is under way already is not begun a second time."""
        busy = {_key(download.wish): download for download in self.under_way}
        begun = []
        for wish in wishes:
            download = busy.get(_key(wish))
            if download is None:
                download = busy[_key(wish)] = Download(wish)
                self.all.append(download)
                if lasting:
                    self._lasting.add(_key(wish))
                self._begin(self._run(download))
            begun.append(download)
        return begun

    async def keep(self, clips: Mapping[str, Iterable[str]]) -> list[Download]:
        """Begin to fetch the files of tasks as the settings say, of all finished clips where none is named.

        Those whose addresses die soonest come first.
        """

        def read(replica: Replica) -> list[tuple[WatchedTask | None, Task | None]]:
            watched = replica.watched_tasks(clips)
            return [(watched.get(name), replica.task(name)) for name in clips]

        plan, found = Plan.of(self._settings), await self._worker.run(read)
        wishes = [
            wish
            for (watched, task), chosen in zip(found, clips.values(), strict=True)
            if watched is not None and task is not None
            for wish in wishes_of(watched, task, plan, chosen)
        ]
        return self.request(sorted(wishes, key=_dies_at), lasting=True)

    def keep_finished(self, update: Update) -> None:
        """Begin to fetch the files of what has just finished; a listener of the engine."""
        if update.finished:
            self._begin(self.keep(dict.fromkeys(update.finished, ())))

    async def settle(self) -> None:
        """Return when nothing is under way."""
        while self._running:
            await asyncio.wait(set(self._running))

    def stop(self) -> None:
        """Let go of everything that is under way, at once: nothing that is damaged stays, and parts are kept."""
        for download in self.under_way:
            download.progress.stop.set()
        for running in self._running:
            running.cancel()

    def _begin(self, work: Coroutine[None, None, object]) -> None:
        running = self._loop.create_task(work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    async def _run(self, download: Download) -> None:
        known = await self._worker.run(lambda replica: _known(replica, download.wish))
        if (
            known
            and not download.wish.force
            and known.state is FileState.SAVED
            and await in_thread(_is_there, known, download.wish)
        ):
            download.saved = Saved(Path(known.path), known.size, already=True)
            self._tell(download, DownloadState.SAVED)
            return
        wish = download.wish._replace(validator=known.validator) if known else download.wish
        if _key(wish) in self._lasting:
            await self._note(_entry(wish, FileState.WANTED))
        async with self._room.for_one(_dies_at(wish)):
            self._tell(download, DownloadState.RUNNING)
            await self._get(download, wish)

    async def _get(self, download: Download, wish: Wish) -> None:
        try:
            saved = await self._fetched(wish, download.progress)
        except Stopped:
            self._tell(download, DownloadState.STOPPED)
        except DownloadError as error:
            download.told = str(error)
            await self._note(_entry(wish, FileState.BEGUN, validator=download.progress.validator))
            self._tell(download, DownloadState.FAILED)
        else:
            download.saved = saved
            await self._note(_entry(wish, FileState.SAVED, path=str(saved.path), size=saved.size))
            self._tell(download, DownloadState.SAVED)

    async def _fetched(self, wish: Wish, progress: Progress) -> Saved:
        """Fetch a file, by a new address of it where its own has run out and the gateway tells another one."""
        expires_at = wish.named.clip.expires_at
        if expires_at is not None and expires_at <= self._clock.now():
            wish = await self._renewed(wish) or wish
        try:
            return await in_thread(self._fetcher.get, wish, progress)
        except DownloadError as error:
            renewed = await self._renewed(wish) if error.gone else None
            if renewed is None:
                raise
        return await in_thread(self._fetcher.get, renewed, progress)

    async def _renewed(self, wish: Wish) -> Wish | None:
        """Return the wish with the address that the gateway tells now; None where it is the same, or none."""
        task_id = wish.named.task
        if task_id not in self._asked:
            self._asked[task_id] = asyncio.ensure_future(self._asked_again(task_id))
        task = await asyncio.shield(self._asked[task_id])
        clip = next((clip for clip in task.clips if clip.id == wish.named.clip.id), None) if task else None
        renewed = wish._replace(named=wish.named._replace(clip=clip)) if clip else wish
        return renewed if renewed.url not in {"", wish.url} else None

    async def _asked_again(self, task_id: str) -> Task | None:
        await self._ask(task_id)
        return await self._worker.run(lambda replica: replica.task(task_id))

    def _begun(self, wish: Wish, validator: str) -> None:
        """Note by what the server knows the file; called in the thread of the download."""
        state = FileState.WANTED if _key(wish) in self._lasting else FileState.BEGUN
        noting = self._note(_entry(wish, state, validator=validator))
        if self._loop.is_closed():
            noting.close()
        else:
            asyncio.run_coroutine_threadsafe(noting, self._loop)

    async def _note(self, entry: FileEntry) -> None:
        await self._worker.run(lambda replica: FileLedger(replica).note(entry))

    def _tell(self, download: Download, state: DownloadState) -> None:
        download.state = state
        for listener in self._listeners:
            listener(download)


def _dies_at(wish: Wish) -> float:
    """Return when the address ceases to work; those that stay come last."""
    return inf if wish.named.clip.expires_at is None else wish.named.clip.expires_at


def _key(wish: Wish) -> tuple[str, str]:
    return wish.named.clip.id, wish.what.value


def _known(replica: Replica, wish: Wish) -> FileEntry | None:
    entries = FileLedger(replica).of_tasks([wish.named.task])
    return next((entry for entry in entries if (entry.clip, entry.what) == _key(wish)), None)


def _is_there(entry: FileEntry, wish: Wish) -> bool:
    """Return whether a file is where it was saved, unless it is to be fetched again all the same."""
    path = Path(entry.path)
    there = not wish.force and path.is_file() and (path.suffix[1:] not in TAGGED or clip_of(path) == entry.clip)
    if there:
        sweep(wish)
    return there


def _entry(wish: Wish, state: FileState, *, path: str = "", size: int = 0, validator: str = "") -> FileEntry:
    return FileEntry(wish.named.task, wish.named.clip.id, wish.what.value, state, path, size, validator)
