"""Tags are read back as they were written, from every kind of file that takes any."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutagen.ogg import OggPage
from mutagen.oggopus import OggOpus
from mutagen.wave import WAVE

from ecovai_tui.simulator.cdn import jpeg, m4a, mp3, mp4, wav
from ecovai_tui.store.media_check import check
from ecovai_tui.store.tags import CLIP, Tags, clip_of, reserve, reserved, write_tags

TAGS = Tags("c1", "千里共婵娟", "Mira", "sea shanty", "2024", "[Verse]\nla la", "a lamp", jpeg().whole())
TOLD = TAGS._asdict()
TEXTS = {name: value for name, value in TOLD.items() if name != "cover"}
ID3_NAMES = {
    "title": "TIT2", "artist": "TPE1", "genre": "TCON", "year": "TDRC", "lyrics": "USLT::eng",
    "prompt": "COMM:prompt:eng", "clip": f"TXXX:{CLIP}",
}  # fmt: skip
MP4_NAMES = {
    "title": "\xa9nam", "artist": "\xa9ART", "genre": "\xa9gen", "year": "\xa9day", "lyrics": "\xa9lyr",
    "prompt": "\xa9cmt",
}  # fmt: skip
OGG_NAMES = {
    "title": "title", "artist": "artist", "genre": "genre", "year": "date", "lyrics": "lyrics", "prompt": "comment",
    "clip": CLIP.lower(),
}  # fmt: skip


def opus() -> bytes:
    """Return two seconds of Opus without a sound."""
    head = b"OpusHead\1\1" + bytes(2) + (48_000).to_bytes(4, "little") + bytes(3)
    comment = b"OpusTags" + bytes(8)
    pages = []
    for number, packet in enumerate((head, comment, b"\xf8\xff\xfe")):
        page = OggPage()
        page.packets, page.sequence, page.first, page.last = [packet], number, number == 0, number == 2
        page.position = 96_000 if number == 2 else 0
        pages.append(page.write())
    return b"".join(pages)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Where a file may be."""
    return tmp_path / "song"


@pytest.mark.parametrize("ending", ["mp3", "wav"])
def test_every_tag_of_id3_is_read_back(ending: str, song: Path) -> None:
    song.write_bytes((mp3(2) if ending == "mp3" else wav(2)).whole())
    write_tags(song, ending, TAGS)
    tags = ID3(song) if ending == "mp3" else WAVE(song).tags
    assert {name: str(tags[frame]) for name, frame in ID3_NAMES.items()} == TEXTS
    assert (tags["APIC:Cover"].data, tags["APIC:Cover"].mime) == (TAGS.cover, "image/jpeg")
    assert clip_of(song) == "c1"


@pytest.mark.parametrize("ending", ["m4a", "mp4"])
def test_every_tag_of_mp4_is_read_back(ending: str, song: Path) -> None:
    song.write_bytes((m4a(2) if ending == "m4a" else mp4(2)).whole())
    write_tags(song, ending, TAGS)
    tags = MP4(song)
    told = {name: tags[atom] for name, atom in MP4_NAMES.items()}
    assert told == {name: [text] for name, text in TEXTS.items() if name != "clip"}
    assert bytes(tags["covr"][0]) == TAGS.cover
    assert clip_of(song) == "c1"


def test_every_tag_of_ogg_is_read_back(song: Path) -> None:
    song.write_bytes(opus())
    write_tags(song, "ogg", TAGS)
    tags = OggOpus(song)
    assert {name: tags[field] for name, field in OGG_NAMES.items()} == {name: [text] for name, text in TEXTS.items()}
    assert clip_of(song) == "c1"
    assert check(song, frozenset({"ogg"}), 2).ending == "ogg"


def test_tags_take_the_room_that_was_reserved_for_them(song: Path) -> None:
    with song.open("wb+") as file:
        room = reserve(file, TAGS)
        file.write(mp3(2).whole())
        assert reserved(file) == room
    size = song.stat().st_size
    write_tags(song, "mp3", TAGS)
    assert song.stat().st_size == size
    assert str(ID3(song)["TIT2"]) == TAGS.title
    with song.open("rb") as file:
        assert reserved(file) == 0
    assert check(song, frozenset({"mp3"}), 2).ending == "mp3"
