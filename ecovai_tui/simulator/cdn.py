"""The files of finished clips: which there are, under which addresses, and how a request for one goes wrong."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
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
from ecovai_tui.simulator.media import Content, jpeg, m4a, mp3, mp3_of, mp4, wav
from ecovai_tui.simulator.options import Options
from ecovai_tui.simulator.replies import FILE_FAULTS, WEB_APP, FaultPlan
from ecovai_tui.simulator.scripts import ClipState
from ecovai_tui.simulator.studio import Studio
from ecovai_tui.simulator.world import World

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
_CONTENT = re.compile(r"/v1/videos/([\w-]+)/content")
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
