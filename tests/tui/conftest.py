"""Sessions in memory, and the app on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from app_harness import FakeSettings, HandClock, HandEngine, HandSession, MakeApp, MakeSession, song

from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Task
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options


@pytest.fixture(autouse=True)
def wait_for_rest(pilots_wait: None) -> None:
    """Let what a test does with keys be over before it goes on."""


@pytest.fixture
def make_session(tmp_path: Path, open_replica: Callable[[], Replica]) -> Iterator[MakeSession]:
    made: list[HandSession] = []

    def make(*tasks: Task, ids: Iterable[str] = (), **settings: object) -> HandSession:
        clock, replica = HandClock(), open_replica()
        watch_list = WatchListFile(tmp_path / "data" / "watchlist.toml")
        engine = HandEngine(replica, watch_list, clock)
        wanted = (*(task.id for task in tasks), *ids)
        if wanted:
            watch_list.add(wanted, label="", now=clock.now())
            engine.mirror()
            engine.learn(*tasks)
        session = HandSession(FakeSettings(**settings), watch_list, replica, engine, clock)  # type: ignore[arg-type]
        made.append(session)
        return session

    yield make
    for session in made:
        assert session.worker.stop(10.0), "nobody may close the replica under it"


@pytest.fixture
def make_app(tmp_path: Path) -> MakeApp:
    def make(session: HandSession, **options: object) -> MonitorApp:
        usual = {"capabilities": Capabilities(depth=ColourDepth.TRUE, unicode=True)}
        chosen = Options(themes_folder=tmp_path / "themes", **{**usual, **options})  # type: ignore[arg-type]
        return MonitorApp(session, chosen)

    return make


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    """More songs than most sizes show; a module that looks at others has its own."""
    return make_session(*(song(number) for number in range(30)))


@pytest.fixture
def app(session: HandSession, make_app: MakeApp) -> MonitorApp:
    return make_app(session)
