"""No widget ever shows its own name, as Textual's do where they have nothing else to show: not even for one frame."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator

import pyte
from app_harness import MakeApp, MakeSession, song, until
from support.other_pane import BesidePane
from support.terminal import CTRL_C, ESCAPE, Open, Terminal
from textual.widget import Widget

import ecovai_tui.tui
from ecovai_tui.tui.app import MonitorApp

SIZES = [(120, 40), (80, 24), (40, 10)]
DIALOGS = {"a": "Add tasks", "e": "empty", "t": "Theme", "?": "Help", ":": "All actions", "\x19": "Copy"}
"""Keys that open a dialog, and what stands in it."""

LOOKS = ["]", "]", "]", "j", "l", "\t", "f", "f", "d", "d", "C", "C", " ", "U", "!", "!", "s", "x", "u", "p", "p"]
"""Keys that show the main screen in another way."""


def our_widgets() -> set[type[Widget]]:
    for module in pkgutil.walk_packages(ecovai_tui.tui.__path__, "ecovai_tui.tui."):
        importlib.import_module(module.name)
    return {kind for kind in kinds_below(Widget) if kind.__module__.startswith("ecovai_tui.")}


def kinds_below(kind: type[Widget]) -> Iterator[type[Widget]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds_below(below)


def shows_its_name(kind: type[Widget]) -> bool:
    """Return whether a widget of this class says nothing of what it shows, and is no container of Textual's."""
    silent = kind.render is Widget.render and kind.render_line is Widget.render_line
    return silent and not any("layout:" in getattr(base, "DEFAULT_CSS", "") for base in kind.__mro__)


def test_every_widget_of_ours_says_what_it_shows() -> None:
    assert not {kind.__name__ for kind in our_widgets() if shows_its_name(kind)}


async def names_on_all_screens(app: MonitorApp) -> tuple[set[str], set[str]]:
    """Return the names of the classes, and the ids, of all widgets that ever stand on a screen."""
    classes, ids = set[str](), set[str]()

    def note() -> None:
        for widget in [widget for screen in app.screen_stack for widget in screen.walk_children(with_self=True)]:
            classes.update(kind.__name__ for kind in type(widget).__mro__ if issubclass(kind, Widget))
            ids.update(filter(None, [widget.id]))

    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.main.panes.panel.subject is not None, "the panel")
        note()
        for key in [*DIALOGS, "/"]:
            await pilot.press({":": "colon", "?": "question_mark", "\x19": "ctrl+y", "/": "slash"}.get(key, key))
            opens = key != "/"
            await until(pilot, lambda opens=opens: (app.screen is not app.main) is opens, "the dialog")  # type: ignore[misc]
            note()
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.main, "the main screen")
        await pilot.resize_terminal(30, 8)
        await until(pilot, lambda: bool(app.main.query("#too-small")), "the sentence")
        note()
    return classes, ids


def own_name(classes: Iterable[str], ids: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a widget's name: a class with or without id and classes behind it, an id behind its sign."""
    kinds, signs = ("|".join(map(re.escape, sorted(names, key=len, reverse=True))) for names in (classes, ids))
    return re.compile(rf"(?<![\w-])(?:(?:{kinds})(?![\w-])|#(?:{signs})(?![\w-]))")


def frames(received: bytes, columns: int, lines: int) -> Iterator[str]:
    """Yield every line of the screen each time that anything is written on it, from the first byte on."""
    screen = pyte.Screen(columns, lines)
    stream = pyte.ByteStream(screen)
    for piece in re.split(
        rb"(?=\x1b\[\d+;\d+H)", re.sub(rb"\x1b\[[<=>?][\d;$]*[a-zA-Z]|\x1b\][^\x07]*\x07", b"", received)
    ):
        screen.dirty.clear()
        stream.feed(piece)
        for y in screen.dirty:
            yield "".join(screen.buffer[y][x].data for x in range(columns))


def walk_through(terminal: Terminal) -> None:
    """Go through all screens."""
    terminal.wait_for("nothing due|waiting|done|✓")
    for key in (*LOOKS, *(one for opening in (*DIALOGS, "/") for one in (opening, "o", ESCAPE, ESCAPE))):
        terminal.press(key)
        terminal.pause()
    terminal.settle()


async def test_no_frame_ever_shows_the_name_of_a_widget(
    make_session: MakeSession, make_app: MakeApp, beside: BesidePane, open_quickly: Open
) -> None:
    name = own_name(*await names_on_all_screens(make_app(make_session(song(1), song(2)))))
    assert name.search("  Widget#panel  ")
    environment = beside(25).environment
    for columns, lines in SIZES:
        terminal = open_quickly(environment=environment, columns=columns, lines=lines)
        walk_through(terminal)
        terminal.press(CTRL_C)
        assert terminal.exit_code() == 0
        shown = [line for line in frames(bytes(terminal.received), columns, lines) if name.search(line)]
        assert not shown, (columns, lines)
