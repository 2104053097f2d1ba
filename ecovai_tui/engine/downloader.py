"""Getting one file of a clip: fetched beside its place, checked, tagged, and only then given its name."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

from ecovai_tui.gateway.assets import LARGEST, TOO_LARGE, AssetError, AssetSource, Resumption
from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import shown_path, store_error
from ecovai_tui.store.files import sync_directory
from ecovai_tui.store.media_check import FrameWalk, UnfitError, begins_frames, check
from ecovai_tui.store.tags import TAGGED, TagError, Tags, clip_of, reserve, reserved, write_tags
from ecovai_tui.tasks.file_names import Named, file_name
from ecovai_tui.tasks.task_json import clip_document

PAUSES = (1.0, 4.0)
"""Seconds between one try and the next."""

BUSY = 1.0
"""Seconds between two looks at a file that another process is fetching."""

LARGEST_COVER = 8 << 20


class What(StrEnum):
    """What can be kept of a clip."""

    AUDIO = "audio"
    COVER = "cover"
    LYRICS = "lyrics"
    VIDEO = "video"
    JSON = "json"


ENDINGS = {
    What.AUDIO: frozenset({"mp3", "m4a", "mp4", "wav", "ogg"}),
    What.VIDEO: frozenset({"mp4"}),
    What.COVER: frozenset({"jpeg", "png", "webp"}),
}
"""As what the files of each kind may turn out."""


class DownloadError(Exception):
    """A file was not kept; the text says why, in a sentence for people. Nothing stands under its name."""

    def __init__(self, text: str, *, gone: bool = False) -> None:
        """``gone`` says that the address may have run out."""
        super().__init__(text)
        self.gone = gone


class Stopped(Exception):  # noqa: N818 - not a fault
    """The download was told to end; it goes on from there the next time."""


class _BusyError(Exception):
    """Another process fetches the file."""


class Wish(NamedTuple):
    """A file that is wanted."""

    named: Named
    what: What
    folder: Path
    template: str
    force: bool = False
    """Fetch it although it is there."""
    artist: str = ""
    validator: str = ""
    """By what the server knew the file of which a part is there already."""

    @property
    def url(self) -> str:
        """Where it is; "" for what is written from what is known."""
        clip = self.named.clip
        return {What.AUDIO: clip.audio_url, What.COVER: clip.image_url, What.VIDEO: clip.video_url}.get(self.what, "")

    @property
    def part(self) -> Path:
        """Where it grows."""
        return self.folder / file_name(self.named, f"{self.what}.part", "{clip}", whole_id=True)


class Saved(NamedTuple):
    """A file that is kept."""

    path: Path
    size: int
    already: bool = False
    """It was there before."""


@dataclass(slots=True)
class Progress:
    """How far a download is, for those who look at it from another thread."""

    done: int = 0
    total: int | None = None
    """Bytes of the whole file; None where the server does not tell."""
    validator: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def rest(self, seconds: float) -> None:
        """Wait; raises Stopped when it is to end meanwhile."""
        if self.stop.wait(seconds):
            raise Stopped


class Fetcher:
    """Gets files, one in each thread that calls."""

    def __init__(
        self,
        source: AssetSource,
        *,
        pauses: tuple[float, ...] = PAUSES,
        begun: Callable[[Wish, str], None] = lambda _wish, _validator: None,
    ) -> None:
        """``begun`` is told by what the server knows a file, so that it can be gone on with after a kill."""
        self._source = source
        self._pauses = pauses
        self._begun = begun
        self._clips: dict[Path, dict[str, Path]] = {}
        """By folder, of which clip the files there are by their own tags."""
        self._looking = threading.Lock()

    def get(self, wish: Wish, progress: Progress) -> Saved:
        """Keep a file, and return where it is. Raises DownloadError and Stopped."""
        try:
            wish.folder.mkdir(parents=True, exist_ok=True)
            while True:
                if not wish.force and (known := _kept(wish) or self._renamed(wish)):
                    sweep(wish)
                    return Saved(known, known.stat().st_size, already=True)
                try:
                    return self._fetch(wish, progress) if wish.what in ENDINGS else _write(wish)
                except _BusyError:
                    progress.rest(BUSY)
        except OSError as error:
            raise DownloadError(str(store_error("save", wish.folder, error))) from None

    def _renamed(self, wish: Wish) -> Path | None:
        """Return the music of a clip in the folder, under whatever name."""
        if wish.what is not What.AUDIO:
            return None
        with self._looking:
            if wish.folder not in self._clips:
                music = (path for path in wish.folder.iterdir() if path.suffix[1:] in ENDINGS[What.AUDIO])
                self._clips[wish.folder] = {clip_of(path): path for path in music}
        found = self._clips[wish.folder].get(wish.named.clip.id)
        return found if found is not None and found.is_file() else None

    def _fetch(self, wish: Wish, progress: Progress) -> Saved:
        if not wish.url:
            raise DownloadError(tr("The gateway offers no file for this clip: it has no address."))
        tags = cache(lambda: _tags_of(wish, self._cover(wish)))
        with _locked_part(wish.part) as part:
            if not wish.force and (known := _kept(wish)):
                _give_up(wish.part, part)
                return Saved(known, known.stat().st_size, already=True)
            tries = 0
            while True:
                try:
                    walk = self._receive(wish, part, progress, tags)
                    seconds = wish.named.clip.duration if wish.what is What.AUDIO else None
                    media = check(wish.part, ENDINGS[wish.what], seconds, walk)
                    return _finish(wish, part, media.ending, tags)
                except (AssetError, UnfitError) as error:
                    if isinstance(error, UnfitError) or error.from_start:
                        part.truncate(0)
                    if not error.again or tries == len(self._pauses):
                        _give_up(wish.part, part)
                        raise DownloadError(str(error), gone=isinstance(error, AssetError) and error.gone) from None
                progress.rest(self._pauses[tries])
                tries += 1

    def _receive(self, wish: Wish, part: IO[bytes], progress: Progress, tags: Callable[[], Tags]) -> FrameWalk | None:
        """Let the part grow until all has come; returns how far its frames were looked at meanwhile."""
        room, walk = reserved(part), None
        there = Resumption(max(0, part.seek(0, os.SEEK_END) - room), progress.validator or wish.validator)
        with self._source.open(wish.url, there) as asset:
            progress.total, progress.done, progress.validator = asset.total, asset.offset, asset.validator
            part.seek(room + asset.offset if asset.offset else 0)
            part.truncate()
            self._begun(wish, asset.validator)
            for chunk in asset.chunks:
                if progress.stop.is_set():
                    raise Stopped
                if not progress.done and wish.what is What.AUDIO and begins_frames(chunk):
                    walk = FrameWalk(reserve(part, tags()))
                progress.done += len(chunk)
                if progress.done > LARGEST:
                    raise AssetError(tr(TOO_LARGE))
                part.write(chunk)
                if walk:
                    walk.go_on(chunk)
        part.flush()
        return walk

    def _cover(self, wish: Wish) -> bytes:
        """Return the cover of a song; a song without one is as good."""
        address, cover = wish.named.clip.image_url, b""
        if not address or wish.what is not What.AUDIO:
            return b""
        try:
            with self._source.open(address) as asset:
                for chunk in asset.chunks:
                    cover += chunk
                    if len(cover) > LARGEST_COVER:
                        return b""
        except AssetError:
            return b""
        return cover if cover.startswith((b"\xff\xd8\xff", b"\x89PNG")) else b""


def _year(moment: float | None) -> str:
    return "" if moment is None else time.strftime("%Y", time.gmtime(moment))


@contextmanager
def _locked_part(path: Path) -> Iterator[IO[bytes]]:
    """Open the growing file, for this process alone; raises _BusyError where another one has it, or has it whole."""
    with _lock(path), path.open("rb+") as part:
        if _is_locked(path.with_suffix(".whole")):
            _give_up(path, part)
            raise _BusyError
        yield part


def _is_locked(path: Path) -> bool:
    """Return whether another process is at a file."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _lock(path: Path) -> IO[bytes]:
    while True:
        part = path.open("ab+")
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            part.close()
            raise _BusyError from None
        except OSError as error:
            if error.errno not in {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}:
                part.close()
                raise
        if _is_at(part, path):
            return part
        part.close()


def _is_at(file: IO[bytes], path: Path) -> bool:
    with suppress(OSError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False


def _give_up(path: Path, part: IO[bytes]) -> None:
    """Take an empty beginning away; one with something in it is worth keeping."""
    with suppress(OSError):
        part.flush()
        if not path.stat().st_size:
            path.unlink()


def _finish(wish: Wish, part: IO[bytes], ending: str, tags: Callable[[], Tags]) -> Saved:
    """Tag what is whole, and give it its name; from here on it is no part that can be gone on with."""
    whole = wish.part.with_suffix(".whole")
    wish.part.replace(whole)
    try:
        if ending in TAGGED:
            write_tags(whole, ending, tags())
        os.fsync(part.fileno())
        path = _place(whole, wish, ending)
        sync_directory(path.parent)
        return Saved(path, path.stat().st_size)
    except TagError as error:
        raise UnfitError(sentences(str(error), tr("It was not kept."))) from None
    finally:
        with suppress(OSError):
            whole.unlink(missing_ok=True)


def _tags_of(wish: Wish, cover: bytes) -> Tags:
    clip = wish.named.clip
    return Tags(
        clip=clip.id,
        title=clip.title,
        artist=wish.artist,
        genre=clip.tags,
        year=_year(wish.named.made_at),
        lyrics=clip.lyrics,
        prompt=clip.description,
        cover=cover,
    )


def _place(whole: Path, wish: Wish, ending: str) -> Path:
    """Give a file its name, and take none from another one."""
    usual, longer = (
        wish.folder / file_name(wish.named, ending, wish.template, whole_id=whole_id) for whole_id in (False, True)
    )
    for path in (usual, longer):
        if _named(whole, path):
            return path
        if wish.force and (ending not in TAGGED or clip_of(path) == wish.named.clip.id):
            whole.replace(path)
            return path
    raise DownloadError(tr("There is another file in its place already: {path}", path=shown_path(longer)))


def _named(whole: Path, path: Path) -> bool:
    """Return whether a file got a name that was free, in one step where the file system can do that."""
    try:
        path.hardlink_to(whole)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}:
            raise
        if path.exists():
            return False
        whole.rename(path)
    return True


def _kept(wish: Wish) -> Path | None:
    """Return the file of a clip that is there already: known by its own tag, or where it takes none by its name."""
    for whole_id in (False, True):
        for ending in _endings(wish.what):
            path = wish.folder / file_name(wish.named, ending, wish.template, whole_id=whole_id)
            if path.is_file() and (ending not in TAGGED or clip_of(path) == wish.named.clip.id):
                return path
    return None


def sweep(wish: Wish) -> None:
    """Take away what a kill left beside a file that is whole, unless somebody is at it."""
    for left in (wish.part, wish.part.with_suffix(".whole")):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _endings(what: What) -> tuple[str, ...]:
    return tuple(sorted(ENDINGS.get(what, {"txt"} if what is What.LYRICS else {"json"})))


def _write(wish: Wish) -> Saved:
    """Keep what is made of what is known: the words as a text, the clip as JSON."""
    data, [ending] = _made(wish).encode(), _endings(wish.what)
    with _locked_part(wish.part) as part:
        part.truncate(0)
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
        path = _place(wish.part, wish, ending)
    wish.part.unlink(missing_ok=True)
    sync_directory(path.parent)
    return Saved(path, len(data))


def _made(wish: Wish) -> str:
    clip = wish.named.clip
    if wish.what is What.JSON:
        return json.dumps(clip_document(clip), ensure_ascii=False, indent=2) + "\n"
    if not clip.lyrics:
        raise DownloadError(tr("The clip has no lyrics."))
    return f"{clip.title}\n\n{clip.lyrics}\n"
