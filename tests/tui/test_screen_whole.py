"""After every key: what was painted bit by bit, dialogs and all, is what the whole screen looks like."""

from __future__ import annotations

from io import StringIO

import pyte
import pytest
from app_harness import MakeApp, MakeSession, song, until
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui import panel_controller
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.textual_patches.screen_buffer import Difference

WIDTH, HEIGHT = 100, 24
WALKS = {
    "panel": ["jjjj", "f", "f", "d", "d", "G", "g", "<tab>", "]", "]", "]", "G", "g", "<tab>", "l", "h"],
    "dialogs": ["?", "jjjj", "<escape>", ":", "co", "<escape>", "t", "<down>", "<enter>", "a", "abc", "<escape>"],
    "lists": ["/", "rain", "<enter>", "<escape>", "!", "!", "s", "S", "C", "C", "   ", "U", "e", "x", "<escape>"],
    "menu": ["<ctrl+y>", "<escape>"],
}
"""Ways through the program; each ends where it begins."""


class Painting:
    """A terminal that receives what a headless app would have sent, and the whole screen to hold against it."""

    def __init__(self, app: MonitorApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._console = Console(file=StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self._screen)
        self.paints = 0
        displayed = app._display

        def display(screen: Screen[object], renderable: RenderableType | None) -> None:
            if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not app._batch_count:
                self._stream.feed(Difference(renderable, app._frame, self._console).sent)
                self.paints += 1
            displayed(screen, renderable)

        monkeypatch.setattr(app, "_display", display)

    @property
    def is_whole(self) -> bool:
        """Return whether the terminal shows what painting everything again would make it show."""
        self._app.main.table.notify_style_update()  # forget what was drawn
        update = self._app.screen._compositor.render_update(full=True, screen_stack=self._app._background_screens)
        assert isinstance(update, LayoutUpdate)
        whole = pyte.Screen(WIDTH, HEIGHT)
        pyte.Stream(whole).feed(update.render_segments(self._console))
        return seen(self._screen) == seen(whole)


def seen(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """Return every cell, as far as it can be seen."""
    cells = ([screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT))
    return [
        [(c.data, c.bg, c.reverse, *([] if c.data == " " and not c.reverse else [c.fg, c.bold])) for c in line]
        for line in cells
    ]


def pressed(keys: str) -> list[str]:
    """Return the keys of a step, which is one key's name or what is typed."""
    return [keys.strip("<>")] if keys.startswith("<") else ["space" if key == " " else key for key in keys]


@pytest.mark.parametrize("way", WALKS)
async def test_after_every_key_the_screen_is_what_painting_it_again_makes_it(
    way: str, make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_controller, "RESTED_AFTER", 0.001)
    titles = ("Midnight Rain", "春の歌 — 桜が散る前に", "Ode [Verse]", "夜曲")
    songs = (song(n, title=f"{titles[n % 4]} {n}") for n in range(40))
    app = make_app(make_session(*songs, *(song(n, Phase.FAILED) for n in range(40, 50))))
    painting = Painting(app, monkeypatch)
    async with app.run_test(size=(WIDTH, HEIGHT), notifications=True) as pilot:
        for keys in WALKS[way]:
            await pilot.press(*pressed(keys))
            await until(pilot, lambda: painting.is_whole, f"the whole screen after {keys!r}")
    assert painting.paints > len(WALKS[way])


async def test_what_is_not_sent_is_missed(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_session(song(1), song(2)))
    painting = Painting(app, monkeypatch)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await until(pilot, lambda: painting.is_whole, "the whole screen")
        monkeypatch.setattr(app._frame, "draw", lambda *_: "")
        await pilot.press("j")
        await until(pilot, lambda: not painting.is_whole, "the lack")
