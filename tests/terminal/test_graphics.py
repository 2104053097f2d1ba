"""Saved pictures as terminals take them: what a terminal answers, and what it is sent, by Pillow itself."""

from __future__ import annotations

import os
import re
import sys
from base64 import b64decode
from fcntl import ioctl
from io import BytesIO
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

import pytest
from PIL import Image

from ecovai_tui.store.settings_file import Pictures
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.terminal.graphics import (
    DIACRITICS,
    LARGEST_FILE,
    MOST_CELLS,
    PLACEHOLDER,
    USUAL_CELL,
    Drawing,
    Graphics,
    Way,
    drawing,
    thumbnail,
)
from ecovai_tui.view.lines import Paint, Span
from ecovai_tui.view.pictures import lines_of_parts, picture_lines


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that is red above and blue below."""
    path = tmp_path / "fox.png"
    image = Image.new("RGB", (640, 480), (255, 0, 0))
    image.paste((0, 0, 255), (0, 240, 640, 480))
    image.save(path)
    return path


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A picture that cannot be packed."""
    path = tmp_path / "noise.png"
    Image.merge("RGB", [Image.effect_noise((1600, 1200), 90) for _ in range(3)]).save(path)
    return path


def test_a_picture_comes_in_half_cells_with_the_upper_colour_before_the_lower(picture: Path) -> None:
    [above, below] = thumbnail(picture, 8, 2)
    assert above == ((above[0][0], above[0][1]),) * 5
    assert all(colour.to_bytes(3, "big")[0] > 200 for colour in above[0])
    assert below[0][1].to_bytes(3, "big")[2] > 200
    assert picture_lines(((above[:2]), below))[0].spans == (Span("▀▀", Paint(*above[0])),)


def test_a_picture_never_takes_more_than_forty_kilobytes(noise: Path) -> None:
    halves = thumbnail(noise, 200, 16)
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
    assert drawing(picture, Graphics("kitty"), USUAL_CELL, 8, 2) is None


def test_a_file_that_is_no_picture_is_none(picture: Path) -> None:
    picture.write_bytes(picture.read_bytes()[:60])
    assert thumbnail(picture, 5, 2) == ()


KITTY, GHOSTTY, WEZTERM = (f"\x1bP>|{name}" for name in ("kitty(0.42.1)", "ghostty 1.2.0", "WezTerm 20240203"))
PLACES, CELL, SIXELS, NO_SIXELS = "\x1b_Gi=31;OK", "\x1b[6;20;10t", "\x1b[?62;4;22c", "\x1b[?64;1;22c"


@pytest.mark.parametrize(
    ("wish", "answers", "way"),
    [
        ("auto", (), Way.BLOCKS),
        ("auto", (KITTY, NO_SIXELS, PLACES), Way.KITTY),
        ("auto", (GHOSTTY, CELL, PLACES), Way.KITTY),
        ("auto", (KITTY, NO_SIXELS, "\x1b_Gi=31;ENOTSUPPORTED:no"), Way.BLOCKS),
        ("auto", (WEZTERM, CELL, SIXELS), Way.SIXEL),
        ("auto", (SIXELS, CELL), Way.SIXEL),
        ("auto", (SIXELS,), Way.BLOCKS),
        ("auto", (CELL, NO_SIXELS), Way.BLOCKS),
        ("auto", (CELL, "\x1b[?4;1c"), Way.BLOCKS),
        ("auto", ("\x1b[6;0;0t", SIXELS), Way.BLOCKS),
        ("kitty", (), Way.KITTY),
        ("sixel", (CELL,), Way.SIXEL),
        ("sixel", (), Way.BLOCKS),
        ("blocks", (KITTY, PLACES, CELL, SIXELS), Way.BLOCKS),
        ("off", (KITTY, PLACES, CELL, SIXELS), Way.OFF),
    ],
)
def test_a_picture_is_drawn_as_the_terminal_answers_that_it_can(wish: Pictures, answers: list[str], way: Way) -> None:
    graphics = Graphics(wish)
    for answer in answers:
        graphics.take(answer)
    assert graphics.way is way


@pytest.mark.parametrize(
    ("pixels", "cell"), [((644, 412), (8, 17)), ((0, 0), None), ((79, 412), None)], ids=["xterm", "untold", "odd"]
)
def test_a_cell_is_measured_where_the_terminal_does_not_answer(
    pixels: tuple[int, int], cell: tuple[int, int] | None
) -> None:
    ours, theirs = os.openpty()
    try:
        ioctl(theirs, TIOCSWINSZ, pack("HHHH", 24, 80, *pixels))
        graphics = Graphics("auto")
        graphics.take(SIXELS)
        graphics.measure(theirs)
        assert graphics.cell == cell
        assert graphics.way is (Way.SIXEL if cell else Way.BLOCKS)
        graphics.take(CELL)
        assert graphics.cell == (10, 20), "what the terminal answers is exact"
    finally:
        os.close(ours)
        os.close(theirs)


def test_only_a_terminal_that_draws_placeholders_is_asked_for_its_graphics() -> None:
    graphics = Graphics("auto")
    assert graphics.questions.endswith(b"\x1b[c"), "what every terminal answers comes last"
    assert [bool(graphics.take(name)) for name in (KITTY, GHOSTTY, WEZTERM)] == [True, True, False]
    assert not Graphics("off").questions + Graphics("blocks").questions + Graphics("kitty").questions


@pytest.mark.parametrize(
    ("wish", "passthrough", "outside", "way"),
    [
        ("auto", "on", "kitty(0.42) xterm-kitty", Way.KITTY),
        ("auto", "all", " xterm-ghostty", Way.KITTY),
        ("auto", "1", " xterm-kitty", Way.KITTY),
        ("auto", "off", " xterm-kitty", Way.BLOCKS),
        ("auto", "on", " xterm-256color", Way.BLOCKS),
        ("auto", "", "", Way.BLOCKS),
        ("kitty", "on", " xterm-256color", Way.KITTY),
        ("kitty", "off", " xterm-256color", Way.BLOCKS),
        ("sixel", "on", " xterm-256color", Way.BLOCKS),
        ("off", "on", " xterm-kitty", Way.OFF),
    ],
)
def test_tmux_has_to_pass_a_picture_on(wish: Pictures, passthrough: str, outside: str, way: Way) -> None:
    graphics = Graphics(wish)
    graphics.stand_in_tmux(passthrough, outside)
    assert graphics.way is way


def test_in_tmux_each_piece_of_a_picture_is_wrapped(picture: Path) -> None:
    graphics = Graphics("auto")
    graphics.stand_in_tmux("on", "xterm-kitty")
    made = drawing(picture, graphics, USUAL_CELL, 20, 8)
    assert made is not None
    assert re.fullmatch(r"(?:\x1bPtmux;\x1b\x1b_G[^\x1b]*\x1b\x1b\\\x1b\\)+", made.sequence)


def test_kitty_is_handed_a_png_in_chunks_for_as_many_cells_as_it_takes(noise: Path) -> None:
    made = drawing(noise, Graphics("kitty"), (10, 20), 40, 16)
    assert made is not None
    first, *others = re.findall(r"\x1b_G([^;]*);([A-Za-z0-9+/=]{1,4096})\x1b\\", made.sequence)
    assert first[0] == f"a=T,U=1,q=2,f=100,i={made.id},c={made.columns},r={made.rows},m=1"
    assert [about for about, _ in others] == ["m=1"] * (len(others) - 1) + ["m=0"]
    sent = Image.open(BytesIO(b64decode("".join(data for _, data in (first, *others)))))
    assert abs(sent.width / sent.height - 4 / 3) < 0.05
    assert (made.columns, made.rows) == (40, 15)


def test_sixels_are_the_picture(picture: Path) -> None:
    graphics = Graphics("sixel")
    graphics.take(CELL)
    made = drawing(picture, graphics, (10, 20), 32, 12)
    assert made is not None
    size, pixels = decoded(made.sequence)
    assert (size, (made.columns, made.rows)) == ((320, 240), (32, 12))
    for place, colour in {(0, 0): (255, 0, 0), (319, 119): (255, 0, 0), (0, 121): (0, 0, 255)}.items():
        assert pixels[place] == pytest.approx(colour, abs=24)
    assert len(pixels) == 320 * 240


def decoded(sequence: str) -> tuple[tuple[int, int], dict[tuple[int, int], tuple[int, ...]]]:
    """Return the size and the pixels of a picture as sixels, after the manual of the VT340."""
    found = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)(.*)\x1b\\', sequence)
    assert found
    palette: dict[int, tuple[int, ...]] = {}
    pixels: dict[tuple[int, int], tuple[int, ...]] = {}
    x = y = colour = 0
    for part in re.finditer(r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|(?:!(\d+))?([?-~])|([$-])", found[3]):
        if part[1]:
            colour = int(part[1])
            if part[2]:
                palette[colour] = tuple(int(each) * 255 // 100 for each in part.group(2, 3, 4))
        elif part[7]:
            x, y = 0, y + 6 * (part[7] == "-")
        else:
            run, bits = int(part[5] or 1), ord(part[6]) - 63
            pixels |= {(x + n, y + bit): palette[colour] for n in range(run) for bit in range(6) if bits >> bit & 1}
            x += run
    return (int(found[1]), int(found[2])), pixels


@pytest.mark.parametrize("wish", ["kitty", "sixel"])
def test_no_picture_takes_more_than_forty_kilobytes_with_its_cells(noise: Path, wish: Pictures) -> None:
    graphics = Graphics(wish)
    graphics.take(CELL)
    made = drawing(noise, graphics, (10, 20), 300, 16)
    assert made is not None
    cells = sum(len(made.row(row).encode()) for row in range(made.rows))
    assert 10_000 < len(made.sequence) + cells <= 40_000


@pytest.mark.parametrize("wish", ["kitty", "sixel"])
def test_a_picture_is_never_wider_than_its_cells_can_be_counted(tmp_path: Path, wish: Pictures) -> None:
    panorama = tmp_path / "panorama.png"
    Image.new("RGB", (4000, 300), "teal").save(panorama)
    graphics = Graphics(wish)
    graphics.take(CELL)
    made = drawing(panorama, graphics, (10, 20), 300, 6)
    assert made is not None
    assert 40 < made.columns <= len(DIACRITICS)
    assert made.row(0).count(PLACEHOLDER) == made.columns


def test_the_marks_of_cells_take_no_room_of_their_own() -> None:
    assert {cell_width(f"{PLACEHOLDER}{mark}") for mark in DIACRITICS} == {1}
    made = Drawing(Way.KITTY, 0xABCDEF, len(DIACRITICS), 2)
    [first, second] = lines_of_parts(map(made.row, range(2)), made.id)
    assert (first.spans[0].width, first.spans[0].tone) == (len(DIACRITICS), Paint(0xABCDEF))
    assert not set(second.text.split(PLACEHOLDER)[1:]) & set(first.text.split(PLACEHOLDER)[1:])
