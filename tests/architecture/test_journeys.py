"""What a newcomer has to read to follow the program from one end to the other, in files; a failure lists them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from architecture.journeys import Journey, call_of, travelled
from support.theatre import a_task, until
from textual.pilot import Pilot

from ecovai_tui.cli import main
from ecovai_tui.engine import engine
from ecovai_tui.engine.session import open_session
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Phase
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options as RunOptions
from ecovai_tui.tui.widgets.task_table import TaskTable

pytestmark = pytest.mark.usefixtures("pilots_wait")

REPLY_TO_ROW, KEY_TO_FILE, DUE_TO_WIRE, WAIT_TO_EXIT = 54, 43, 8, 47
"""Files that a journey may cross. The goals are 35, 30, 9 and 40."""

PROFILE = "simulator"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(Options(speed=20, population=1)) as simulator:
        yield simulator


@pytest.fixture
def variables(environment: dict[str, str], simulator: Simulator) -> dict[str, str]:
    return environment | {
        "ECOVAI_PROFILE": PROFILE,
        "ECOVAI_BASE_URL": simulator.base_url,
        "ECOVAI_API_KEY": simulator.key,
    }


@pytest.fixture
def paths(environment: dict[str, str]) -> Paths:
    return find_paths(environment)


@asynccontextmanager
async def the_program(
    variables: dict[str, str], paths: Paths, themes: Path
) -> AsyncIterator[tuple[MonitorApp, Pilot[object]]]:
    session = open_session(load_settings(Flags(), variables, paths), paths)
    app = MonitorApp(session, RunOptions(Capabilities(depth=ColourDepth.TRUE, unicode=True), themes))
    async with app.run_test(size=(160, 30)) as pilot:
        yield app, pilot
    session.close()


def shown(app: MonitorApp) -> str:
    table = app.main.query_one(TaskTable)
    return "\n".join(table.render_line(y).text for y in range(table.size.height))


def watch(paths: Paths, *ids: str) -> None:
    WatchListFile(paths.watchlist(PROFILE)).add(ids, now=time.time())


def assert_short(journey: Journey, most: int) -> None:
    assert journey.files
    assert len(journey.files) <= most, f"{len(journey.files)} files, {most} are allowed:\n{journey}"


async def test_from_the_bytes_of_a_reply_to_the_painted_row(
    variables: dict[str, str], paths: Paths, simulator: Simulator, tmp_path: Path
) -> None:
    watch(paths, simulator.submit(title="Harbour Lights"))
    with travelled(call_of("read_batch", "gateway/families/suno.py")) as journey:
        async with the_program(variables, paths, tmp_path) as (app, pilot):
            await until(lambda: "Harbour Lights" in shown(app))
            await pilot.pause()
            journey.over = True
    assert_short(journey, REPLY_TO_ROW)


async def test_from_a_due_task_to_the_request_on_the_wire(
    variables: dict[str, str], paths: Paths, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TICK", 3600.0)  # looks at the files are another journey
    watch(paths, *simulator.ids, simulator.submit(script="frozen"))  # something is due again, however late it gets
    session = open_session(load_settings(Flags(), variables, paths), paths)
    asks = call_of("_claim", "engine/engine.py")

    def asks_again(file: str, name: str) -> bool:
        """Whether the engine looks for what is due once the connection is open, which the first request opens."""
        return asks(file, name) and session.engine.link.last_reply is not None

    with travelled(asks_again, call_of("stream", "httpx/_client.py")) as journey:
        running = asyncio.create_task(session.engine.run())
        await until(lambda: journey.over)
        running.cancel()
        await asyncio.wait({running})
    session.close()
    assert_short(journey, DUE_TO_WIRE)


async def test_from_the_key_that_removes_to_the_file_and_the_screen(
    variables: dict[str, str], paths: Paths, simulator: Simulator, tmp_path: Path
) -> None:
    now = time.time()
    watch(paths, "one-task", "other-task")
    replica = Replica(paths.replica(PROFILE), origin(simulator.base_url))
    replica.mirror(WatchListFile(paths.watchlist(PROFILE)).read(), now)
    replica.record([a_task(name, Phase.FAILED, fail_reason=name) for name in ("one-task", "other-task")], now)
    replica.close()
    async with the_program(variables, paths, tmp_path) as (app, pilot):
        await until(lambda: "other-task" in shown(app))
        await pilot.pause()
        file = paths.watchlist(PROFILE)
        with travelled() as journey:
            await pilot.press("x")
            await until(lambda: len(WatchListFile(file).read().ids) == 1)
            await pilot.pause()
    assert_short(journey, KEY_TO_FILE)


def test_from_waiting_for_a_task_to_the_exit_code(
    variables: dict[str, str], simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with travelled() as journey:
        main(["wait", *simulator.ids, "--timeout", "60"])
    assert_short(journey, WAIT_TO_EXIT)
