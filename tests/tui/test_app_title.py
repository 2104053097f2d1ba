"""The window's title tells in a list of windows what a pane would."""

from __future__ import annotations

import pytest
from app_harness import MakeApp, MakeSession, song

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.terminal.sequences import RESTORE_TITLE, SAVE_TITLE, WindowTitle, window_title
from ecovai_tui.tui.pages.status import title_text

CAPABILITIES = Capabilities(depth=ColourDepth.TRUE, unicode=True)


@pytest.mark.parametrize(
    ("counts", "link", "said"),
    [
        ({}, Link(), "ecovai-tui: no tasks"),
        ({Phase.DONE: 3}, Link(), "ecovai-tui: 3 done"),
        ({Phase.WAITING: 1, Phase.STREAMING: 2, Phase.DONE: 9}, Link(), "ecovai-tui: 3 active"),
        ({Phase.PARTIAL: 1, Phase.FAILED: 2}, Link(), "ecovai-tui: 1 partial, 2 failed"),
        ({Phase.RUNNING: 1}, Link(paused=True), "ecovai-tui: paused, 1 active"),
        ({Phase.RUNNING: 1}, Link(Trouble("It is down.")), "ecovai-tui: no answer, 1 active"),
        ({}, Link(Trouble("Wrong.", key_refused=True, kind="key refused")), "ecovai-tui: key refused"),
        ({Phase.DONE: 1}, Link(read_only=True), "ecovai-tui: no key"),
    ],
)
def test_the_title_tells_what_matters(counts: dict[Phase, int], link: Link, said: str) -> None:
    assert title_text("", counts, link) == said


def test_the_title_names_the_profile() -> None:
    assert title_text("work", {}, Link()) == "ecovai-tui work: no tasks"


def test_the_title_is_sent_only_when_it_differs_and_the_former_one_is_given_back() -> None:
    sent: list[bytes] = []
    title = WindowTitle(CAPABILITIES, sent.append)
    for text in ("a", "a", "b"):
        title.show(text)
    title.give_back()
    title.give_back()
    title.show("c")
    one, two, three = (window_title(text, CAPABILITIES) for text in "abc")
    assert sent == [SAVE_TITLE + one, two, RESTORE_TITLE, SAVE_TITLE + three]


def test_a_console_without_windows_is_sent_nothing() -> None:
    sent: list[bytes] = []
    title = WindowTitle(Capabilities(depth=ColourDepth.SIXTEEN, unicode=False, console=True), sent.append)
    title.show("a")
    title.give_back()
    assert sent == []


async def test_the_app_keeps_the_title_up_to_date(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(song(0, Phase.STREAMING))
    app = make_app(session)
    shown: list[str] = []
    monkeypatch.setattr(app.context.window_title, "show", shown.append)
    async with app.run_test() as pilot:
        assert shown[-1] == "ecovai-tui: 1 active"
        session.engine.learn(song(0, Phase.FAILED))
        await pilot.pause()
        assert shown[-1] == "ecovai-tui: 1 failed"
