"""Where only ASCII is drawn, it is so in every glyph, border and scroll bar; the text of others stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from app_harness import HandSession, MakeApp, MakeSession, screen_text, song, until, words
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.view.lines import encodable

SIZES = [(120, 40), (80, 24), (60, 20), (40, 10)]
WALK: Sequence[tuple[Sequence[str], Sequence[str]]] = [
    ((), ()),
    (("tab",), ()),
    (("]",), ()),
    (("]",), ()),
    (("]",), ("1", "tab")),
    (("f",), ("f",)),
    (("/",), ("escape",)),
    (("!",), ("escape",)),
    (("s", "S", "space"), ("U",)),
    (("C",), ("C",)),
    (("y",), ()),
    (("x",), ("u",)),
    (("p",), ("p",)),
    (("r",), ()),
]
"""Keys that lead to another look of the main screen, and those that lead back."""

DIALOGS = ("a", "e", "t", "?", ":", "ctrl+y")

TITLES = ("夜の歌 №1 – “…”", "Don’t stop · the ★ → ❯", "▓▒░ ── ◌▸►✓◒✗ ── ░▒▓", "Ünïcödé ♪")
"""Also with signs that the program itself draws with elsewhere."""


def the_session(make_session: MakeSession, *titles: str) -> HandSession:
    """Return a session of one task of each phase; the first title is also that of a task with lyrics."""
    songs = [song(number, phase, title=titles[number % len(titles)]) for number, phase in enumerate(Phase)]
    return make_session(*songs, words(9, f"[Verse]\n{titles[0]}\n" * 40))


def not_ascii(text: str) -> set[str]:
    return {character for character in text if not character.isascii()}


def drawn_in_ascii(app: MonitorApp, keys: Sequence[str]) -> str:
    shown = screen_text(app)
    assert shown.strip(), keys
    assert not not_ascii(shown), keys
    return shown


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_screen_is_drawn_in_ascii(
    make_session: MakeSession, make_app: MakeApp, size: tuple[int, int]
) -> None:
    app = make_app(the_session(make_session, "A title that is longer than its column"), ascii=True)
    seen = set()
    async with app.run_test(size=size, notifications=True) as pilot:
        for keys, back in WALK:
            await pilot.press(*keys)
            await pilot.pause()
            seen.add(drawn_in_ascii(app, keys))
            await pilot.press(*back)
        for key in DIALOGS:
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not app.main, f"the dialog of {key}")
            await pilot.pause()
            seen.add(drawn_in_ascii(app, key))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.main, "the main screen")
    assert len(seen) >= len(WALK) + len(DIALOGS) - ALIKE


ALIKE = 5
"""Looks that may be like another one where there is little room."""


@pytest.mark.parametrize("title", TITLES)
async def test_the_text_of_others_stays_as_it_is(make_session: MakeSession, make_app: MakeApp, title: str) -> None:
    app = make_app(the_session(make_session, title), ascii=True)
    async with app.run_test(size=(160, 40)) as pilot:
        await until(pilot, lambda: screen_text(app).count(title) > len(Phase), "the title, in the table and the panel")


@pytest.mark.parametrize("size", [*SIZES, (30, 8)], ids=str)
async def test_trouble_and_smallness_are_told_in_ascii(
    make_session: MakeSession, make_app: MakeApp, size: tuple[int, int]
) -> None:
    session = the_session(make_session, "Plain")
    session.engine.link = Link(
        Trouble("The gateway's answer is a web page.", "错误 500"), next_poll=1.0, read_only=True
    )
    app = make_app(session, ascii=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert not_ascii(screen_text(app)) <= set("错误")


async def test_elsewhere_glyphs_and_borders_are_drawn(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(the_session(make_session, *TITLES))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert {"夜", "│", Phase.DONE.glyph} <= set(screen_text(app))


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("gbk", "夜の歌 — ?"), ("iso8859-1", "?????? - ?"), ("ascii", "?????? - ?")],
)
async def test_where_the_terminal_reads_no_utf8_what_its_encoding_has_stays(
    make_session: MakeSession, make_app: MakeApp, encoding: str, title: str
) -> None:
    app = make_app(make_session(song(0, title="夜の歌 — ♬")), ascii=True)
    app = make_app(
        app.context.session, ascii=True, capabilities=app.context.options.capabilities._replace(encoding=encoding)
    )
    async with app.run_test(size=(160, 40)) as pilot:
        await until(pilot, lambda: screen_text(app).count(title) == 2, "the title, twice")
        screen_text(app).encode(encoding)


@given(st.text(), st.sampled_from(["utf-8", "gbk", "big5", "iso8859-1", "koi8-r", "ascii"]))
def test_a_stand_in_is_as_wide_as_what_it_stands_for(text: str, encoding: str) -> None:
    shown = encodable(text, encoding)
    assert sum(map(cell_width, shown)) == sum(map(cell_width, text))
    assert shown.encode(encoding).decode(encoding) == shown
    assert encodable(shown, encoding) == shown
