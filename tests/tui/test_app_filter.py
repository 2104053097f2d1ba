"""The language of the filter on the screen: faults, lyrics, patterns that take long, and what time changes."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from app_harness import HandSession, MakeApp, MakeSession, screen_text, song, until
from textual.pilot import Pilot

from ecovai_tui.tasks import terms
from ecovai_tui.tasks.model import Phase, Task
from ecovai_tui.tui import list_controller
from ecovai_tui.tui.app import MonitorApp

SIZE = (140, 30)


def sung(number: int, title: str, lyrics: str) -> Task:
    """Return a song with lyrics."""
    made = song(number, title=title)
    return made._replace(clips=tuple(clip._replace(lyrics=lyrics) for clip in made.clips))


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(
        sung(1, "Harbour Lights", "The boats came in"),
        sung(2, "Harbour Rain", "Leave a light on"),
        song(3, Phase.FAILED, title="Sun", fail_reason="insufficient_user_quota"),
    )


def footer(app: MonitorApp) -> str:
    return screen_text(app).splitlines()[-1].rstrip()


def heads(app: MonitorApp) -> str:
    """Return the row of the names of the columns."""
    return app.main.table.line_at(0).text


def titles(app: MonitorApp) -> list[str]:
    found = (app.main.task_list.find(name) for name in app.main.task_list.shown)
    return sorted(task.summary.title for task in found if task is not None)


async def type_filter(app: MonitorApp, pilot: Pilot[int], text: str) -> None:
    """Write a text in place of the filter's."""
    if not app.main.listing.typing:
        await pilot.press("slash")
    app.main.listing.filter_line.input.value = text
    await pilot.pause()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("phase:failed", ["Sun"]),
        ('"too little money"', ["Sun"]),
        ("harbour !rain", ["Harbour Lights"]),
        ("~^harbour", ["Harbour Lights", "Harbour Rain"]),
        ("title：lights", ["Harbour Lights"]),
    ],
)
async def test_the_language_works_as_it_is_typed(app: MonitorApp, text: str, shown: list[str]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, text)
        assert titles(app) == shown


async def test_a_fault_is_told_below_and_the_last_filter_stays_in_force(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "lights")
        await type_filter(app, pilot, "lights took>")
        assert '  ✗ took> needs a time, such as took>2m.  Shown meanwhile: "lights"' in heads(app)
        assert titles(app) == ["Harbour Lights"]
        await type_filter(app, pilot, "lights took>2d")
        assert "needs a time" not in screen_text(app)
        assert titles(app) == []


async def test_what_is_cut_of_the_fault_ends_with_a_sign(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, f"!{'long' * 10}")
        await type_filter(app, pilot, f"!{'long' * 10} took>")
        assert heads(app).rstrip().endswith("…")


async def test_what_is_said_does_not_stand_before_a_fault(app: MonitorApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.say("Something else")
        await until(pilot, lambda: "Something else" in footer(app), "what is said")
        await type_filter(app, pilot, "age>")
        await until(pilot, lambda: "age> needs a time" in footer(app), "the fault")
        await type_filter(app, pilot, "age>1d")
        await until(pilot, lambda: "Something else" in footer(app), "what is said")


async def test_enter_does_not_keep_what_cannot_be_read(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "phse:done")
        await pilot.press("enter")
        assert app.main.listing.typing
        assert "Did you mean phase?" in heads(app)
        await pilot.press("escape")
        assert not app.main.listing.typing
        assert len(titles(app)) == 3
        assert "Did you mean" not in screen_text(app)


async def test_a_filter_with_a_fault_that_is_left_with_a_click_gives_way_to_the_last_one(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "rain")
        await type_filter(app, pilot, "rain ~(")
        await pilot.click("#table", offset=(4, 4))
        await until(pilot, lambda: not app.main.listing.filter_line.display, "the line put away")
        await pilot.press("slash")
        assert app.main.listing.filter_line.input.value == "rain"
        assert "no pattern" not in footer(app)


async def test_lyrics_are_looked_through_off_the_event_loop(
    session: HandSession, app: MonitorApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.replica._database.run(lambda connection: connection.execute(f"VACUUM INTO '{tmp_path}/copy'"))
    monkeypatch.setattr(session.replica, "_path", tmp_path / "copy")
    look, threads = list_controller.find_lyrics_in_file, list[str]()
    go_on = threading.Event()

    def look_slowly(*asked: object) -> object:
        threads.append(threading.current_thread().name)
        assert go_on.wait(20)
        return look(*asked)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(list_controller, "find_lyrics_in_file", look_slowly)
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "lyrics:boats")
        await until(pilot, lambda: bool(threads), "the search")
        assert threading.main_thread().name not in threads
        await until(pilot, lambda: "looking ..." in footer(app), "that it looks")
        assert len(titles(app)) == 3
        await pilot.press("down")
        assert app.main.table.cursor_id == app.main.task_list.shown[1]
        go_on.set()
        await until(pilot, lambda: titles(app) == ["Harbour Lights"], "what has the lyrics")
        assert "looking" not in footer(app)


async def test_of_several_searches_the_last_one_counts(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "lyrics:boats")
        await type_filter(app, pilot, "lyrics:light")
        await until(pilot, lambda: not app.main.listing.looking, "the search")
        assert titles(app) == ["Harbour Rain"]
        await type_filter(app, pilot, "lyrics:boats")
        await type_filter(app, pilot, "sun")
        await until(pilot, lambda: not app.main.listing.looking, "the search")
        assert titles(app) == ["Sun"]


async def test_words_of_a_long_list_are_answered_once_its_texts_are_read(
    app: MonitorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, in_thread = asyncio.Event(), list_controller.in_thread

    async def read_slowly(work: Callable[..., object], *told: object) -> object:
        await go_on.wait()
        return await in_thread(work, *told)

    monkeypatch.setattr(list_controller, "READ_AT_ONCE", 0)
    monkeypatch.setattr(list_controller, "in_thread", read_slowly)
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "sun")
        assert len(titles(app)) == 3
        go_on.set()
        await until(pilot, lambda: titles(app) == ["Sun"], "what has the word")


async def test_new_lyrics_are_found_before_long(
    session: HandSession, app: MonitorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_controller, "ASKED_AGAIN_AFTER", 0.05)
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "lyrics:boats")
        await until(pilot, lambda: titles(app) == ["Harbour Lights"], "the first")
        session.clock.time += 5
        session.engine.learn(sung(2, "Harbour Rain", "Boats again"))
        await until(pilot, lambda: len(titles(app)) == 2, "the second")


async def test_lyrics_are_looked_through_once_as_long_as_there_is_no_news(
    session: HandSession, app: MonitorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_controller, "ASKED_AGAIN_AFTER", 0.01)
    look, looks = session.replica.find_lyrics, list[object]()
    monkeypatch.setattr(session.replica, "find_lyrics", lambda texts: looks.append(texts) or look(texts))
    async with app.run_test(size=SIZE) as pilot:
        ask, asked = app.main.task_list.want, list[object]()
        monkeypatch.setattr(app.main.task_list, "want", lambda query: asked.append(query) or ask(query))
        await type_filter(app, pilot, "lyrics:boats")
        await until(pilot, lambda: len(asked) > 3, "the third time")
    assert len(looks) == 1


async def test_time_brings_tasks_into_a_filter(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_controller, "ASKED_AGAIN_AFTER", 0.05)
    session = make_session(song(1, Phase.RUNNING, title="Slow"))
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "age>10m")
        assert titles(app) == []
        session.clock.time += 600
        await until(pilot, lambda: titles(app) == ["Slow"], "its time")


async def test_a_filter_that_time_does_not_change_asks_once(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "age>1d")
        assert app.main.listing._renewing is not None
        await type_filter(app, pilot, "harbour")
        assert app.main.listing._renewing is None


async def test_a_pattern_that_tries_many_ways_is_looked_at_off_the_event_loop(
    app: MonitorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_up, search = list[str](), terms._found

    def note(compiled: re.Pattern[str], text: str, reach: int) -> bool:
        if threading.current_thread() is threading.main_thread():
            held_up.append(text)
        return search(compiled, text, reach)

    monkeypatch.setattr(terms, "_found_once", lru_cache(note))
    async with app.run_test(size=SIZE) as pilot:
        await type_filter(app, pilot, "~h.*b.*r.*s")
        await until(pilot, lambda: titles(app) == ["Harbour Lights"], "the hits")
    assert not any("harbour" in text for text in held_up)


async def test_a_saved_filter_is_on_its_key_and_in_the_palette(make_session: MakeSession, make_app: MakeApp) -> None:
    saved = {"keys": {"filter.broken": "F"}, "filters": {"broken": "phase:failed", "boats": "lyrics:boats"}}
    tasks = sung(1, "Harbour Lights", "The boats came in"), song(3, Phase.FAILED, title="Sun")
    app = make_app(make_session(*tasks, **saved))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("F")
        assert titles(app) == ["Sun"]
        await pilot.press("slash")
        assert app.main.listing.filter_line.input.value == "phase:failed"
        await pilot.press("enter", "F")
        assert titles(app) == ["Harbour Lights", "Sun"]
        await pilot.press("colon", *"boats")
        await until(pilot, lambda: "Show only lyrics:boats" in screen_text(app), "the action")
        await pilot.press("enter")
        await until(pilot, lambda: titles(app) == ["Harbour Lights"], "the hits")


async def test_the_texts_of_all_tasks_are_ready_before_the_first_key(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, object] = {}
    monkeypatch.setattr(terms, "_LINES", known)
    app = make_app(make_session(*(song(number) for number in range(450))))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app.main.task_list) == 450, "all tasks")
        assert not known
        await pilot.press("slash")
        await until(pilot, lambda: len(known) == 450, "their texts")


async def test_at_leisure_the_texts_of_many_tasks_are_read_before_a_filter_opens(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, object] = {}
    monkeypatch.setattr(terms, "_LINES", known)
    monkeypatch.setattr(list_controller, "AT_LEISURE", 0.01)
    app = make_app(make_session(*map(song, range(700))))
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(known) == 700, "their texts")
        assert not app.main.query("#filter")
