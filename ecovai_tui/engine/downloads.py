"""The downloads of one run: what is wanted, what is being fetched, and what the ledger remembers of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.engine.clock import in_thread
from ecovai_tui.engine.downloader import DownloadError, Fetcher, Progress, Saved, Stopped, What, Wish, sweep
from ecovai_tui.engine.worker import ReplicaWorker
from ecovai_tui.gateway.assets import AssetSource
from ecovai_tui.store.file_ledger import FileEntry, FileLedger, FileState
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.tags import TAGGED, clip_of
from ecovai_tui.tasks.file_names import Named
from ecovai_tui.tasks.model import Phase, Task, WatchedTask

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
    chosen = frozenset(clips)
    return [
        Wish(
            Named(clip, number, task.id, watched.label, task.submitted_at),
            what,
            plan.folder,
            plan.template,
            force=plan.force,
            artist=plan.artist,
        )
        for number, clip in enumerate(task.clips, 1)
        for what in plan.what
        if clip.phase is Phase.DONE and (clip.id in chosen or not chosen)
    ]


Listener = Callable[[Download], None]


class Downloads:
    """Fetches files beside the event loop, and calls its listener whenever the state of one changes.

    What is ``lasting`` goes on by itself at the next start. All methods belong to the event loop.
    """

    def __init__(
        self, settings: Settings, worker: ReplicaWorker, *, jobs: int = JOBS, pauses: tuple[float, ...] | None = None
    ) -> None:
        self._settings = settings
        self._worker = worker
        source = AssetSource(settings.base_url, settings.ca_file)
        options = {} if pauses is None else {"pauses": pauses}
        self._fetcher = Fetcher(source, begun=self._begun, **options)
        self._room = asyncio.Semaphore(jobs)
        self._listeners: list[Listener] = []
        self._running: set[asyncio.Task[None]] = set()
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
                running = self._loop.create_task(self._run(download))
                self._running.add(running)
                running.add_done_callback(self._running.discard)
            begun.append(download)
        return begun

    def keep(self, watched: WatchedTask, task: Task, clips: Iterable[str] = ()) -> list[Download]:
        """Begin to fetch the music of a task's finished clips, or of those named, as the settings say."""
        return self.request(wishes_of(watched, task, Plan.of(self._settings), clips), lasting=True)

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
        async with self._room:
            self._tell(download, DownloadState.RUNNING)
            await self._get(download, wish)

    async def _get(self, download: Download, wish: Wish) -> None:
        try:
            saved = await in_thread(self._fetcher.get, wish, download.progress)
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
