"""Whether a file is what it should be, and whole: MPEG frames, containers of MPEG-4, WAV, Ogg, pictures."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ecovai_tui.language import later, tr

WINDOW = 1 << 20
"""Bytes that are looked at at once: a file of any size takes no memory."""

TOLERANCE = 0.1
"""The part of its length by which a song may differ from what its clip says."""


class UnfitError(Exception):
    """A file is not what it should be; the text says in what, in a sentence for people."""

    def __init__(self, text: str, *, again: bool = False) -> None:
        """``again`` says that it may come whole at another attempt."""
        super().__init__(text)
        self.again = again


class Media(NamedTuple):
    """What a file turned out to be."""

    ending: str
    """How its name should end, without a dot."""
    seconds: float | None = None


def check(path: Path, wanted: frozenset[str], seconds: float | None = None, walked: FrameWalk | None = None) -> Media:
    """Return what a file is; raises UnfitError if it is none of the ``wanted`` or not whole, and OSError.

    ``seconds`` is how long it should be, where that is known; ``walked`` is how far its frames were seen as they came.
    """
    with path.open("rb") as file:
        head = file.read(64)
        kind = _kind_of(head)
        size = file.seek(0, 2)
        if not size:
            raise UnfitError(tr("The server sent an empty file, so it was not kept."), again=True)
        if kind is None:
            raise _stranger(head)
        try:
            media = _check_mpeg(file, size, walked) if kind.ending == "mp3" else kind.check(file, size)
        except struct.error:
            raise _cut(later("it ends too early")) from None
    if media.ending not in wanted:
        raise UnfitError(
            tr("What came is a file of another kind (.{ending}), so it was not kept.", ending=media.ending)
        )
    if seconds and media.seconds is not None and abs(media.seconds - seconds) > TOLERANCE * seconds:
        raise UnfitError(
            tr(
                "It is {seconds:.0f} s long, but the clip {seconds_2:.0f} s, so it was not kept.",
                seconds=media.seconds,
                seconds_2=seconds,
            ),
            again=True,
        )
    return media


class _Kind(NamedTuple):
    ending: str
    check: Callable[[BinaryIO, int], Media]


def _kind_of(head: bytes) -> _Kind | None:
    if head[4:8] == b"ftyp":
        return _Kind("m4a", _check_boxes)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _Kind("webp", _check_webp)
    if begins_frames(head):
        return _Kind("mp3", _check_mpeg)
    kinds = {
        b"ID3": ("mp3", _check_mpeg),
        b"RIFF": ("wav", _check_wav),
        b"OggS": ("ogg", _check_ogg),
        b"\xff\xd8\xff": ("jpeg", _ends_with(b"\xff\xd9", "jpeg")),
        b"\x89PNG": ("png", _ends_with(b"IEND\xaeB`\x82", "png")),
    }
    return next((_Kind(*kind) for begins, kind in kinds.items() if head.startswith(begins)), None)


def _stranger(head: bytes) -> UnfitError:
    """Return what to say of a file of which nothing can be made."""
    if head.lstrip()[:1] in {b"<", b"{", b"["}:
        return UnfitError(tr("A web page or a message came in place of the file, so it was not kept."))
    return UnfitError(
        tr(
            "The gateway offers no file for this clip that can be played: what came is encrypted, or of a kind that "
            "nobody knows."
        )
    )


def _cut(part: str) -> UnfitError:
    return UnfitError(tr("The file is not whole: {part}. It was not kept.", part=tr(part)), again=True)


_HEADER = 4
_MPEG_RATES = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by version (3: MPEG-1, 2: the lower ones) and layer (3: I, 2: II, 1: III), from index 1."""

_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_ID3V1 = 128


_PADDED = 2
"""The bit of a header's third byte that says that its frame has one byte more (layer I: four)."""


class _Frames(NamedTuple):
    """Frames that follow each other with the same rates."""

    row: re.Pattern[bytes]
    """Matches as many of them as there are."""
    size: int
    seconds_a_byte: float


@lru_cache(maxsize=256)
def _frames(begin: bytes) -> _Frames | None:
    """Return the frames that three bytes begin, padded or not, None where they begin none."""
    word = int.from_bytes(begin, "big")
    version, layer, rate, sampling = word >> 11 & 3, word >> 9 & 3, word >> 4 & 15, word >> 2 & 3
    if word >> 13 != 0x7FF or version == 1 or layer == 0 or rate in {0, 15} or sampling == 3:  # noqa: PLR2004
        return None
    bits = 1000 * _MPEG_RATES[3 if version == 3 else 2, layer][rate - 1]  # noqa: PLR2004
    hertz = _SAMPLE_RATES[version][sampling]
    slot = 4 if layer == 3 else 1  # noqa: PLR2004
    samples = 384 if slot > 1 else 576 if layer == 1 and version != 3 else 1152  # noqa: PLR2004
    size = samples // 8 // slot * bits // hertz * slot
    plain, padded = (re.escape(bytes([*begin[:2], begin[2] & ~_PADDED | bit])) for bit in (0, _PADDED))
    row = rb"(?s:%s.{%d}+|%s.{%d}+)*+" % (plain, size - len(begin), padded, size + slot - len(begin))
    return _Frames(re.compile(row), size + (slot if begin[2] & _PADDED else 0), 8 / bits)


def begins_frames(data: bytes) -> bool:
    """Return whether a file that begins with these bytes is MPEG audio without a tag in front."""
    return len(data) >= _HEADER and _frames(data[:3]) is not None


class FrameWalk:
    """Goes from frame to frame of MPEG audio over as much of it as has come, and adds up how long they last."""

    def __init__(self, begin: int = 0, seconds: float = 0.0) -> None:
        """``begin`` is the place of a frame in the file, ``seconds`` how long those before it last."""
        self.at = begin
        """Where the next frame begins."""
        self.seconds = seconds
        self._seen = begin
        self._rest = b""
        """What has come from there on: part of a header, or what is no frame."""

    def go_on(self, data: bytes) -> bool:
        """Take the bytes that follow, and return whether frames are all that has come."""
        if len(self._rest) >= _HEADER:
            return False
        window, begin = self._rest + data, self._seen - len(self._rest)
        self._seen += len(data)
        at = self.at - begin
        while at + _HEADER <= len(window) and (frames := _frames(window[at : at + 3])):
            row = frames.row.match(window, at)
            passed = (row.end() - at if row else 0) or frames.size
            at += passed
            self.seconds += passed * frames.seconds_a_byte
        self.at = begin + at
        self._rest = window[at:]
        return len(self._rest) < _HEADER


def _check_mpeg(file: BinaryIO, size: int, walked: FrameWalk | None = None) -> Media:
    """Go from frame to frame up to the last byte."""
    begin, end = _behind_tags(file), size - _size_of_tags_at_end(file, size)
    walk = FrameWalk(walked.at, walked.seconds) if walked and walked.at > begin else FrameWalk(begin)
    file.seek(walk.at)
    while file.tell() < end:
        if not walk.go_on(file.read(min(WINDOW, end - file.tell()))):
            return _without_padding(_read(file, walk.at, min(WINDOW, end - walk.at)), end - walk.at, walk.seconds)
    if walk.at != end or walk.at == begin:
        raise _cut(later("its last frame is cut"))
    return Media("mp3", walk.seconds)


def _without_padding(rest: bytes, size: int, seconds: float) -> Media:
    """Return what a file is whose last frame is followed by zeros alone, ``size`` bytes of them."""
    if size > len(rest) or rest.strip(b"\0") or not seconds:
        raise _cut(later("something else stands between its frames"))
    return Media("mp3", seconds)


def _behind_tags(file: BinaryIO) -> int:
    """Return where the first frame is, behind tags of ID3v2."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(10)
        if not head.startswith(b"ID3") or len(head) < 10:  # noqa: PLR2004
            return at
        length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
        at += 10 + length + (10 if head[5] & 0x10 else 0)


def _size_of_tags_at_end(file: BinaryIO, size: int) -> int:
    """Return how many bytes at the end are tags of ID3v1 and APE."""
    taken = 0
    if size >= _ID3V1 and _read(file, size - _ID3V1, 3) == b"TAG":
        taken = _ID3V1
    footer = _read(file, max(0, size - taken - 32), 32)
    if footer.startswith(b"APETAGEX"):
        length, _items, flags = struct.unpack_from("<III", footer, 12)
        taken += length + (32 if flags >> 31 else 0)
    return min(taken, size)


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


class _Box(NamedTuple):
    name: bytes
    begin: int
    end: int


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[_Box]:
    """Yield the boxes of MPEG-4 in a span of a file; raises UnfitError where they do not fill it."""
    while at < end:
        head = _read(file, at, 16)
        if len(head) < 8:  # noqa: PLR2004
            raise _cut(later("its last box is cut"))
        length, name = struct.unpack_from(">I4s", head)
        begin = at + 8
        if length == 1 and len(head) == 16:  # noqa: PLR2004
            (length,) = struct.unpack_from(">Q", head, 8)
            begin += 8
        after = end if length == 0 else at + length
        if after < begin or after > end:
            raise _cut(later("its last box is cut"))
        yield _Box(name, begin, after)
        at = after


def _check_boxes(file: BinaryIO, size: int) -> Media:
    found = {box.name: box for box in _boxes(file, 0, size)}
    if not {b"moov", b"mdat"} <= found.keys():
        raise _cut(later("it lacks its index or its sound"))
    movie = found[b"moov"]
    seconds, handlers = None, set()
    for box in _boxes(file, movie.begin, movie.end):
        if box.name == b"mvhd":
            seconds = _length(_read(file, box.begin, 32))
        elif box.name == b"trak":
            handlers.add(_handler(file, box))
    if b"soun" not in handlers and b"vide" not in handlers:
        raise _cut(later("nothing in it can be heard or seen"))
    return Media("mp4" if b"vide" in handlers else "m4a", seconds)


def _handler(file: BinaryIO, track: _Box) -> bytes:
    for media in _boxes(file, track.begin, track.end):
        if media.name == b"mdia":
            for box in _boxes(file, media.begin, media.end):
                if box.name == b"hdlr":
                    return _read(file, box.begin + 8, 4)
    return b""


def _length(head: bytes) -> float | None:
    """Return the seconds that the head of a movie tells."""
    if len(head) < 32:  # noqa: PLR2004
        return None
    scale, length = struct.unpack_from(">IQ", head, 20) if head[0] == 1 else struct.unpack_from(">II", head, 12)
    return length / scale if scale and length else None


def _check_wav(file: BinaryIO, size: int) -> Media:
    if _read(file, 8, 4) != b"WAVE":
        raise UnfitError(tr("What came is a file of another kind, so it was not kept."))
    (told,) = struct.unpack("<I", _read(file, 4, 4))
    if told + 8 not in {size, size - 1}:
        raise _cut(tr("{value} bytes are announced in it, and {size} are there", value=told + 8, size=size))
    rate, seconds, at = 0, None, 12
    while at + 8 <= size:
        name, length = struct.unpack("<4sI", _read(file, at, 8))
        if name == b"fmt ":
            (rate,) = struct.unpack("<I", _read(file, at + 16, 4))
        elif name == b"data":
            seconds = length / rate if rate else None
        at += 8 + length + length % 2
    if seconds is None:
        raise _cut(later("there is no sound in it"))
    return Media("wav", seconds)


def _check_ogg(file: BinaryIO, size: int) -> Media:
    """Go from page to page; the last one must say that it is the last, and when it ends."""
    at, flags, samples, hertz = 0, 0, 0, 0
    while at + 27 <= size:
        head = _read(file, at, 27)
        flags, samples = head[5], int.from_bytes(head[6:14], "little", signed=True)
        sizes = file.read(head[26])
        if at == 0:
            hertz = _hertz(file.read(32))
        if not head.startswith(b"OggS") or len(sizes) < head[26] or at + 27 + len(sizes) + sum(sizes) > size:
            break
        at += 27 + len(sizes) + sum(sizes)
    if at != size or not flags & 4:
        raise _cut(later("its last page is missing"))
    return Media("ogg", samples / hertz if hertz and samples > 0 else None)


def _hertz(packet: bytes) -> int:
    if packet.startswith(b"OpusHead"):
        return 48000
    return int.from_bytes(packet[12:16], "little") if packet.startswith(b"\x01vorbis") else 0


def _ends_with(tail: bytes, ending: str) -> Callable[[BinaryIO, int], Media]:
    def check_end(file: BinaryIO, size: int) -> Media:
        if not _read(file, max(0, size - 64), 64).rstrip(b"\0\r\n").endswith(tail):
            raise _cut(later("its end is missing"))
        return Media(ending)

    return check_end


def _check_webp(file: BinaryIO, size: int) -> Media:
    (told,) = struct.unpack("<I", _read(file, 4, 4))
    if told + 8 != size:
        raise _cut(later("its end is missing"))
    return Media("webp")
