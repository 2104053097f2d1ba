"""The downloads of a run: what the ledger remembers, what goes on, and what is told of each."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.theatre import until

from ecovai_tui.engine.downloader import What
from ecovai_tui.engine.downloads import Download, Downloads, DownloadState, Plan, Room, wishes_of
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import FileLedger, FileState
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask


class Desk:
    """A profile on a simulator with one finished song."""

    def __init__(self, environment: dict[str, str], faults: str = "", **options: object) -> None:
        self.now = 1_760_000_000.0
        chosen = Options(arrivals=False, population=0, faults=parse_faults(faults), **options)  # type: ignore[arg-type]
        self.simulator = Simulator(chosen, clock=lambda: self.now).start()
        self.simulator.submit(title="Harbour Lights")
        self.now += 400
        gateway = {"ECOVAI_BASE_URL": self.simulator.base_url, "ECOVAI_API_KEY": self.simulator.key}
        self.variables = environment | gateway
        self.session = self.open()
        clips = self.simulator._world.find(self.simulator.ids)[0].clips or ()
        self.task = Task(
            self.simulator.ids[0],
            Kind.MUSIC,
            Phase.DONE,
            "SUCCESS",
            clips=tuple(
                Clip(
                    clip.id,
                    Phase.DONE,
                    title="Harbour Lights",
                    duration=clip.duration,
                    audio_url=f"{self.simulator.base_url}/cdn1/{clip.id}.mp3",
                )
                for clip in clips
            ),
        )
        self.session.replica.record([self.task], self.now)

    def open(self) -> Session:
        """Open the profile, as at the next start."""
        paths = find_paths(self.variables)
        return open_session(load_settings(Flags(), self.variables, paths), paths)

    @property
    def plan(self) -> Plan:
        """How files are kept."""
        return Plan.of(self.session.settings)

    def wishes(self, *clips: str) -> list[object]:
        """Return what is wanted of the task."""
        return wishes_of(WatchedTask(TaskSummary(self.task.id)), self.task, self.plan, clips)  # type: ignore[return-value]

    def downloads(self, session: Session | None = None, **options: object) -> Downloads:
        """Return what fetches, by itself."""
        desk = session or self.session
        ask = desk.engine.ask_for
        return Downloads(desk.settings, desk.worker, clock=desk.clock, ask=ask, **options)  # type: ignore[arg-type]

    async def fetch(self, *clips: str, session: Session | None = None) -> list[Download]:
        """Fetch to the end."""
        desk = session or self.session
        downloads = self.downloads(desk, pauses=())
        begun = downloads.request(self.wishes(*clips), lasting=True)  # type: ignore[arg-type]
        await downloads.settle()
        return begun

    def entries(self, session: Session | None = None) -> dict[str, FileState]:
        """Return what the ledger says of each clip."""
        replica = (session or self.session).replica
        return {entry.clip: entry.state for entry in FileLedger(replica).of_tasks([self.task.id])}


def is_free(part: Path) -> bool:
    """Return whether no thread of a former run has the part any more."""
    with part.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


class OpenDesk:
    """Opens desks that are closed with the test."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.desks: list[Desk] = []

    def __call__(self, faults: str = "", **options: object) -> Desk:
        self.desks.append(Desk(self.environment, faults, **options))
        return self.desks[-1]


@pytest.fixture
def desk(environment: dict[str, str]) -> Iterator[OpenDesk]:
    opening = OpenDesk(environment)
    yield opening
    for each in opening.desks:
        each.session.close()
        each.simulator.stop()


async def test_saved_files_are_counted_and_known_again(desk: OpenDesk) -> None:
    there = desk()
    first = await there.fetch()
    assert [download.state for download in first] == [DownloadState.SAVED] * 2
    [watched] = there.session.replica.watched_tasks([there.task.id]).values()
    assert watched.files == 2
    asked = len(there.simulator.file_requests)
    again = await there.fetch()
    assert [download.saved and download.saved.already for download in again] == [True, True]
    assert len(there.simulator.file_requests) == asked


async def test_one_clip_alone_can_be_had(desk: OpenDesk) -> None:
    there = desk()
    [only] = await there.fetch(there.task.clips[1].id)
    assert only.saved is not None
    assert there.entries() == {there.task.clips[1].id: FileState.SAVED}


async def test_what_broke_off_goes_on_where_it_was(desk: OpenDesk) -> None:
    there = desk("file-cut=1-1")
    clip = there.task.clips[0].id
    [first] = await there.fetch(clip)
    assert (first.state, first.told) == (DownloadState.FAILED, "The connection to 127.0.0.1 broke off.")
    assert there.entries() == {clip: FileState.BEGUN}
    [second] = await there.fetch(clip)
    assert second.state is DownloadState.SAVED
    assert [record.status for record in there.simulator.file_requests] == [200, 206]


async def test_what_was_left_in_the_middle_is_wanted_at_the_next_start(desk: OpenDesk) -> None:
    there = desk(file_rate=200_000.0)
    downloads = there.downloads()
    [download] = downloads.request(there.wishes(there.task.clips[0].id), lasting=True)  # type: ignore[arg-type]
    await until(lambda: download.progress.done > 0)
    assert download.percent is not None
    downloads.stop()
    there.session.close()
    there.session = there.open()
    [entry] = FileLedger(there.session.replica).wanted()
    assert (entry.task, entry.clip, entry.what) == (there.task.id, there.task.clips[0].id, What.AUDIO)
    await until(lambda: is_free(download.wish.part))
    [again] = await there.fetch(there.task.clips[0].id)
    assert again.state is DownloadState.SAVED


async def test_the_same_wish_twice_is_one_download(desk: OpenDesk) -> None:
    there = desk()
    downloads = there.downloads()
    told: list[DownloadState] = []
    downloads.subscribe(lambda download: told.append(download.state))
    wishes = there.wishes(there.task.clips[0].id)
    [first], [second] = downloads.request(wishes), downloads.request(wishes)  # type: ignore[arg-type]
    assert first is second
    await downloads.settle()
    assert told == [DownloadState.RUNNING, DownloadState.SAVED]
    assert not downloads.under_way


async def test_an_address_that_has_run_out_is_asked_for_once(desk: OpenDesk) -> None:
    there = desk()
    old = f"{there.simulator.base_url}/cdn1/00000000-0000-0000-0000-000000000000.mp3"
    gone, expired = there.task.clips
    clips = (gone._replace(audio_url=old), expired._replace(audio_url=old, expires_at=1_750_000_000.0))
    there.session.replica.record([there.task._replace(clips=clips)], there.now)
    downloads = there.downloads(pauses=())
    begun = await downloads.keep({there.task.id: ()})
    await downloads.settle()
    assert [(download.state, download.told) for download in begun] == [(DownloadState.SAVED, "")] * 2
    assert len(there.simulator.requests) == 1
    assert [record.path for record in there.simulator.file_requests if "0000" in record.path] == [
        old.removeprefix(there.simulator.base_url)
    ]


async def test_what_no_new_address_helps_is_told(desk: OpenDesk) -> None:
    there = desk("file-forbidden")
    downloads = there.downloads(pauses=())
    begun = await downloads.keep({there.task.id: ()})
    await downloads.settle()
    assert {download.told.partition(":")[0] for download in begun} == {"The gateway offers no file for this clip"}
    assert len(there.simulator.requests) == 1


async def test_what_dies_soonest_is_fetched_first(desk: OpenDesk) -> None:
    opened = desk()
    address = opened.task.clips[0].audio_url
    for name, expires_at in {"stays": None, "later": opened.now + 9e9, "soon": opened.now + 8e9}.items():
        made = Clip(f"c-{name}", Phase.DONE, audio_url=address, expires_at=expires_at)
        opened.session.replica.record([Task(name, Kind.MUSIC, Phase.DONE, "SUCCESS", clips=(made,))], opened.now)
    downloads = opened.downloads()
    begun = await downloads.keep({"stays": (), "later": (), "soon": ()})
    assert [download.task for download in begun] == ["soon", "later", "stays"]
    downloads.stop()
    await downloads.settle()


async def test_what_dies_soonest_overtakes_what_waits_from_before(desk: OpenDesk) -> None:
    opened = desk(file_rate=10_000.0)
    address, moments = opened.task.clips[0].audio_url, {"first": None, "stays": None, "later": 9e9, "soon": 8e9}
    for name, left in moments.items():
        made = Clip(f"c-{name}", Phase.DONE, audio_url=address, expires_at=left and opened.now + left)
        opened.session.replica.record([Task(name, Kind.MUSIC, Phase.DONE, "SUCCESS", clips=(made,))], opened.now)
    downloads, order = opened.downloads(jobs=1), list[str]()
    begun = [download for name in moments for download in await downloads.keep({name: ()})]
    await until(lambda: len(FileLedger(opened.session.replica).wanted()) == len(moments))

    def let_go(download: Download) -> None:
        if download.state is DownloadState.RUNNING:
            order.append(download.task)
            download.progress.stop.set()

    downloads.subscribe(let_go)
    begun[0].progress.stop.set()
    await downloads.settle()
    assert order == ["soon", "later", "stays"]


async def test_who_stops_waiting_takes_nobodys_place() -> None:
    room, done = Room(1), list[str]()

    async def work(name: str, dies_at: float, stop: asyncio.Event) -> None:
        async with room.for_one(dies_at):
            await stop.wait()
            done.append(name)

    stop = asyncio.Event()
    holder, leaves, stays = (asyncio.ensure_future(work(*who, stop)) for who in (("a", 3.0), ("b", 1.0), ("c", 2.0)))
    await asyncio.sleep(0)
    leaves.cancel()
    stop.set()
    await asyncio.gather(holder, leaves, stays, return_exceptions=True)
    assert (done, leaves.cancelled()) == (["a", "c"], True)


def test_only_finished_clips_are_wanted() -> None:
    clips = (Clip("a", Phase.DONE), Clip("b", Phase.STREAMING), Clip("c", Phase.FAILED))
    task = Task("t", Kind.MUSIC, Phase.PARTIAL, clips=clips)
    wishes = wishes_of(
        WatchedTask(TaskSummary("t"), "rain"), task, Plan(what=(What.AUDIO, What.COVER), folder=Path("/x"))
    )
    assert [(wish.named.clip.id, wish.what) for wish in wishes] == [("a", What.AUDIO), ("a", What.COVER)]


def test_of_pictures_and_videos_the_thing_itself_is_wanted_by_the_title_of_its_task() -> None:
    clips = (Clip("p", Phase.DONE, kind=Kind.PICTURE), Clip("v", Phase.DONE, kind=Kind.VIDEO))
    task = Task("t", Kind.PICTURE, Phase.DONE, clips=clips, prompt="a lamp")
    wishes = wishes_of(WatchedTask(TaskSummary("t")), task, Plan(what=(What.AUDIO, What.COVER)))
    told = [(wish.named.clip.title, wish.what) for wish in wishes]
    assert told == [("a lamp", What.COVER), ("a lamp", What.VIDEO), ("a lamp", What.COVER)]
