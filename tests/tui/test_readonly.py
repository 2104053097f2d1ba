"""A read-only run changes nothing, and shows no key that would."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, song, until
from support.other_pane import BesidePane
from support.terminal import Open

from ecovai_tui.view.actions import CHANGING


@pytest.mark.parametrize("action", sorted(CHANGING))
async def test_what_would_change_something_says_that_nothing_is_changed(
    make_session: MakeSession, make_app: MakeApp, action: str
) -> None:
    session = make_session(song(1), readonly=True)
    app = make_app(session)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.main.panes.panel.subject is not None, "the panel")
        assert app.context.keyboard[action].keys == ()
        app.action_perform(action)
        await until(pilot, lambda: bool(app.main.toasts.lines), "the word")
        assert app.screen is app.main


def test_the_real_program_leaves_the_list_as_it_is(beside: BesidePane, open_quickly: Open) -> None:
    pane = beside(3)
    terminal = open_quickly("--readonly", environment=pane.environment)
    terminal.wait_for("done|✓")
    before = pane.watch_list.path.read_bytes()
    for key in ("x", "a", "e", "u"):
        terminal.sent_for(key)
    assert pane.watch_list.path.read_bytes() == before
    assert "remove" not in terminal.text
