"""The table and the panel tell how long a task may take, as soon as enough others have ended."""

from __future__ import annotations

from app_harness import NOON, MakeApp, MakeSession, plain, song, until

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.pages.panel_page import Tab, panel_page


def ended(number: int) -> object:
    return song(number, submitted_at=NOON - 6000 - number, finished_at=NOON - 6000 - number + 100)


async def test_the_fifth_example_gives_an_estimate(make_session: MakeSession, make_app: MakeApp) -> None:
    running = song(0, Phase.RUNNING, submitted_at=NOON - 20)
    session = make_session(running, *(ended(number) for number in range(1, 5)))
    app = make_app(session)
    async with app.run_test(size=(200, 30)) as pilot:
        await pilot.pause()
        assert "left" not in screen_text(app)
        session.watch_list.add(["task-5"], now=NOON)
        session.engine.mirror()
        session.engine.learn(ended(5))
        await until(pilot, lambda: "~1:20 left" in screen_text(app), "the estimate")
        panes = app.main.panes
        app.main.table.move_to("task-0")
        page = panel_page(Tab.DETAILS, await panes.read_subject(), panes.moment, 60)
        assert "~1:20 left: of the last 5 like it, half took up to 1:40" in plain(page)


async def test_a_task_slower_than_nine_of_ten_is_called_so(make_session: MakeSession, make_app: MakeApp) -> None:
    running = song(0, Phase.RUNNING, submitted_at=NOON - 400)
    app = make_app(make_session(running, *(ended(number) for number in range(1, 21))))
    async with app.run_test(size=(200, 30)) as pilot:
        await pilot.pause()
        assert "slower than 9 of 10" in screen_text(app)


def screen_text(app: object) -> str:
    table = app.main.table  # type: ignore[attr-defined]
    return "\n".join(table.line_at(y).text for y in range(table.size.height))
