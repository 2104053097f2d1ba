"""Leaving while something else has only begun: what then finds no widgets of its own is no fault of the program."""

from __future__ import annotations

import asyncio

import pytest
from app_harness import MakeApp, MakeSession, song, until

OPENING = ["help", "palette", "filter", "add", "theme", "label", "copy-menu"]


@pytest.mark.parametrize("steps", range(6))
@pytest.mark.parametrize("action", OPENING)
async def test_leaving_while_something_opens_is_no_fault(
    make_session: MakeSession, make_app: MakeApp, action: str, steps: int
) -> None:
    app = make_app(make_session(song(1)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.main.panes.panel.subject is not None, "the panel")
        app.action_perform(action)
        for _ in range(steps):
            await asyncio.sleep(0)
        app.leave()
    assert (app.fault, app.return_code) == (None, 0)
