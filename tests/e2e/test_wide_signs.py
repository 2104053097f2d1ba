"""The program in a terminal of East Asia, which draws signs of ambiguous width two cells wide: the grid holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from unicodedata import east_asian_width

import pyte.screens
import pytest
from support.terminal import ESCAPE, TAB, Open, Terminal

CORNERS, UPRIGHTS, OF_THE_USUAL_SET = set("╷╵"), set("╎▐"), set("╭╮╰╯│─┃…")
PHASES = set("◌▸►✓◒✗?!")
SCREENS = (b"", b"2", b"3", b"f", b"f", b"?", ESCAPE, b":", ESCAPE, b"c", ESCAPE, TAB, ESCAPE, b"/", b"l", b"i")
"""The keys that lead from one screen to the next."""

_WIDTH = pyte.screens.wcwidth


def width_in_east_asia(character: str) -> int:
    return 2 if east_asian_width(character) == "A" else int(_WIDTH(character))


@pytest.fixture
def open_wide(open_program: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], Terminal]:
    """Open the demo in such a terminal, which says where its cursor is when it is asked."""

    def start(columns: int, lines: int) -> Terminal:
        monkeypatch.setattr(pyte.screens, "wcwidth", width_in_east_asia)
        terminal = open_program("--demo", columns=columns, lines=lines)
        terminal.screen.write_process_input = terminal.press
        return terminal

    return start


def grid(terminal: Terminal) -> list[list[str]]:
    """Return what stands in each cell, "" in the right half of a wide character."""
    buffer = terminal.screen.buffer
    return [[buffer[y][x].data for x in range(terminal.screen.columns)] for y in range(terminal.screen.lines)]


def strays(cells: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """Return where an upright of a frame stands in a column without a corner: its row was pushed aside."""
    corners = {x for row in cells for x, sign in enumerate(row) if sign in CORNERS}
    uprights = {(x, y) for y, row in enumerate(cells) for x, sign in enumerate(row) if sign in UPRIGHTS}
    return {(x, y) for x, y in uprights if x not in corners}


def test_frames_stay_upright_on_every_screen(open_wide: Callable[[int, int], Terminal]) -> None:
    terminal = open_wide(120, 40)
    terminal.wait_for("╷╌ Tasks ╌+ [0-9]+ watched ╌╷╷╌ Song ╌")
    for key in SCREENS:
        terminal.press(key)
        terminal.settle()
        assert not OF_THE_USUAL_SET & set(terminal.text), terminal.text
        assert strays(grid(terminal)) == set(), f"{key!r}\n{terminal.text}"


def test_columns_stand_below_their_heads_without_frames(open_wide: Callable[[int, int], Terminal]) -> None:
    terminal = open_wide(80, 24)
    terminal.wait_for("Phase +Clips +Took +Title +Submitted")
    terminal.wait_for("╌ Song ╌")
    terminal.settle()
    heads, *below = grid(terminal)[1:]
    table = below[: next(y for y, row in enumerate(below) if row[0] == "╌")]
    phase, submitted = heads.index("P"), heads.index("S")
    assert len(table) >= 8
    for row in table:
        assert row[phase] in PHASES, terminal.text
        assert (row[submitted - 1], row[submitted] != " ") == (" ", True), terminal.text
