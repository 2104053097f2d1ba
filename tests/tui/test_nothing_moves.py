"""Every message in its place: whatever is told, and however long it is, no row of the table moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from app_harness import NOON, HandSession, screen_text, until
from textual.geometry import Region

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tui import toasts as toasts_module
from ecovai_tui.tui.app import MonitorApp

SIZES = [(160, 40), (80, 24), (40, 10)]
LONG = "It cannot be read, and what it means is told at such a length that no pane has a line for all of it. " * 4

Step = Callable[[MonitorApp, HandSession], None]


def break_list(_app: MonitorApp, session: HandSession) -> None:
    session.engine.problem = f"watchlist.toml: {LONG}\nAnd another thing."
    session.engine.tell(Link())


def lose_link(_app: MonitorApp, session: HandSession) -> None:
    session.engine.tell(Link(Trouble(LONG, detail=LONG, kind="offline", since=NOON), next_poll=NOON + 40))


def stop(app: MonitorApp, _session: HandSession) -> None:
    app.main.engine_failed(ValueError(LONG))


def warn(app: MonitorApp, _session: HandSession) -> None:
    app.say(f"Beware: {LONG}", gravity="warning")


def lose_key(_app: MonitorApp, session: HandSession) -> None:
    session.engine.tell(Link(read_only=True))


TOLD: Sequence[tuple[Step, str]] = (
    (lose_key, "no key"),
    (break_list, "watchlist.toml:"),
    (lose_link, "gain at "),
    (warn, "Beware:"),
    (stop, "The monitor stopped"),
)


def rows_of(app: MonitorApp) -> dict[str, int]:
    """Return on which line of the screen each title of a task stands."""
    lines = screen_text(app).splitlines()
    return {word: y for y, text in enumerate(lines) for word in ("Song 0", "Song 1", "Song 5") if f" {word} " in text}


def key_takes_warning(app: MonitorApp) -> bool:
    """Let a warning go as a key does, and return whether none is left."""
    app.main.toasts.take_key()
    return not app.main.toasts.lines


@pytest.mark.parametrize("compact", [False, True], ids=["usual", "compact"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_no_message_moves_a_row_however_long_it_is(
    app: MonitorApp, session: HandSession, size: tuple[int, int], compact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts_module, "SHOWN_FOR", 0.01)
    async with app.run_test(size=size) as pilot:
        if compact:
            await pilot.press("C")
            await until(pilot, lambda: not app.main.query_one("#status").display, "the table alone")
        await until(pilot, lambda: "Song 1" in rows_of(app), "the rows")
        before, panel = rows_of(app), app.main.panes.place.region
        assert len(before) == 3
        for tell, word in TOLD[compact:]:  # a pane without bars has nowhere to say that there is no key
            tell(app, session)
            await until(pilot, lambda word=word: word in screen_text(app) and rows_of(app) == before, word)
            assert app.main.panes.place.region == panel
            await until(pilot, lambda: key_takes_warning(app), "the end of a warning")
        session.engine.problem, app.main.failure = "", ""
        session.engine.tell(Link())
        await until(pilot, lambda: not any(word in screen_text(app) for _, word in TOLD), "the end of it")
        assert rows_of(app) == before


@pytest.mark.parametrize("size", [(120, 15), (40, 10)], ids=str)
async def test_a_filter_is_typed_over_no_row_where_the_bars_are_away(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("C")
        await until(pilot, lambda: not app.main.query_one("#status").display, "the table alone")
        await pilot.press("slash", *"song")
        await until(pilot, lambda: "/ song" in screen_text(app), "the words")
        assert "Song 0" in rows_of(app)
        assert not Region.intersection(app.main.query_one("#filter").region, rows_region(app))


def rows_region(app: MonitorApp) -> Region:
    """Return where the rows of the table are, without edge and heads."""
    place, first = app.main.table.region, min(rows_of(app).values())
    return Region(place.x, first, place.width, place.bottom - first)


async def test_what_was_cut_can_be_read_in_whole(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        break_list(app, session)
        warn(app, session)
        await until(pilot, lambda: screen_text(app).count("i reads on") == 2, "the ways to the rest")
        await pilot.press("i")
        told = ("What is wrong", "And another thing.", "What was said", "Beware: It cannot")
        await until(pilot, lambda: all(words in screen_text(app) for words in told), "all of it")
