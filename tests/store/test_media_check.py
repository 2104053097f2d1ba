"""Files as they come: whole ones are known for what they are, and every cut is found."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ecovai_tui.simulator.cdn import FRAME, jpeg, m4a, mp3, mp4, wav
from ecovai_tui.store.media_check import UnfitError, check

EVERYTHING = frozenset({"mp3", "m4a", "mp4", "wav", "ogg", "jpeg", "png", "webp"})
ID3V2 = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20) + b"IEND\xaeB`\x82"
WEBP = b"RIFF" + struct.pack("<I", 20) + b"WEBP" + bytes(16)


def ogg(*packets: bytes) -> bytes:
    """Return pages of Opus; the last one ends after 96,000 samples, which are two seconds."""
    last = len(packets) - 1
    return b"".join(
        b"OggS\0" + bytes([4 if number == last else 0]) + (96_000).to_bytes(8, "little") + bytes(12) + b"\1"
        + bytes([len(packet)]) + packet
        for number, packet in enumerate(packets)
    )  # fmt: skip


WHOLE = {
    "mp3": mp3(3).whole(), "m4a": m4a(3).whole(), "mp4": mp4(3).whole(), "wav": wav(3).whole(),
    "ogg": ogg(b"OpusHead" + bytes(11), b"music"), "jpeg": jpeg().whole(), "png": PNG, "webp": WEBP,
}  # fmt: skip
SECONDS = {"mp3": 3, "m4a": 3, "mp4": 3, "wav": 3, "ogg": 2}


def judged(folder: Path, data: bytes, seconds: float | None = None) -> str:
    """Return the ending that a file should have, or why it is not kept."""
    path = folder / "file.part"
    path.write_bytes(data)
    try:
        return check(path, EVERYTHING, seconds).ending
    except UnfitError as error:
        return str(error)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_known_for_what_it_is(kind: str, tmp_path: Path) -> None:
    assert judged(tmp_path, WHOLE[kind], SECONDS.get(kind)) == kind


@pytest.mark.parametrize(
    "data", [ID3V2 + mp3(2).whole(), mp3(2).whole() + b"TAG" + bytes(125), mp3(2).whole() + bytes(99)]
)
def test_tags_and_padding_are_no_damage(data: bytes, tmp_path: Path) -> None:
    assert judged(tmp_path, data, 2) == "mp3"


@pytest.mark.parametrize("kind", SECONDS)
def test_a_file_of_another_length_than_its_clip_is_found(kind: str, tmp_path: Path) -> None:
    assert "so it was not kept" in judged(tmp_path, WHOLE[kind], SECONDS[kind] * 1.2)
    assert judged(tmp_path, WHOLE[kind], SECONDS[kind] * 1.05) == kind


@given(data=st.data())
def test_every_cut_is_found(data: DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    kind = data.draw(st.sampled_from(sorted(WHOLE)))
    whole = WHOLE[kind]
    kept = data.draw(st.integers(1, len(whole) - 1))
    cut = whole[:kept]
    told = judged(tmp_path_factory.mktemp("cut"), cut, SECONDS.get(kind))
    nearly_whole = kind == "mp3" and kept % len(FRAME) == 0 and kept > 0.9 * len(whole)
    one_byte_of_padding = kind == "wav" and kept == len(whole) - 1
    assert told not in EVERYTHING or nearly_whole or one_byte_of_padding


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        (b"", "The server sent an empty file"),
        (b"  <!doctype html>", "A web page or a message"),
        (b'{"error":"x"}', "A web page or a message"),
        (b"\x9c\x01" * 99, "The gateway offers no file for this clip that can be played"),
        (mp3(2).whole() + b"<html>" * 9, "The file is not whole: something else stands between its frames"),
    ],
)
def test_what_is_no_file_is_told(data: bytes, begins: str, tmp_path: Path) -> None:
    assert judged(tmp_path, data).startswith(begins)
