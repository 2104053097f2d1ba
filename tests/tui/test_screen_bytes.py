"""In a real terminal: what is painted bit by bit is the whole screen."""

from __future__ import annotations

import fcntl
import struct
import termios
from collections.abc import Iterator

import pytest
from support.other_pane import OtherPane, tasks
from support.terminal import ESCAPE, Open, Terminal

from ecovai_tui.tasks.model import Phase

REDRAW = b"\x0c"
WALK = [b"jjjj", b"f", b"/rain\r", ESCAPE]
"""Some of the keys after which tests/tui/test_screen_whole.py compares all cells: here a real driver sends them."""
COLUMNS, LINES = 100, 24


@pytest.fixture
def terminal(environment: dict[str, str], open_quickly: Open) -> Iterator[Terminal]:
    with OtherPane(environment) as pane:
        pane.watch([*tasks(60), *(task for task in tasks(70, Phase.FAILED)[60:])])
        opened = open_quickly(columns=COLUMNS, lines=LINES, environment=pane.environment)
        opened.wait_for("Midnight")
        opened.settle()
        yield opened


def seen(terminal: Terminal) -> list[list[tuple[object, ...]]]:
    """Return every cell, as far as it can be seen."""
    screen = terminal.screen
    cells = ([screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines))
    return [
        [(c.data, c.bg, c.reverse, *([] if c.data == " " and not c.reverse else [c.fg, c.bold])) for c in line]
        for line in cells
    ]


def test_after_keys_of_every_kind_the_screen_is_what_painting_it_again_makes_it(terminal: Terminal) -> None:
    for keys in WALK:
        terminal.sent_for(keys)
        before = seen(terminal)
        terminal.sent_for(REDRAW)
        assert seen(terminal) == before, keys


def test_a_resize_leaves_nothing_of_the_former_size(terminal: Terminal) -> None:
    terminal.sent_for(b"jjj")
    for columns, lines in ((80, 20), (COLUMNS, LINES)):
        terminal.screen.resize(lines, columns)
        fcntl.ioctl(terminal.file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        terminal.settle()
        before = seen(terminal)
        terminal.sent_for(REDRAW)
        assert seen(terminal) == before
