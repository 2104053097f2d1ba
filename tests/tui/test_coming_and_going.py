"""What comes while the screen is not yet there, or no longer: it neither fails nor is forgotten."""

from __future__ import annotations

import pytest
from app_harness import HandSession, MakeSession, song, until
from textual import events
from textual._context import active_message_pump
from textual.message import Message

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.main_screen import MainScreen

SIZE = (120, 40)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(song(0, Phase.RUNNING), song(1))


@pytest.mark.parametrize(("said", "attended"), [(events.AppBlur, False), (events.AppFocus, True)])
async def test_a_terminal_that_tells_of_its_focus_at_once_is_heard(
    app: MonitorApp, session: HandSession, said: type[events.Event], attended: bool
) -> None:
    app.post_message(said())
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: session.engine.attended is app.main.ticker.attended is attended, "the word")
        await until(pilot, lambda: app.main.table.ids_in_view == ["task-0", "task-1"], "the rows")


async def test_news_that_come_while_the_program_is_left_are_for_nobody(app: MonitorApp, session: HandSession) -> None:
    screens: list[MainScreen] = []

    def tell_once_all_parts_are_gone(message: Message) -> None:
        if isinstance(message, events.Unmount) and active_message_pump.get() in screens:
            session.engine.learn(song(0, Phase.FAILED))
            session.watch_list.add(("task-2",), label="", now=session.clock.now())
            session.engine.mirror()

    async with app.run_test(size=SIZE, message_hook=tell_once_all_parts_are_gone):
        screens.append(app.main)
    assert session.replica.watched_ids() == ["task-0", "task-1", "task-2"]
    assert screens[0].task_list.counts == {Phase.RUNNING: 1, Phase.DONE: 1}
