"""Whoever reads in the middle of the lyrics goes on reading there, whatever the gateway tells meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from app_harness import HandSession, MakeApp, MakeSession, plain, song, until
from textual.geometry import Region
from textual.pilot import Pilot

from ecovai_tui.tasks.model import Phase, Task
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.widgets.panel import PageView

LINES = [f"line {number}" for number in range(300)]


def told(phase: Phase = Phase.RUNNING, lines: list[str] = LINES, **clip: object) -> Task:
    """Return a task whose clips have these lyrics, and other values of its first clip where a test names them."""
    task = song(0, phase)
    first, second = (clip._replace(lyrics="\n".join(lines)) for clip in task.clips)
    return task._replace(clips=(first._replace(**clip), second))  # type: ignore[arg-type]  # a test names what it means


NEWS = {
    "the same again": told(),
    "another status": told(Phase.DONE),
    "a failure": told(Phase.FAILED)._replace(fail_reason="the gateway gave up: moderation of the words"),
    "another name": told(title="Another name"),
    "a file": told(audio_url="https://cdn.example/other.mp3", duration=180.0),
    "no file any more": told(audio_url=""),
    "an error of the clip": told(error="This clip went wrong", phase=Phase.FAILED),
    "more lines at the end": told(lines=[*LINES, "and one more", "and the last"]),
    "a line before all": told(lines=["another", *LINES]),
    "other lines at the top": told(lines=["the first verse is another", "and shorter", *LINES[10:]]),
    "a line within": told(lines=[*LINES[:200], "another", *LINES[200:]]),
}


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(told(), song(1))


@asynccontextmanager
async def reading(session: HandSession, make_app: MakeApp) -> AsyncIterator[tuple[MonitorApp, Pilot[int]]]:
    """Open the panel on the lyrics, and scroll to their middle."""
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "line 299" in plain(page(app).lines), "the lyrics")
        await pilot.press("tab", "pagedown", "pagedown", "pagedown")
        await until(pilot, lambda: page(app).scroll_offset.y > 0, "the middle")
        yield app, pilot


def page(app: MonitorApp) -> PageView:
    return app.main.panes.panel.page


def shown(app: MonitorApp) -> list[str]:
    """Return the lines that can be read in the panel."""
    view = page(app)
    return [strip.text.strip() for strip in view.render_lines(Region(0, 0, *view.outer_size))]


@pytest.mark.parametrize("news", NEWS.values(), ids=NEWS)
async def test_news_leave_the_reader_where_he_reads(session: HandSession, make_app: MakeApp, news: Task) -> None:
    async with reading(session, make_app) as (app, pilot):
        before = shown(app)
        assert "line 0" not in before
        session.engine.learn(news)
        await until(
            pilot,
            lambda: app.main.panes.panel.subject is not None and app.main.panes.panel.subject.task == news,
            "the news",
        )
        await pilot.pause()
        after = shown(app)
        assert after == before[: len(after)]
        assert len(before) - len(after) <= 1, "the card has the reason, and may take a row for it"


async def test_time_that_passes_leaves_the_reader_where_he_reads(session: HandSession, make_app: MakeApp) -> None:
    async with reading(session, make_app) as (app, pilot):
        before = shown(app)
        session.clock.time += 600
        app.main.tick()
        await pilot.pause()
        assert shown(app) == before


async def test_news_of_another_task_leave_the_reader_where_he_reads(session: HandSession, make_app: MakeApp) -> None:
    async with reading(session, make_app) as (app, pilot):
        before = shown(app)
        session.engine.learn(song(1, Phase.FAILED))
        session.engine.learn(song(2))
        await pilot.pause()
        assert shown(app) == before


async def test_lyrics_that_got_shorter_show_their_end(session: HandSession, make_app: MakeApp) -> None:
    async with reading(session, make_app) as (app, pilot):
        session.engine.learn(told(lines=LINES[:50]))
        await until(pilot, lambda: shown(app)[-1] == "line 49", "the end")
