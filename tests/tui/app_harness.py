"""A session in memory, with a monitor that is turned by hand, and the app on it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from textual.pilot import Pilot

from ecovai_tui.engine.submitting import Submissions
from ecovai_tui.engine.updates import EngineState, Link, Update
from ecovai_tui.engine.worker import Clock, ReplicaWorker
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings_tables import QuietHours
from ecovai_tui.store.watchlist import Added, Undone, WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Downloads
from ecovai_tui.view.lines import Line

NOON = 1_716_206_400.0
"""2024-05-20 12:00:00 UTC."""


@dataclass
class HandClock:
    """A clock that stands still until it is turned."""

    time: float = NOON

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time - NOON

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        await event.wait()


@dataclass(frozen=True)
class FakeSettings:
    base_url: str = "https://gateway.example"
    profile: str | None = None
    config_file: Path = Path("/home/mira/.config/ecovai-tui/config.toml")
    keys: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)
    notify: str = "bell"
    readonly: bool = False
    auto_download: bool = False
    player: tuple[str, ...] = ()
    quiet_hours: QuietHours | None = None
    columns: tuple[str, ...] = ()


class HandEngine:
    """Stands where the monitor does; the test says what it finds out."""

    def __init__(self, replica: Replica, watch_list: WatchListFile, clock: Clock) -> None:
        self.replica, self._watch_list, self._clock = replica, watch_list, clock
        self.link, self.interval = Link(), 5.0
        self.refreshed: list[tuple[str, ...]] = []
        self.failure: Exception | None = None
        self.running = asyncio.Event()
        self.stopped = False
        self.other_files: tuple[Callable[[], object], Callable[[], None]] | None = None
        self.disk_answers = asyncio.Event()
        """Cleared while the disk keeps everyone waiting."""
        self.disk_answers.set()
        self.attended = True
        self.problem = replica.problem
        self._listeners: list[Callable[[Update], None]] = []

    def subscribe(self, listener: Callable[[Update], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def look_also(self, fingerprint: Callable[[], object], changed: Callable[[], None]) -> None:
        self.other_files = fingerprint, changed

    @property
    def pace(self) -> float:
        return self.interval if self.attended else 30.0

    def look_away(self) -> None:
        self.attended = False

    def look_back(self) -> None:
        self.attended = True

    async def run(self) -> None:
        self.running.set()
        try:
            if self.failure is not None:
                raise self.failure
            await asyncio.Event().wait()
        finally:
            self.stopped = True

    async def refresh(self, ids: Iterable[str] = ()) -> None:
        self.refreshed.append(tuple(ids))

    def pause(self) -> None:
        self.tell(Link(paused=True))

    def resume(self) -> None:
        self.tell(Link())

    def step_down(self) -> None:
        pass

    async def add(self, ids: Iterable[str], label: str = "") -> Added:
        added = self._watch_list.add(tuple(ids), label=label, now=self._clock.now())
        self.mirror()
        return added

    async def remove(self, ids: Iterable[str]) -> tuple[str, ...]:
        await self.disk_answers.wait()
        removed = self._watch_list.remove(tuple(ids), now=self._clock.now())
        self.mirror()
        return removed

    async def undo(self) -> Undone:
        undone = self._watch_list.undo_last(now=self._clock.now())
        self.mirror()
        return undone

    async def set_labels(self, ids: Iterable[str], label: str) -> None:
        await self.disk_answers.wait()
        self._watch_list.set_labels(ids, label, now=self._clock.now())
        self.mirror()

    def mirror(self) -> None:
        """Take the watch list's file into the replica and tell of it."""
        news = self.replica.mirror(self._watch_list.read(), self._clock.now())
        self.publish(added=news.added, removed=news.removed, changed=news.changed)

    def learn(self, *tasks: Task) -> None:
        """Have the gateway tell of tasks."""
        recorded = self.replica.record(tasks, self._clock.now())
        changed = frozenset(change.id for change in recorded.changes)
        self.publish(changes=recorded.changes, changed=changed, seen=recorded.seen)

    def tell(self, link: Link) -> None:
        """Have something happen to the link alone."""
        self.link = link
        self.publish()

    def publish(self, **news: object) -> None:
        named = {name for kind in ("changed", "seen", "added") for name in news.get(kind, ())}  # type: ignore[attr-defined]
        tasks = tuple(self.replica.watched_of(named)) if named else ()
        for listener in tuple(self._listeners):
            listener(Update(self.link, tasks=tasks, **news))  # type: ignore[arg-type]  # a test names what it means


@dataclass
class HandSession:
    """Everything that the app is given."""

    settings: FakeSettings
    watch_list: WatchListFile
    replica: Replica
    engine: HandEngine
    clock: HandClock
    submitting: bool = False
    submissions: Submissions | None = None
    files: Downloads | None = None

    @cached_property
    def worker(self) -> ReplicaWorker:
        return ReplicaWorker(self.replica)

    def start_hooks(self, report: Callable[[str], None]) -> None:
        pass

    async def run_command(self, command: str, ids: Iterable[str]) -> str:
        raise NotImplementedError

    @property
    def downloads(self) -> Downloads:
        assert self.files is not None, "nothing is kept here"
        return self.files

    @property
    def state(self) -> EngineState:
        return EngineState(self.engine.link, self.engine.pace, self.engine.problem)


MakeSession = Callable[..., HandSession]
MakeApp = Callable[..., MonitorApp]


def song(number: int, phase: Phase = Phase.DONE, *, title: str = "", clips: int = 2, **fields: object) -> Task:
    """Return a song submitted ``number`` minutes before noon; its clips are in the task's own phase."""
    name = title or f"Song {number}"
    made = tuple(
        Clip(
            id=f"clip-{number}-{place}",
            phase=phase,
            status="complete",
            title=name,
            model="chirp-v3",
            lyrics=f"[Verse]\nWords of song {number}, clip {place}",
            audio_url=f"https://cdn.example/{number}-{place}.mp3",
        )
        for place in range(clips)
    )
    known: dict[str, object] = {
        "id": f"task-{number}",
        "kind": Kind.MUSIC,
        "phase": phase,
        "status": "SUCCESS",
        "submitted_at": NOON - 60 * number,
        "finished_at": NOON - 60 * number + 50 if phase.final else None,
        "clips": made,
        "source": f'{{"task_id": "task-{number}", "status": "SUCCESS"}}',
    }
    return Task(**{**known, **fields})  # type: ignore[arg-type]


def words(number: int, text: str) -> Task:
    """Return a lyrics task."""
    return Task(f"words-{number}", Kind.LYRICS, Phase.DONE, submitted_at=NOON, lyrics=Lyrics("A title", text))


def plain(lines: Iterable[Line]) -> str:
    """Return lines as plain text."""
    return "\n".join(line.text for line in lines)


def said(app: MonitorApp) -> str:
    """Return what is said aloud at the moment."""
    return plain(app.main.toasts.lines)


def screen_text(app: MonitorApp) -> str:
    """Return what stands on the main screen, or on the dialog before it."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


LIMIT = 60.0
"""Seconds after which waiting for a condition is given up."""

LONGEST_PAUSE = 0.05
"""Seconds between two looks: to look at a screen is to draw it."""


async def until(pilot: Pilot[int], condition: Callable[[], bool], what: str = "it") -> None:
    """Wait for a condition."""
    deadline, pause = time.monotonic() + LIMIT, 0.005
    while time.monotonic() < deadline:
        await pilot.pause()
        if condition():
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    raise AssertionError(f"never came: {what}")
