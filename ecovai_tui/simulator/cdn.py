"""The files of finished clips, small real ones made byte by byte: which there are, and how a request goes wrong."""

from __future__ import annotations

import re
import struct
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from math import inf
from random import Random
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from ecovai_tui.simulator.dialect import CDN, FORBIDDEN, IMAGES, LIVE
from ecovai_tui.simulator.replies import FILE_FAULTS, WEB_APP, FaultPlan
from ecovai_tui.simulator.scripts import ClipState
from ecovai_tui.simulator.studio import Studio
from ecovai_tui.simulator.world import Options, World

CHUNK = 1 << 20
"""Bytes that are handed out at once at the most."""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file as blocks, each with how often it is repeated, so that also a large file takes no memory."""

    content_type: str
    parts: tuple[tuple[bytes, int], ...]

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return sum(len(block) * times for block, times in self.parts)

    def pieces(self, first: int, stop: int) -> Iterator[memoryview]:
        """Yield the bytes from ``first`` up to, not including, ``stop``."""
        at = 0
        for block, times in self.parts:
            yield from _pieces(block, max(first - at, 0), min(stop - at, len(block) * times))
            at += len(block) * times

    def whole(self) -> bytes:
        """Return all bytes of a small file."""
        return b"".join(self.pieces(0, self.size))


PIECES_A_SECOND = 10


def pieces_in_time(content: Iterator[memoryview], rate: float | None) -> Iterator[tuple[memoryview, float]]:
    """Yield pieces, each with the seconds to wait after it, so that about ``rate`` bytes go out in a second."""
    for piece in content:
        step = len(piece) if rate is None else max(1, int(rate / PIECES_A_SECOND))
        for at in range(0, len(piece), step):
            yield piece[at : at + step], 0.0 if rate is None else 1 / PIECES_A_SECOND


def _pieces(block: bytes, first: int, stop: int) -> Iterator[memoryview]:
    if first >= stop:
        return
    large = memoryview(block * min(max(1, CHUNK // len(block)), 1 + (stop - first) // len(block)))
    while first < stop:
        offset = first % len(block) if first % len(large) else 0
        taken = min(len(large) - offset, stop - first)
        yield large[offset : offset + taken]
        first += taken


FRAME = bytes.fromhex("fffb10c4") + bytes(100)
"""A frame of MPEG-1 layer III: 32 kbit/s, 44.1 kHz, one channel, and nothing to hear."""

FRAME_SECONDS = 1152 / 44100
RATE = 44100


def mp3(seconds: float) -> Content:
    """Return silence as MPEG layer III, about 4 kB a second."""
    return Content("audio/mpeg", ((FRAME, max(1, round(seconds / FRAME_SECONDS))),))


def mp3_of(size: int) -> Content:
    """Return silence as MPEG layer III of about so many bytes."""
    return Content("audio/mpeg", ((FRAME, max(1, size // len(FRAME))),))


WAV_RATE = 8000


def wav(seconds: float) -> Content:
    """Return silence as PCM of 8 bits, 8 kB a second."""
    size = max(2, round(seconds * WAV_RATE) // 2 * 2)
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, WAV_RATE, WAV_RATE, 1, 8) + b"data" + struct.pack("<I", size)
    return Content("audio/x-wav", ((head, 1), (b"\x80", size)))


SILENCE = bytes.fromhex("00c800802380")
"""A frame of AAC-LC with one channel and nothing to hear."""

SAMPLES = 1024
"""Samples of a frame of AAC."""


@dataclass(frozen=True, slots=True)
class Track:
    """What a container of MPEG-4 holds once: samples that are all the same."""

    handler: bytes
    media_header: bytes
    entry: bytes
    sample: bytes
    count: int
    timescale: int
    step: int
    """Units of the timescale that a sample lasts."""


def m4a(seconds: float) -> Content:
    """Return silence as AAC in a container of MPEG-4, about 260 bytes a second."""
    return _container("audio/mp4", b"M4A ", (_sound(seconds),))


def mp4(seconds: float) -> Content:
    """Return a film of a grey picture and silence."""
    return _container("video/mp4", b"isom", (_film(seconds), _sound(seconds)))


def _sound(seconds: float) -> Track:
    entry = bytes(6) + struct.pack(">HIIHHHHI", 1, 0, 0, 1, 16, 0, 0, RATE << 16)
    entry = _box(b"mp4a", entry + _descriptor(0x40, 0x15, bytes.fromhex("1208")))
    count = max(1, round(seconds * RATE / SAMPLES))
    return Track(b"soun", _box(b"smhd", bytes(8)), entry, SILENCE, count, RATE, SAMPLES)


def _film(seconds: float) -> Track:
    picture = jpeg().whole()
    head = bytes(6) + struct.pack(">H16xHHIIIH", 1, SIDE, SIDE, 72 << 16, 72 << 16, 0, 1)
    entry = _box(b"mp4v", head + bytes(32) + struct.pack(">Hh", 24, -1) + _descriptor(0x6C, 0x11, b""))
    return Track(b"vide", _box(b"vmhd", bytes(4) + bytes(8)), entry, picture, max(1, round(seconds)), 1, 1)


def _descriptor(kind: int, stream: int, specific: bytes) -> bytes:
    """Return the box that says how the samples are coded (ISO 14496-1)."""
    inner = struct.pack(">BB3xII", kind, stream, 0, 0) + (bytes([5, len(specific)]) + specific if specific else b"")
    inner = struct.pack(">HB", 1, 0) + bytes([4, len(inner)]) + inner + b"\x06\x01\x02"
    return _box(b"esds", bytes(4) + bytes([3, len(inner)]) + inner)


def _container(content_type: str, brand: bytes, tracks: tuple[Track, ...]) -> Content:
    head = _box(b"ftyp", brand + bytes(4) + brand + b"isommp42")
    first = len(head) + len(_movie(tracks, 0)) + 8
    size = 8 + sum(len(track.sample) * track.count for track in tracks)
    head += _movie(tracks, first) + struct.pack(">I", size) + b"mdat"
    return Content(content_type, ((head, 1), *((track.sample, track.count) for track in tracks)))


MATRIX = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def _movie(tracks: tuple[Track, ...], first: int) -> bytes:
    length = max(track.count * track.step * 1000 // track.timescale for track in tracks)
    head = _box(
        b"mvhd", struct.pack(">IIIIIIH10x", 0, 0, 0, 1000, length, 1 << 16, 1 << 8) + MATRIX + bytes(24) + b"\0\0\0\3"
    )
    boxes = [head]
    for number, track in enumerate(tracks, 1):
        boxes.append(_track(track, number, length, first))
        first += len(track.sample) * track.count
    return _box(b"moov", *boxes)


def _track(track: Track, number: int, length: int, offset: int) -> bytes:
    seen = SIDE << 16 if track.handler == b"vide" else 0
    volume = 0 if seen else 1 << 8
    head = struct.pack(">IIIIII8xHHHH", 7, 0, 0, number, 0, length, 0, 0, volume, 0) + MATRIX
    media = struct.pack(">IIIIIHH", 0, 0, 0, track.timescale, track.count * track.step, 0x55C4, 0)
    reference = _box(b"dinf", _box(b"dref", bytes(4) + b"\0\0\0\1" + _box(b"url ", b"\0\0\0\1")))
    table = _box(
        b"stbl",
        _box(b"stsd", bytes(4) + b"\0\0\0\1" + track.entry),
        _box(b"stts", struct.pack(">IIII", 0, 1, track.count, track.step)),
        _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, track.count, 1)),
        _box(b"stsz", struct.pack(">III", 0, len(track.sample), track.count)),
        _box(b"stco", struct.pack(">III", 0, 1, offset)),
    )
    handler = _box(b"hdlr", bytes(8) + track.handler + bytes(13))
    inner = _box(b"mdia", _box(b"mdhd", media), handler, _box(b"minf", track.media_header, reference, table))
    return _box(b"trak", _box(b"tkhd", head + struct.pack(">II", seen, seen)), inner)


def _box(name: bytes, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return struct.pack(">I", len(body) + 8) + name + body


SIDE = 64
"""Pixels of each side of the picture."""


def jpeg() -> Content:
    """Return a grey picture."""
    table = b"\0" + b"\1" * 64
    frame = struct.pack(">BHHB", 8, SIDE, SIDE, 1) + b"\1\x11\0"
    one_code = b"\1" + bytes(15) + b"\0"  # the code "0" alone, for "nothing more"
    scan = b"\1\1\0\0\x3f\0"
    segments = ((0xDB, table), (0xC0, frame), (0xC4, b"\0" + one_code), (0xC4, b"\x10" + one_code), (0xDA, scan))
    data = b"".join(bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body for mark, body in segments)
    blocks = bytes(2 * (SIDE // 8) ** 2 // 8)
    return Content("image/jpeg", ((b"\xff\xd8" + data + blocks + b"\xff\xd9", 1),))


PLACES = {CDN: "/cdn1", IMAGES: "/cdn2", LIVE: "/audiopipe", FORBIDDEN: "/api/forbidden"}
"""Where this server has what Suno has at these addresses."""

PRIVATE = "http://10.255.255.1/latest/meta-data"
"""Where ``file-redirect-private`` leads to: into a network of somebody else."""

NO_KEY_PAIR = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code>'
    b"<Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
)
DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
)
MAKERS = {"mp3": mp3, "m4a": m4a, "wav": wav, "mp4": mp4}
_CONTENT = re.compile(r"/v1/(?:videos|tasks)/([\w-]+)(?:/artifacts/video)?/content")
VIDEO_SECONDS = 5.0
MOST_MEBIBYTES = 4096


def own_addresses(body: bytes, host: str) -> bytes:
    """Return a reply in which the files are at this server, as at a gateway with a mirror of its own."""
    for address, place in PLACES.items():
        body = body.replace(address.encode(), f"http://{host}{place}".encode())
    return body


class Pace(Enum):
    """How the bytes of a file go out."""

    WHOLE = auto()
    CUT = auto()
    """The connection ends half-way."""
    SLOW = auto()
    """There is a long pause half-way."""


@dataclass(frozen=True, slots=True)
class FileRequest:
    """What was asked, with all headers, their names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileReply:
    """What is answered: the bytes of the content from ``first`` up to, not including, ``stop``."""

    status: int
    content: Content
    first: int = 0
    stop: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    pace: Pace = Pace.WHOLE


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One request for a file, and the status of its answer."""

    method: str
    path: str
    headers: Mapping[str, str]
    status: int


class Files:
    """Serves the files of the clips of a world and of the works of a studio, and no others."""

    def __init__(self, options: Options, world: World, studio: Studio, key: str) -> None:
        self._plan = FaultPlan(options.seed, tuple(fault for fault in options.faults if fault.name in FILE_FAULTS))
        self._world = world
        self._studio = studio
        self._key = key
        self._numbers = count(1)
        self.records: deque[FileRecord] = deque(maxlen=options.log_size)

    @staticmethod
    def serves(path: str) -> bool:
        """Return whether a path is one of a file."""
        return urlsplit(path).path.startswith(tuple(PLACES.values())) or bool(_CONTENT.fullmatch(urlsplit(path).path))

    def answer(self, request: FileRequest) -> FileReply:
        """Return what is answered to a request for a file."""
        reply = self._answer(request)
        self.records.append(FileRecord(request.method, request.path, request.headers, int(reply.status)))
        return reply

    def _answer(self, request: FileRequest) -> FileReply:
        fault = self._plan.strike(next(self._numbers), (), "")
        if fault in _INSTEAD:
            return _INSTEAD[fault]
        if held := _CONTENT.fullmatch(urlsplit(request.path).path):
            return self._held(held[1], request)
        content = self._find(request.path)
        if content is None:
            return _text(HTTPStatus.FORBIDDEN, DENIED, "application/xml")
        if fault == "file-encrypted":
            content = Content("audio/mp4", ((Random(request.path).randbytes(4096), max(1, content.size // 4096)),))
        return _damaged(_ranged(content, request, ranges=fault != "file-no-range"), fault)

    def _find(self, path: str) -> Content | None:
        parts = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path.startswith("/audiopipe"):
            clip = self._world.clip(query.get("item_id", ""))
            return mp3(10.0) if clip and clip.word in {"streaming", "complete"} else None
        if made := re.fullmatch(r"/cdn[12]/made/([\w-]+)\.(jpeg|mp4)", parts.path):
            return self._made(made[1], made[2], query.get("ex", ""))
        found = re.fullmatch(r"/cdn([12])/(?:image(?:_large)?_)?([0-9a-f-]{36})\.(\w+)", parts.path)
        clip = self._world.clip(found[2]) if found else None
        if found is None or clip is None:
            return None
        if mebibytes := query.get("mib", ""):
            return mp3_of(min(int(mebibytes), MOST_MEBIBYTES) << 20) if mebibytes.isdecimal() else None
        return jpeg() if found[1] == "2" else _file(clip, found[3])

    def _held(self, name: str, request: FileRequest) -> FileReply:
        """Return a video that the gateway itself gives, to its key alone and always whole."""
        if request.headers.get("authorization", "").removeprefix("Bearer ") != self._key:
            return _text(HTTPStatus.UNAUTHORIZED, b'{"error":{"message":"Invalid token"}}', "application/json")
        if not self._studio.has(name, inf):
            return _text(HTTPStatus.BAD_REQUEST, b'{"error":{"message":"not completed"}}', "application/json")
        content = mp4(VIDEO_SECONDS)
        return FileReply(HTTPStatus.OK, content, 0, content.size)

    def _made(self, name: str, ending: str, expires: str) -> Content | None:
        """Return a picture or a video whose address has not run out."""
        until = int(expires, 16) if re.fullmatch(r"[0-9a-f]{1,12}", expires) else 0
        if not self._studio.has(name, until):
            return None
        return jpeg() if ending == "jpeg" else mp4(VIDEO_SECONDS)


@lru_cache(maxsize=64)
def _file(clip: ClipState, ending: str) -> Content | None:
    return MAKERS[ending](clip.duration) if ending in MAKERS and clip.duration else None


def _ranged(content: Content, request: FileRequest, *, ranges: bool) -> FileReply:
    """Return the whole file, or the part that is asked for, if it is asked for by the right validator."""
    size, tag = content.size, f'"{crc32(request.path.encode()):08x}-{content.size:x}"'
    if not ranges:
        return FileReply(HTTPStatus.OK, content, 0, size)
    headers = (("Accept-Ranges", "bytes"), ("ETag", tag), ("Last-Modified", "Sat, 28 Nov 2026 09:00:00 GMT"))
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", tag) != tag:
        return FileReply(HTTPStatus.OK, content, 0, size, headers)
    first = int(asked[1])
    if first >= size:
        refused = (*headers, ("Content-Range", f"bytes */{size}"))
        return FileReply(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, content, headers=refused)
    span = (*headers, ("Content-Range", f"bytes {first}-{size - 1}/{size}"))
    return FileReply(HTTPStatus.PARTIAL_CONTENT, content, first, size, span)


def _damaged(reply: FileReply, fault: str) -> FileReply:
    if fault == "file-empty":
        return replace(reply, first=0, stop=0)
    if fault == "file-wrong-length":
        return replace(reply, stop=reply.first + max(1, (reply.stop - reply.first) * 2 // 3))
    paces = {"file-cut": Pace.CUT, "file-slow": Pace.SLOW}
    return replace(reply, pace=paces.get(fault, Pace.WHOLE))


def _text(status: int, body: bytes, content_type: str, *headers: tuple[str, str]) -> FileReply:
    return FileReply(status, Content(content_type, ((body, 1),) if body else ()), 0, len(body), headers)


def _moved(address: str) -> FileReply:
    return _text(HTTPStatus.FOUND, b"", "text/html", ("Location", address))


_INSTEAD = {
    "file-html200": _text(HTTPStatus.OK, WEB_APP, "text/html; charset=utf-8"),
    "file-forbidden": _text(HTTPStatus.FORBIDDEN, NO_KEY_PAIR, "application/xml"),
    "file-none-mp3": _moved("/cdn1/None.mp3"),
    "file-redirect-private": _moved(PRIVATE),
    "file-500": _text(HTTPStatus.INTERNAL_SERVER_ERROR, b"internal error", "text/plain"),
}
