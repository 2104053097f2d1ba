"""Tasks of every family from the first answer to the saved file: the whole app on a simulator of each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.theatre import until
from textual.pilot import Pilot

from ecovai_tui.engine.session import open_session
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.families import FAMILIES, family_of
from ecovai_tui.tasks.model import Phase
from ecovai_tui.terminal import graphics
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.terminal.graphics import Graphics
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options as RunOptions
from ecovai_tui.tui.widgets.task_table import TaskTable

PROFILE = "simulator"
PICTURES = {"midjourney", "flux"}
OTHERS = [name for name in FAMILIES if name != "suno"]

Room = tuple[Simulator, Paths, dict[str, str]]


@pytest.fixture
def open_room(environment: dict[str, str]) -> Iterator[Callable[..., Room]]:
    opened: list[Simulator] = []

    def open_it(**options: object) -> Room:
        simulator = Simulator(Options(speed=1000.0, arrivals=False, population=0, **options))  # type: ignore[arg-type]
        opened.append(simulator)
        simulator.start()
        there = {"ECOVAI_PROFILE": PROFILE, "ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key}
        return simulator, find_paths(environment | there), environment | there

    yield open_it
    for simulator in opened:
        simulator.stop()


@asynccontextmanager
async def monitor(room: Room, *ids: str) -> AsyncIterator[tuple[MonitorApp, Pilot[object]]]:
    _, paths, variables = room
    WatchListFile(paths.watchlist(PROFILE)).add(ids, now=1.0)
    settings = load_settings(Flags(), variables, paths)._replace(max_requests_per_minute=600, interval=2.0)
    session = open_session(settings, paths)
    capabilities = Capabilities(depth=ColourDepth.TRUE, unicode=True)
    app: MonitorApp = MonitorApp(session, RunOptions(capabilities, paths.theme_dir, pictures=Graphics("blocks")))
    async with app.run_test(size=(160, 45)) as pilot:
        yield app, pilot
    session.close()


def row_of(app: MonitorApp, task_id: str) -> str:
    table, shown = app.main.query_one(TaskTable), app.main.task_list.shown
    return table.render_line(1 + shown.index(task_id)).text  # below the heads


def phase_of(app: MonitorApp, task_id: str) -> Phase | None:
    found = app.main.task_list.find(task_id)
    return found.summary.phase if found else None


async def test_a_task_of_each_family_is_watched_until_it_is_done_and_saved(open_room: Callable[..., Room]) -> None:
    room = open_room()
    simulator, paths, _ = room
    ids = [simulator.order(name, "picture" if name in PICTURES else "video", ago=200) for name in OTHERS]
    async with monitor(room, *ids) as (app, pilot):
        for name in ids:
            await until(lambda name=name: phase_of(app, name) is Phase.DONE)
        assert {family_of(name) for name in ids} == set(OTHERS)
        assert all(("▢" if family_of(name) in PICTURES else "▻") in row_of(app, name) for name in ids)
        await pilot.press("g", "space", "G", "V", "D")
        await until(lambda: len(list(paths.music_dir.glob("*"))) == len(ids))
        await until(lambda: all((found := app.main.task_list.find(name)) and found.files for name in ids))
    kinds = {path.suffix for path in paths.music_dir.glob("*")}
    assert kinds <= {".jpg", ".jpeg", ".png", ".webp", ".mp4"}


async def test_a_family_that_the_gateway_does_not_know_is_said_on_its_row(open_room: Callable[..., Room]) -> None:
    room = open_room(without=("/mj/",))
    simulator, _, _ = room
    picture, video = simulator.order("midjourney", "picture", ago=200), simulator.order("runway", "video", ago=200)
    async with monitor(room, picture, video) as (app, _pilot):
        await until(lambda: phase_of(app, video) is Phase.DONE)
        await until(lambda: "No midjourney here" in row_of(app, picture))
        assert phase_of(app, picture) is Phase.WAITING
        assert app.main.context.session.state.link.trouble is None
    assert sum(record.path.startswith("/mj/") for record in simulator.requests) == 2, "each of its routes once"


async def test_a_picture_is_not_played_but_there_are_keys_for_it(open_room: Callable[..., Room]) -> None:
    room = open_room()
    picture = room[0].order("midjourney", "picture", ago=200)
    async with monitor(room, picture) as (app, pilot):
        await until(lambda: phase_of(app, picture) is Phase.DONE)
        assert "no file offered" not in row_of(app, picture)
        await pilot.press("P")
        await until(lambda: "A picture cannot be played" in "\n".join(line.text for line in app.main.toasts.lines))


async def test_a_picture_that_was_saved_is_drawn_in_its_card(
    open_room: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, int, int]] = []

    def thumbnail(path: Path, columns: int, rows: int) -> graphics.Halves:
        drawn.append((path.name, columns, rows))
        return (((0xFF0000, 0x0000FF),) * 20,) * 8

    monkeypatch.setattr(graphics, "thumbnail", thumbnail)
    room = open_room()
    picture = room[0].order("midjourney", "picture", prompt="A red fox", ago=200)
    async with monitor(room, picture) as (app, pilot):
        await until(lambda: phase_of(app, picture) is Phase.DONE)
        assert not drawn, "nothing is drawn before it was saved"
        await pilot.press("D")
        await until(lambda: any("▀" * 20 in line.text for line in app.main.panes.panel.card_lines))
    assert {(name, rows) for name, _, rows in drawn} == {(drawn[0][0], 16)}
    assert drawn[0][0].startswith("A red fox")
