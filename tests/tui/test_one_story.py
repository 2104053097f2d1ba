"""Of one state the row and every page of the panel tell one story, from the gateway's reply to the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_harness import MakeApp, MakeSession, plain, until

from ecovai_tui.gateway.families.suno import read_batch
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.pages.panel_page import Tab

SAMPLES = Path(__file__).parents[1] / "samples"
WIDE = (160, 40)


def sample_app(name: str, make_session: MakeSession, make_app: MakeApp) -> MonitorApp:
    return make_app(make_session(*read_batch((SAMPLES / name).read_bytes(), 200, {})))


def page_text(app: MonitorApp) -> str:
    return plain(app.main.panes.panel.page.lines)


@pytest.mark.parametrize(
    ("name", "title", "told", "untold"),
    [
        (
            "failed-while-streaming.json",
            "1 ►",
            [
                "partial  only a live stream can be heard, and there is no file",
                "获取渠道信息失败",
                "a live stream, not a",
            ],
            ["waiting", "everything asked for is usable"],
        ),
        (
            "success-without-files.json",
            "✓",
            ["done  finished, but an address to listen to is missing", "no audio", "no address to listen to"],
            ["everything asked for is usable", "waiting", "failed"],
        ),
    ],
)
async def test_the_panel_says_what_the_row_says(
    name: str, title: str, told: list[str], untold: list[str], make_session: MakeSession, make_app: MakeApp
) -> None:
    app = sample_app(name, make_session, make_app)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: bool(page_text(app)), "the first task")
        await pilot.press("]")
        await until(
            pilot, lambda: app.main.panes.panel.tab is Tab.DETAILS and "last look" in page_text(app), "the details"
        )
        page = page_text(app)
        assert title in plain(app.main.panes.panel.card_lines)
    for words in told:
        assert words in page
    for words in untold:
        assert words not in page
