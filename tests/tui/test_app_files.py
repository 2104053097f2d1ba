"""Keeping and playing files from the monitor: the whole app on a simulator whose files can be watched as they come."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.theatre import until
from textual.pilot import Pilot

from ecovai_tui.engine.session import open_session
from ecovai_tui.engine.updates import Update
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.settings import Flags, Settings, load_settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui import file_controller
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options as RunOptions
from ecovai_tui.tui.widgets.lines import LineBar
from ecovai_tui.tui.widgets.task_table import TaskTable

PROFILE = "simulator"


class Room:
    """A profile with one finished song, and the monitor on it."""

    def __init__(self, environment: dict[str, str], **options: object) -> None:
        self.simulator = Simulator(Options(speed=1000.0, arrivals=False, population=0, **options))  # type: ignore[arg-type]
        self.simulator.start()
        self.variables = environment | {
            "ECOVAI_PROFILE": PROFILE,
            "ECOVAI_BASE_URL": self.simulator.base_url,
            "ECOVAI_API_KEY": self.simulator.key,
        }
        self.paths = find_paths(self.variables)
        self.music = self.paths.music_dir
        self.submit()

    def submit(self) -> None:
        """Have another song made and watch it."""
        watch_list = WatchListFile(self.paths.watchlist(PROFILE))
        watch_list.add([self.simulator.submit(title="Harbour Lights")], now=1.0)

    @property
    def settings(self) -> Settings:
        """The settings of the profile."""
        return load_settings(Flags(), self.variables, self.paths)

    @property
    def files(self) -> list[str]:
        """The whole files that are there."""
        return sorted(path.name for path in self.music.glob("*.mp3"))

    @asynccontextmanager
    async def monitor(self, **changes: object) -> AsyncIterator[tuple[MonitorApp, Pilot[object]]]:
        """Open the monitor, and wait until the song is finished."""
        session = open_session(self.settings._replace(**changes), self.paths)
        environment = {name: value for name, value in self.variables.items() if name != "ECOVAI_API_KEY"}
        options = RunOptions(Capabilities(depth=ColourDepth.TRUE, unicode=True), self.paths.theme_dir, environment)
        app = MonitorApp(session, options)
        async with app.run_test(size=(160, 30)) as pilot:
            await until(lambda: "done" in shown(app))
            await pilot.pause()
            yield app, pilot
        session.close()


@pytest.fixture
def room(environment: dict[str, str]) -> Iterator[Room]:
    opened = Room(environment, file_rate=2_000_000.0)
    yield opened
    opened.simulator.stop()


@pytest.fixture
def slow_room(environment: dict[str, str]) -> Iterator[Room]:
    opened = Room(environment, file_rate=100_000.0)
    yield opened
    opened.simulator.stop()


def shown(app: MonitorApp) -> str:
    table = app.main.query_one(TaskTable)
    return "\n".join(table.render_line(y).text for y in range(table.size.height))


def bar(app: MonitorApp) -> str:
    return app.main.query_one("#status", LineBar).render_line(0).text


def card(app: MonitorApp) -> str:
    view = app.main.query_one("#panel-card")
    return "\n".join(strip.text for strip in view.render_lines(view.size.region))


def said(app: MonitorApp) -> str:
    return "\n".join(line.text for line in app.main.toasts.lines)


async def test_the_clip_under_the_cursor_is_kept(room: Room) -> None:
    async with room.monitor() as (app, pilot):
        await pilot.press("D")
        await until(lambda: len(room.files) == 1)
        await until(lambda: f"↧ Saved: {room.files[0]}" in said(app))
        await until(lambda: (task := app.main.task_list.find(room.simulator.ids[0])) and task.files == 1)
        await until(lambda: f"↧ {room.files[0]}" in card(app))
        await pilot.press("D")
        await until(lambda: not app.context.session.downloads.under_way)
    assert len(room.files) == 1


async def test_all_clips_of_marked_tasks_are_kept(room: Room) -> None:
    async with room.monitor() as (app, pilot):
        await pilot.press("space", "D")
        await until(lambda: "↧ Saved: 2 files" in said(app))
    assert len(room.files) == 2


async def test_how_far_it_is_stands_in_the_row_and_in_the_bar(slow_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_controller, "BEAT", 0.05)
    async with slow_room.monitor() as (app, pilot):
        await pilot.press("space", "D")
        await until(lambda: "Harbour Lights  ↧ " in shown(app))
        await until(lambda: "  1 more to come" in bar(app) and " %" in bar(app))
        await until(lambda: " MB" in card(app) and "▰" in card(app))


async def test_leaving_asks_nothing_and_what_was_under_way_goes_on_at_the_next_start(slow_room: Room) -> None:
    async with slow_room.monitor() as (app, pilot):
        await pilot.press("D")
        await until(lambda: any(each.progress.done for each in app.context.session.downloads.under_way))
        await pilot.press("q")
    assert slow_room.files == []
    async with slow_room.monitor() as (app, _pilot):
        await until(lambda: app.main.files.summary)
        assert len(app.context.session.downloads.under_way) == 1


async def test_nothing_is_kept_in_a_run_that_changes_nothing(room: Room) -> None:
    async with room.monitor(readonly=True) as (_app, pilot):
        await pilot.press("D")
        await pilot.pause()
    assert not room.music.exists()


async def test_what_is_finished_is_kept_by_itself_where_that_is_set(room: Room) -> None:
    async with room.monitor(auto_download=True) as (app, _pilot):
        ended = Change(1.0, room.simulator.ids[0], Aspect.PHASE, "streaming", "done")
        app.main.follow_engine(Update(app.context.session.engine.link, changes=(ended,)))
        await until(lambda: len(room.files) == 2)


async def test_why_a_file_is_not_kept_is_told(room: Room) -> None:
    room.music.parent.mkdir(parents=True)
    room.music.write_text("a file in the place of the folder")
    async with room.monitor() as (app, pilot):
        await pilot.press("D")
        await until(lambda: "Harbour Lights: Cannot save" in said(app))


@pytest.fixture
def player(tmp_path: Path) -> tuple[str, ...]:
    """A player that writes down what it plays, and plays until it is ended."""
    script = tmp_path / "player"
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/played\nexec sleep 60\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script), "--quiet"


def played(tmp_path: Path) -> list[str]:
    path = tmp_path / "played"
    return path.read_text().splitlines() if path.exists() else []


async def test_a_song_is_played_by_its_address_then_by_its_file_and_stopped(
    room: Room, player: tuple[str, ...], tmp_path: Path
) -> None:
    async with room.monitor(player=player) as (app, pilot):
        await pilot.press("P")
        await until(lambda: len(played(tmp_path)) == 1)
        assert f"--quiet {room.simulator.base_url}/cdn1/" in played(tmp_path)[0]
        await pilot.press("P")
        await until(lambda: "Stopped" in said(app) and not app.main.files.playing)
        await pilot.press("D")
        await until(lambda: (task := app.main.task_list.find(room.simulator.ids[0])) and task.files == 1)
        await pilot.press("P")
        await until(lambda: len(played(tmp_path)) == 2)
        assert played(tmp_path)[1] == f"--quiet {room.music / room.files[0]}"
        files = app.main.files
        await pilot.press("q")
    assert not files.playing


async def test_a_player_that_cannot_be_started_is_told(room: Room) -> None:
    async with room.monitor(player=("/nothing/here",)) as (app, pilot):
        await pilot.press("P")
        await until(lambda: "/nothing/here cannot be started: No such file or directory" in said(app))


async def test_over_ssh_the_address_is_offered(room: Room) -> None:
    room.variables["SSH_CONNECTION"] = "1.2.3.4 5 6.7.8.9 22"
    async with room.monitor() as (app, pilot):
        await pilot.press("P")
        await until(lambda: "/cdn1/" in said(app) or len(app.screen_stack) > 1)


async def test_a_command_of_the_users_is_a_key_and_knows_the_saved_file(room: Room, tmp_path: Path) -> None:
    told = tmp_path / "told"
    line = f"sh -c 'echo \"$ECOVAI_ID $1\" >> {told}' - {{path}}"
    changes = {
        "commands": {"note": line, "break": "no-such-program"},
        "keys": {"command.note": "W", "command.break": "B"},
    }
    async with room.monitor(**changes) as (app, pilot):
        await pilot.press("D")
        await until(lambda: len(room.files) == 1 and "Saved" in said(app))
        await pilot.press("W")
        await until(lambda: "note was run" in said(app))
        assert told.read_text() == f"{room.simulator.ids[0]} {room.music / room.files[0]}\n"
        await pilot.press("B")
        await until(lambda: "The command break cannot be started" in said(app))
    async with room.monitor(**changes, readonly=True) as (app, pilot):
        await pilot.press("W")
        app.action_perform("command.note")
        await until(lambda: "This run is read-only" in said(app))
    assert len(told.read_text().splitlines()) == 1
