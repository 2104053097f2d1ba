"""One file of a clip: whole and tagged under its name, or not there; and a sentence for whatever goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from mutagen.id3 import ID3

from ecovai_tui.engine.downloader import DownloadError, Fetcher, Progress, Saved, Stopped, What, Wish
from ecovai_tui.gateway.assets import AssetSource
from ecovai_tui.simulator.cdn import FRAME, mp3
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.media_check import check
from ecovai_tui.store.tags import clip_of
from ecovai_tui.tasks.file_names import DEFAULT_TEMPLATE, Named
from ecovai_tui.tasks.model import Clip, Phase

LONG_AGO = 400.0


class Studio:
    """A simulator with one finished song, and what fetches its files."""

    def __init__(self, folder: Path, faults: str = "", **options: object) -> None:
        self.now = 1_760_000_000.0
        chosen = Options(arrivals=False, population=0, faults=parse_faults(faults), slow_seconds=0.0, **options)
        self.simulator = Simulator(chosen, clock=lambda: self.now)
        self.folder = folder
        self.simulator.submit(title="Harbour Lights")
        self.now += LONG_AGO
        task = self.simulator._world.find(self.simulator.ids)[0]
        self.clip_ids = [clip.id for clip in task.clips or ()]
        self.seconds = [clip.duration for clip in task.clips or ()]

    def clip(self, number: int = 0, ending: str = "mp3", **fields: object) -> Clip:
        """Return a clip as a gateway tells it."""
        base, name = self.simulator.base_url, self.clip_ids[number]
        known = {
            "title": "Harbour Lights", "tags": "sea shanty", "duration": self.seconds[number], "lyrics": "la la",
            "description": "a lamp", "audio_url": f"{base}/cdn1/{name}.{ending}",
            "video_url": f"{base}/cdn1/{name}.mp4", "image_url": f"{base}/cdn2/image_{name}.jpeg",
        } | fields  # fmt: skip
        return Clip(name, Phase.DONE, "complete", **known)  # type: ignore[arg-type]

    def wish(self, clip: Clip | None = None, what: What = What.AUDIO, **fields: object) -> Wish:
        """Return what is wanted of a clip."""
        named = Named(clip or self.clip(), made_at=1_716_191_749.0)
        return Wish(named, what, self.folder, DEFAULT_TEMPLATE, **fields)  # type: ignore[arg-type]

    def get(self, wish: Wish, progress: Progress | None = None) -> Saved:
        """Keep a file; no pause between two tries."""
        source = AssetSource(self.simulator.base_url, version="1", idle=2.0)
        return Fetcher(source, pauses=(0.0, 0.0)).get(wish, progress or Progress())

    @property
    def files(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []


class OpenStudio:
    """Opens studios that are closed with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Studio] = []

    def __call__(self, faults: str = "", **options: object) -> Studio:
        studio = Studio(self.folder, faults, **options)
        self.opened.append(studio)
        studio.simulator.start()
        return studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[OpenStudio]:
    opening = OpenStudio(tmp_path / "Music")
    yield opening
    for opened in opening.opened:
        opened.simulator.stop()


def test_a_song_is_kept_whole_and_tagged_under_its_name(studio: OpenStudio) -> None:
    opened = studio()
    saved = opened.get(opened.wish(artist="Mira"))
    assert saved.path == opened.folder / f"Harbour Lights-{opened.clip_ids[0][:8]}.mp3"
    assert opened.files == [saved.path.name]
    assert check(saved.path, frozenset({"mp3"}), opened.seconds[0]).ending == "mp3"
    tags = ID3(saved.path)
    told = {name: str(tags[name]) for name in ("TIT2", "TPE1", "TCON", "TDRC", "USLT::eng", "COMM:prompt:eng")}
    assert told == {
        "TIT2": "Harbour Lights", "TPE1": "Mira", "TCON": "sea shanty", "TDRC": "2024",
        "USLT::eng": "la la", "COMM:prompt:eng": "a lamp",
    }  # fmt: skip
    assert tags["APIC:Cover"].data.startswith(b"\xff\xd8\xff")
    assert clip_of(saved.path) == opened.clip_ids[0]


@pytest.mark.parametrize("ending", ["m4a", "wav", "mp4"])
def test_other_kinds_of_music_are_kept_and_tagged_too(ending: str, studio: OpenStudio) -> None:
    opened = studio()
    saved = opened.get(opened.wish(opened.clip(ending=ending)))
    assert (saved.path.suffix, clip_of(saved.path)) == (f".{ending}", opened.clip_ids[0])
    assert check(saved.path, frozenset({ending}), opened.seconds[0]).ending == ending


def test_covers_films_words_and_what_is_known_are_kept_on_request(studio: OpenStudio) -> None:
    opened = studio()
    kept = [opened.get(opened.wish(what=what)).path for what in (What.COVER, What.VIDEO, What.LYRICS, What.JSON)]
    assert [path.suffix for path in kept] == [".jpeg", ".mp4", ".txt", ".json"]
    assert kept[2].read_text() == "Harbour Lights\n\nla la\n"
    assert opened.files == sorted(path.name for path in kept)


def test_both_clips_of_a_task_are_kept(studio: OpenStudio) -> None:
    opened = studio()
    first, second = (opened.get(opened.wish(opened.clip(number))) for number in (0, 1))
    assert opened.files == sorted([first.path.name, second.path.name])


def test_what_is_there_is_not_fetched_again_unless_it_is_forced(studio: OpenStudio) -> None:
    opened = studio()
    first = opened.get(opened.wish())
    asked = len(opened.simulator.file_requests)
    assert opened.get(opened.wish()) == first._replace(already=True)
    assert len(opened.simulator.file_requests) == asked
    assert opened.get(opened.wish(force=True)) == first
    assert len(opened.simulator.file_requests) > asked
    assert opened.files == [first.path.name]


def test_a_file_of_somebody_else_is_left_alone(studio: OpenStudio) -> None:
    opened = studio()
    opened.folder.mkdir()
    theirs = opened.folder / f"Harbour Lights-{opened.clip_ids[0][:8]}.mp3"
    theirs.write_bytes(b"mine")
    saved = opened.get(opened.wish(force=True))
    assert theirs.read_bytes() == b"mine"
    assert saved.path.name == f"Harbour Lights-{opened.clip_ids[0]}.mp3"


NOT_KEPT = {
    "file-html200": "A web page or a message came in place of the file, so it was not kept.",
    "file-empty": "The server sent an empty file, so it was not kept.",
    "file-forbidden": "The gateway offers no file for this clip: its server refuses it (403), as where a song is not "
    "unlocked.",
    "file-none-mp3": "The gateway offers no file for this clip: its address leads nowhere (None.mp3).",
    "file-encrypted": "The gateway offers no file for this clip that can be played: what came is encrypted, or of a "
    "kind that nobody knows.",
    "file-wrong-length": "The file is not whole: its last frame is cut. It was not kept.",
    "file-cut": "The connection to 127.0.0.1 broke off.",
    "file-500": "The server of the file has trouble of its own (500).",
}
TRIED_AGAIN = {"file-empty": 3, "file-wrong-length": 3, "file-500": 3, "file-cut": 3}


@pytest.mark.parametrize("fault", NOT_KEPT)
def test_what_is_no_whole_song_is_not_kept_and_told(fault: str, studio: OpenStudio) -> None:
    opened = studio(f"{fault}" if fault != "file-cut" else "file-cut,file-no-range")
    with pytest.raises(DownloadError) as raised:
        opened.get(opened.wish())
    assert str(raised.value) == NOT_KEPT[fault]
    assert not [name for name in opened.files if not name.endswith(".part")]
    songs = [record for record in opened.simulator.file_requests if "image" not in record.path]
    assert len(songs) == TRIED_AGAIN.get(fault, 1)


@pytest.mark.parametrize("fault", ["file-slow", "file-no-range", "file-cut=1-1", "file-500=1-2", "file-empty=1-1"])
def test_what_goes_wrong_once_is_gone_on_with(fault: str, studio: OpenStudio) -> None:
    opened = studio(fault)
    saved = opened.get(opened.wish())
    assert opened.files == [saved.path.name]
    assert check(saved.path, frozenset({"mp3"}), opened.seconds[0])


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "The gateway offers no file for this clip: it has no address."),
        ("/api/forbidden", "The gateway offers no file for this clip: the song is not unlocked for downloads."),
        ("/cdn1/None.mp3", "The gateway offers no file for this clip: its address leads nowhere (None.mp3)."),
        ("ftp://x/a.mp3", "The gateway offers no file for this clip: its address is no web address."),
        ("http://127.0.0.1:1/a.mp3", "Nothing accepts connections at 127.0.0.1."),
    ],
)
def test_an_address_that_leads_nowhere_is_told(address: str, sentence: str, studio: OpenStudio) -> None:
    opened = studio()
    url = opened.simulator.base_url + address if address.startswith("/") else address
    with pytest.raises(DownloadError) as raised:
        opened.get(opened.wish(opened.clip(audio_url=url)))
    assert str(raised.value) == sentence
    assert opened.files == []


def test_a_song_of_another_length_is_not_kept(studio: OpenStudio) -> None:
    opened = studio()
    with pytest.raises(DownloadError, match="s long, but the clip 1000 s"):
        opened.get(opened.wish(opened.clip(duration=1000.0)))


def test_an_interrupted_download_goes_on_where_it_was(studio: OpenStudio) -> None:
    opened = studio("file-cut=1-1")
    progress = Progress()
    source = AssetSource(opened.simulator.base_url, version="1")
    with pytest.raises(DownloadError):
        Fetcher(source, pauses=()).get(opened.wish(), progress)
    half = progress.done
    saved = opened.get(opened.wish(validator=progress.validator))
    rest = next(record for record in opened.simulator.file_requests if record.status == 206)
    assert half > 0
    assert rest.headers["range"] == f"bytes={half}-"
    assert saved.path.read_bytes().endswith(mp3(opened.seconds[0]).whole())
    assert str(ID3(saved.path)["TIT2"]) == "Harbour Lights"


def test_a_file_that_has_changed_meanwhile_is_fetched_from_its_beginning(studio: OpenStudio) -> None:
    opened = studio()
    opened.folder.mkdir()
    opened.wish().part.write_bytes(FRAME * 7)
    saved = opened.get(opened.wish(validator='"another"'))
    assert check(saved.path, frozenset({"mp3"}), opened.seconds[0])


def test_a_part_that_nobody_knows_is_not_gone_on_with(studio: OpenStudio) -> None:
    opened = studio()
    opened.folder.mkdir()
    opened.wish().part.write_bytes(b"rubbish")
    assert check(opened.get(opened.wish()).path, frozenset({"mp3"}), opened.seconds[0])


def test_who_comes_second_waits_for_the_file_of_the_first(studio: OpenStudio) -> None:
    opened = studio(file_rate=200_000.0)
    progress = Progress()
    first = threading.Thread(target=lambda: opened.get(opened.wish(), progress))
    first.start()
    while not progress.done:
        threading.Event().wait(0.01)
    assert opened.get(opened.wish()).already
    first.join()
    assert len(opened.files) == 1


def test_one_who_is_told_to_stop_leaves_a_part(studio: OpenStudio) -> None:
    opened = studio(file_rate=200_000.0)
    progress = Progress()
    progress.stop.set()
    with pytest.raises(Stopped):
        opened.get(opened.wish(), progress)
    assert opened.files == [opened.wish().part.name]


def test_a_folder_in_whose_place_is_a_file_is_told(studio: OpenStudio) -> None:
    opened = studio()
    opened.folder.write_text("a file")
    with pytest.raises(DownloadError, match=r"Cannot save .*Music: there is a file in the place of a directory"):
        opened.get(opened.wish())


def test_a_folder_that_vanishes_is_told(studio: OpenStudio) -> None:
    opened = studio(file_rate=200_000.0)
    progress = Progress()
    told: list[str] = []

    def get() -> None:
        try:
            opened.get(opened.wish(), progress)
        except DownloadError as error:
            told.append(str(error))

    thread = threading.Thread(target=get)
    thread.start()
    while not progress.done:
        threading.Event().wait(0.01)
    opened.wish().part.unlink()
    opened.folder.rmdir()
    thread.join()
    assert ["does not exist (any more)" in text for text in told] == [True]


@pytest.mark.parametrize("gateway", ["https://gateway.example", "http://8.8.8.8"])
def test_a_private_address_is_asked_only_by_a_private_gateway(gateway: str, studio: OpenStudio) -> None:
    opened = studio()
    source = AssetSource(gateway, version="1")
    with pytest.raises(DownloadError, match=r"leads into a private network \(127.0.0.1\), so it was not asked"):
        Fetcher(source, pauses=()).get(opened.wish(), Progress())
    assert opened.simulator.file_requests == ()


def test_a_way_into_a_private_network_is_not_followed(studio: OpenStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = studio("file-redirect-private")
    monkeypatch.setenv("http_proxy", opened.simulator.base_url)
    source = AssetSource("https://gateway.example", version="1")
    clip = opened.clip(audio_url=f"http://cdn.example/cdn1/{opened.clip_ids[0]}.mp3")
    with pytest.raises(DownloadError, match=r"leads into a private network \(10.255.255.1\), so it was not asked"):
        Fetcher(source, pauses=()).get(opened.wish(clip), Progress())
    assert len(opened.simulator.file_requests) == 1
