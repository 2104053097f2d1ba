"""The key that asks now always has an answer: asked, under way, or why not."""

from __future__ import annotations

import re

import pytest
from app_harness import NOON, HandSession, MakeApp, MakeSession, said, song, until

from ecovai_tui.engine import updates
from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.times import time_of_day
from ecovai_tui.tui import main_screen
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.pages.status import asked_part, failed_since, why_not_now
from ecovai_tui.tui.widgets.lines import LineBar

DOWN = Trouble("It is down.")
LATER = time_of_day(NOON + 60)
ASKED = time_of_day(NOON)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_screen, "MOMENT", 0.01)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(song(0, Phase.RUNNING), song(1))


def bar(app: MonitorApp) -> str:
    return app.main.query_one("#status", LineBar).line.text


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (Link(next_poll=NOON), ""),
        (Link(next_poll=NOON + 60, asking_since=NOON), ""),
        (Link(next_poll=None), ""),
        (Link(next_poll=NOON + 60), f"Enough was asked within this minute: .* at {LATER}"),
        (Link(DOWN, next_poll=NOON + 60), f"left alone until {LATER}"),
        (Link(paused=True), "Paused: .* when p goes on"),
        (Link(read_only=True), "no key"),
    ],
)
def test_what_keeps_the_gateway_from_being_asked_is_said(link: Link, said: str) -> None:
    sentence = why_not_now(link, NOON, "p")
    assert bool(sentence) is bool(said)
    assert re.search(said, sentence)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (Link(), f"asking since {ASKED}"),
        (Link(last_reply=NOON - 1, asking_since=NOON), f"asking since {ASKED}"),
        (Link(last_reply=NOON + 1), f"asked {ASKED}"),
    ],
)
def test_the_bar_tells_how_far_the_request_is(link: Link, said: str) -> None:
    assert "".join(span.text for span in asked_part(NOON, link).forms[0]) == said


def test_a_request_that_failed_gives_way_to_the_reason() -> None:
    assert failed_since(NOON, Link(DOWN))
    assert not failed_since(NOON, Link(DOWN, asking_since=NOON))
    assert not failed_since(NOON, Link(DOWN, last_reply=NOON))


async def test_r_says_that_it_asks_and_then_that_it_has_asked(app: MonitorApp, session: HandSession) -> None:
    session.engine.link = Link(next_poll=NOON)
    async with app.run_test() as pilot:
        await pilot.press("r")
        await until(pilot, lambda: f"asking since {ASKED}" in bar(app), "the request")
        session.engine.tell(session.engine.link._replace(last_reply=NOON + 1, next_poll=NOON + 5))
        await until(pilot, lambda: f"asked {ASKED}" in bar(app), "the answer")


async def test_that_it_was_asked_is_old_news_after_a_while(
    app: MonitorApp, session: HandSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_screen, "OLD_NEWS", 1.0)
    session.engine.link = Link(next_poll=NOON, last_reply=NOON)
    async with app.run_test() as pilot:
        await pilot.press("r")
        await until(pilot, lambda: "asked" in bar(app), "the answer")
        await until(pilot, lambda: "every 5 s" in bar(app), "the rhythm")


async def test_a_request_without_an_answer_is_told_until_the_answer_comes(
    app: MonitorApp, session: HandSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "NO_ANSWER_STEP", 0.05)
    session.engine.link = Link(next_poll=NOON, last_reply=NOON - 5)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "every 5 s" in bar(app), "the rhythm")
        session.engine.link = Link(asking_since=NOON, last_reply=NOON - 5)
        session.clock.time = NOON + 1.01
        await until(pilot, lambda: "no answer for 1 s" in bar(app), "that none comes, though nothing was told")
        session.clock.time = NOON + 2.01
        await until(pilot, lambda: "no answer for 2 s" in bar(app), "the next step")
        session.engine.tell(Link(next_poll=NOON + 7, last_reply=NOON + 2))
        await until(pilot, lambda: "every 5 s" in bar(app), "the rhythm again")


async def test_a_paused_monitor_says_which_key_goes_on(make_session: MakeSession, make_app: MakeApp) -> None:
    session = make_session(song(0), keys={"pause": "Q"})
    app = make_app(session)
    async with app.run_test(notifications=True) as pilot:
        await pilot.press("Q", "r")
        await until(pilot, lambda: bool(said(app)), "the sentence")
        assert "when Q goes on" in said(app)
        assert "paused" in bar(app)
