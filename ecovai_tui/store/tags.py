"""The tags of a music file: what it is, by whom, its words and cover, and the clip by which it is known again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple, cast

from mutagen import File, MutagenError, id3
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.wave import WAVE

from ecovai_tui.language import tr

CLIP = "SUNO_UUID"
"""The name under which the clip's id stands, as other downloaders of Suno write it."""

_ATOM = f"----:com.apple.iTunes:{CLIP}"
_ID3_HEADER = 10
_COVER_TYPES = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png"}


class Tags(NamedTuple):
    """What is written into a file; "" for what is not known."""

    clip: str
    title: str = ""
    artist: str = ""
    genre: str = ""
    year: str = ""
    lyrics: str = ""
    prompt: str = ""
    cover: bytes = b""


class TagError(Exception):
    """A file takes no tags; the text says why."""


def write_tags(path: Path, ending: str, tags: Tags) -> None:
    """Write tags into a file of the kind that its ending tells; raises TagError, and OSError as for a full disk."""
    try:
        _WRITERS[ending](path, tags)
    except MutagenError as error:
        if isinstance(error.__context__, OSError):
            raise error.__context__ from None
        raise TagError(tr("Its tags cannot be written ({name}).", name=type(error).__name__)) from None


_ROOM = b"room for the tags of ecovai-tui"


def reserve(part: IO[bytes], tags: Tags) -> int:
    """Begin a file with a tag of ID3 of the size that tags will have, so that nothing is moved when they are written.

    Returns its size in bytes.
    """
    frames, made = id3.ID3(), BytesIO()
    _fill_id3(frames, tags)
    frames.save(made, v2_version=4)
    size = len(made.getvalue())
    part.write((made.getvalue()[:_ID3_HEADER] + _ROOM).ljust(size, b"\0"))
    return size


def reserved(part: IO[bytes]) -> int:
    """Return how many bytes a file begins with that were reserved for its tags."""
    part.seek(0)
    head = part.read(_ID3_HEADER + len(_ROOM))
    if not (head.startswith(b"ID3") and head.endswith(_ROOM)):
        return 0
    return _ID3_HEADER + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))


def clip_of(path: Path) -> str:
    """Return the id of the clip that a file was made from, by its own tags; "" where it tells none."""
    try:
        found = File(path)
    except (MutagenError, OSError):
        return ""
    tags = getattr(found, "tags", None)
    if not tags:
        return ""
    for name in (f"TXXX:{CLIP}", _ATOM, CLIP.lower()):
        with suppress(KeyError, ValueError, IndexError):
            return _as_text(tags[name])
    return ""


def _as_text(value: object) -> str:
    first = cast("Sequence[object]", getattr(value, "text", value))[0]  # a frame of ID3, or a list
    return bytes(first).decode(errors="replace") if isinstance(first, bytes) else str(first)


def _write_id3(path: Path, tags: Tags) -> None:
    frames = id3.ID3()
    _fill_id3(frames, tags)
    frames.save(path, v2_version=4)


def _write_wav(path: Path, tags: Tags) -> None:
    file = WAVE(path)
    if file.tags is None:
        file.add_tags()
    _fill_id3(cast("id3.ID3", file.tags), tags)
    file.save()


def _fill_id3(frames: id3.ID3, tags: Tags) -> None:
    utf8 = id3.Encoding.UTF8
    texts = {id3.TIT2: tags.title, id3.TPE1: tags.artist, id3.TCON: tags.genre, id3.TDRC: tags.year}
    for kind, text in texts.items():
        if text:
            frames.add(kind(encoding=utf8, text=[text]))  # type: ignore[no-untyped-call]  # a class of mutagen
    frames.add(id3.TXXX(encoding=utf8, desc=CLIP, text=[tags.clip]))
    if tags.lyrics:
        frames.add(id3.USLT(encoding=utf8, lang="eng", desc="", text=tags.lyrics))
    if tags.prompt:
        frames.add(id3.COMM(encoding=utf8, lang="eng", desc="prompt", text=[tags.prompt]))
    if tags.cover:
        cover_type = _COVER_TYPES.get(tags.cover[:2], "image/jpeg")
        frames.add(id3.APIC(encoding=utf8, mime=cover_type, type=3, desc="Cover", data=tags.cover))


def _write_mp4(path: Path, tags: Tags) -> None:
    file = MP4(path)
    if file.tags is None:
        file.add_tags()
    texts = {
        "\xa9nam": tags.title, "\xa9ART": tags.artist, "\xa9gen": tags.genre, "\xa9day": tags.year,
        "\xa9lyr": tags.lyrics, "\xa9cmt": tags.prompt,
    }  # fmt: skip
    for name, text in texts.items():
        if text:
            file[name] = [text]
    file[_ATOM] = [MP4FreeForm(tags.clip.encode())]
    if tags.cover:
        kind = MP4Cover.FORMAT_PNG if tags.cover.startswith(b"\x89P") else MP4Cover.FORMAT_JPEG
        file["covr"] = [MP4Cover(tags.cover, imageformat=kind)]
    file.save()


def _write_ogg(path: Path, tags: Tags) -> None:
    file = File(path)
    if file is None:
        raise TagError(tr("Its tags cannot be written: nobody knows this kind of Ogg file."))
    texts = {
        "title": tags.title, "artist": tags.artist, "genre": tags.genre, "date": tags.year, "lyrics": tags.lyrics,
        "comment": tags.prompt, CLIP.lower(): tags.clip,
    }  # fmt: skip
    file.update({name: [text] for name, text in texts.items() if text})
    file.save()


_WRITERS: Mapping[str, Callable[[Path, Tags], None]] = {
    "mp3": _write_id3, "wav": _write_wav, "m4a": _write_mp4, "mp4": _write_mp4, "ogg": _write_ogg,
}  # fmt: skip

TAGGED = frozenset(_WRITERS)
"""The endings of files that take tags."""
