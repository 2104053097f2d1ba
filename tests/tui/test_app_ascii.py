"""Where only ASCII is safe, nothing else is on the screen: no glyph, no border, no scroll bar, no title."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from app_harness import HandSession, MakeApp, MakeSession, song, until, words
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.interface.ascii import to_ascii
from ecovai_tui.monitor.update import Link, Role, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.app import MonitorApp

SIZES = [(120, 40), (80, 24), (60, 20), (40, 10)]
KEYS: Sequence[Sequence[str]] = [
    (),
    ("tab",),
    ("tab", "]"),
    ("tab", "]", "]"),
    ("tab", "]", "]", "]"),
    ("f",),
    ("/",),
    ("!",),
    ("s", "S", "space"),
    ("C",),
    ("a",),
    ("e",),
    ("t",),
    ("?",),
    (":",),
    ("ctrl+y",),
    ("y",),
    ("x",),
    ("p",),
    ("r",),
]


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    songs = [song(number, phase, title=f"夜の歌 №{number} – “…”") for number, phase in enumerate(Phase)]
    return make_session(*songs, words(9, "[Verse]\n雨が降る\n" * 40))


def screen_of(app: MonitorApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", KEYS, ids=" ".join)
async def test_every_screen_is_ascii(
    session: HandSession, make_app: MakeApp, keys: Sequence[str], size: tuple[int, int]
) -> None:
    app = make_app(session, ascii=True)
    async with app.run_test(size=size, notifications=True) as pilot:
        main = app.main
        await pilot.press(*keys)
        if keys and keys[-1] in {"a", "e", "t", "?", ":", "ctrl+y"}:
            await until(pilot, lambda: app.screen is not main, "the dialog")
        await pilot.pause()
        shown = screen_of(app)
        assert shown.strip()
        assert shown.isascii(), {character for character in shown if not character.isascii()}


@pytest.mark.parametrize("size", [*SIZES, (30, 8)], ids=str)
async def test_trouble_and_smallness_are_told_in_ascii(
    session: HandSession, make_app: MakeApp, size: tuple[int, int]
) -> None:
    session.monitor.role = Role.READ_ONLY
    session.monitor.link = Link(Trouble("The gateway’s “answer” is … a web page.", "错误 · 500"), next_look=1.0)
    app = make_app(session, ascii=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert screen_of(app).isascii()


async def test_elsewhere_glyphs_and_borders_are_drawn(session: HandSession, make_app: MakeApp) -> None:
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert {"夜", "│", Phase.DONE.glyph} <= set(screen_of(app))


async def test_a_title_reads_the_same_in_the_table_and_in_the_panel(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    app = make_app(make_session(song(0, title="夜 – “é…”")), ascii=True)
    async with app.run_test(size=(160, 40)) as pilot:
        await until(pilot, lambda: screen_of(app).count('?? - "?~"') == 2, "the title, twice")


@given(st.text())
def test_a_stand_in_is_as_wide_as_what_it_stands_for(text: str) -> None:
    assert to_ascii(text).isascii()
    assert cell_width(to_ascii(text)) == sum(map(cell_width, text))
