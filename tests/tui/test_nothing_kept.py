"""A screen that stands open for days keeps nothing of what is over: dialogs, toasts, news, tasks that came and went."""

from __future__ import annotations

import functools
import gc
from collections.abc import Awaitable, Callable
from weakref import ref

import pytest
from app_harness import HandSession, MakeApp, MakeSession, song, until
from textual.events import AppBlur, AppFocus
from textual.pilot import Pilot
from textual.widget import Widget

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.widgets import table_lines

SIZE = (120, 40)
TIMES = 6
MOST_A_TIME = 40
"""Objects: timers that are not over and the like; the least widget that is kept has a hundred."""

FEW = 10
"""Lines that the table keeps here, so that its caches are full from the start."""

DIALOGS = {
    "help": ("question_mark",),
    "add": ("a",),
    "palette": ("ctrl+p",),
    "label": ("e",),
    "theme": ("t",),
}

LOOKS = {
    "cursor": ("j", "k", "G", "g", "l", "h"),
    "filter": ("slash", "r", "backspace", "escape"),
    "phases": ("exclamation_mark", "exclamation_mark", "v", "v"),
    "order": ("s", "S"),
    "panel": ("d", "d", "right_square_bracket", "left_square_bracket", "f", "f"),
    "marks": ("space", "j", "space", "U"),
    "removal": ("x", "u"),
    "asking": ("r", "p", "p"),
    "redraw": ("ctrl+l",),
}

News = Callable[[HandSession, MonitorApp, int], None]


def changes(session: HandSession, _app: MonitorApp, number: int) -> None:
    session.engine.learn(song(1, Phase.RUNNING if number % 2 else Phase.FAILED, title=f"Title {number}"))


def trouble(session: HandSession, _app: MonitorApp, number: int) -> None:
    session.engine.tell(Link() if number % 2 else Link(trouble=Trouble(f"No answer {number}.", since=0.0)))


def comings_and_goings(session: HandSession, _app: MonitorApp, number: int) -> None:
    new = song(1000 + number, Phase.RUNNING)
    session.watch_list.add([new.id], now=session.clock.now())
    session.engine.mirror()
    session.engine.learn(new)
    session.watch_list.remove([new.id], now=session.clock.now())
    session.engine.mirror()


def ticks(session: HandSession, app: MonitorApp, _number: int) -> None:
    session.clock.time += 5
    app.main.tick()


def toasts(_session: HandSession, app: MonitorApp, number: int) -> None:
    app.say(f"Text {number}", title="Title")


def focus(_session: HandSession, app: MonitorApp, number: int) -> None:
    app.post_message(AppFocus() if number % 2 else AppBlur())


NEWS = (changes, trouble, comings_and_goings, ticks, toasts, focus)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*(song(number, Phase.RUNNING if number % 2 else Phase.DONE) for number in range(30)))


@pytest.fixture
def app(session: HandSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> MonitorApp:
    for name in ("KEPT", "LINES_KEPT"):
        monkeypatch.setattr(table_lines, name, FEW)
    return make_app(session)


@pytest.mark.parametrize("keys", DIALOGS.values(), ids=DIALOGS)
async def test_a_dialog_that_was_left_is_gone(app: MonitorApp, keys: tuple[str, ...]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(2):  # the first also makes what is made once
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen is not app.main, "the dialog")
            await pilot.pause()
            widgets = [ref(widget) for widget in app.screen.walk_children(Widget, with_self=True)]
            lines = [ref(widget._styles_cache) for widget in app.screen.walk_children(Widget, with_self=True)]
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.main, "the main screen")
            await pilot.press("j")  # what the last key went through is remembered until the next
        await until(pilot, lambda: not living(*widgets, *lines), "the end of all that it was made of")


@pytest.mark.parametrize("keys", LOOKS.values(), ids=LOOKS)
async def test_looking_around_leaves_nothing_behind(app: MonitorApp, keys: tuple[str, ...]) -> None:
    async with app.run_test(size=SIZE) as pilot:

        async def look(_number: int) -> None:
            await pilot.press(*keys)

        await check(pilot, look)


@pytest.mark.parametrize("news", NEWS)
async def test_news_leave_nothing_behind(app: MonitorApp, session: HandSession, news: News) -> None:
    async with app.run_test(size=SIZE) as pilot:

        async def hear(number: int) -> None:
            news(session, app, number)

        await check(pilot, hear)


def living(*things: ref[object]) -> int:
    """Count what is still there once garbage is collected; a timer that is not over may keep a thing for seconds."""
    gc.collect()
    return sum(one() is not None for one in things)


async def check(pilot: Pilot[int], step: Callable[[int], Awaitable[None]]) -> None:
    """Do something some times, and as often again: the second time nothing grows but timers that are not over."""

    async def repeat(begin: int) -> None:
        for number in range(begin, begin + TIMES):
            await step(number)
            await pilot.pause()

    await repeat(0)
    before = objects()
    await repeat(TIMES)
    await until(pilot, lambda: objects() < before + TIMES * MOST_A_TIME, f"fewer objects than {before} and some")


def objects() -> int:
    """Count all objects but for what functions with a cache of limited size remember."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
    gc.collect()
    return len(gc.get_objects())
