"""Saved pictures in few coloured cells: as Pillow gives them, and nothing where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest

from ecovai_tui.view.lines import Paint, Span
from ecovai_tui.view.pictures import LARGEST_FILE, MOST_CELLS, picture_lines, thumbnail

RED, BLUE = 0xFF0000, 0x0000FF


class FakePicture:
    """What Pillow gives of a picture that is red above and blue below."""

    size = (640, 480)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def draft(self, _mode: str, _size: tuple[int, int]) -> None:
        pass

    def convert(self, _mode: str) -> FakePicture:
        return self

    def thumbnail(self, size: tuple[int, int]) -> None:
        self.size = size

    def tobytes(self) -> bytes:
        width, height = self.size
        return b"".join((RED if row % 2 == 0 else BLUE).to_bytes(3, "big") * width for row in range(height))


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    image = SimpleNamespace(open=lambda _path: FakePicture(), DecompressionBombError=MemoryError)
    monkeypatch.setitem(sys.modules, "PIL.Image", image)
    monkeypatch.setitem(sys.modules, "PIL", SimpleNamespace(Image=image))
    thumbnail.cache_clear()
    path = tmp_path / "fox.jpeg"
    path.write_bytes(b"\xff\xd8\xff\xd9")
    yield path
    thumbnail.cache_clear()


def test_a_picture_comes_in_half_cells_with_the_upper_colour_before_the_lower(picture: Path) -> None:
    halves = thumbnail(picture, 4, 2)
    assert halves == (((RED, BLUE),) * 4,) * 2
    assert picture_lines(halves)[0].spans == (Span("▀▀▀▀", Paint(RED, BLUE)),)


def test_a_picture_never_takes_more_than_forty_kilobytes(picture: Path) -> None:
    halves = thumbnail(picture, 200, 16)
    dearest = len("\x1b[38;2;255;255;255;48;2;255;255;255m▀".encode())
    assert sum(map(len, halves)) * dearest <= 40_000
    assert sum(map(len, halves)) <= MOST_CELLS


def test_there_is_none_without_pillow_without_a_file_and_of_what_is_too_large(
    picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert thumbnail(picture.with_name("gone.jpeg"), 4, 2) == ()
    with picture.open("ab") as file:
        file.truncate(LARGEST_FILE + 1)
    assert thumbnail(picture, 4, 2) == ()
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    assert thumbnail(picture, 8, 2) == ()
