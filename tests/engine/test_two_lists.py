"""Two watch lists on one profile: neither takes anything from the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.store.files import Paths
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.turns import Batch
from ecovai_tui.store.watchlist import WatchListFile

NAMES = ("watchlist.toml", "one.toml", "other.toml")
NOW = 1_790_000_000.0
GATEWAY = {"ECOVAI_BASE_URL": "https://gateway.example", "ECOVAI_API_KEY": "sk-two-lists"}


def open_one(folder: Path, name: str) -> Session:
    """Open a session of the profile without a name on a list of one id."""
    paths, file = Paths(folder, folder, folder), folder / name
    WatchListFile(file).add([f"id-in-{name}"], now=NOW)
    session = open_session(load_settings(Flags(watchlist=file), GATEWAY, paths), paths)
    session.replica.mirror(session.watch_list.read(), NOW)
    return session


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[list[Session]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(open_one(tmp_path, name))) for name in NAMES]


def test_each_list_stays_on_its_own_screen(sessions: list[Session]) -> None:
    watched = [session.replica.watched_ids() for session in sessions]
    assert watched == [["id-in-watchlist.toml"], ["id-in-one.toml"], ["id-in-other.toml"]]


def test_the_ids_of_each_list_are_asked_for(sessions: list[Session]) -> None:
    claimed = [session.replica.lease(session.clock).claim() for session in sessions]
    assert [isinstance(each, Batch) and each.ids for each in claimed] == [(f"id-in-{name}",) for name in NAMES]
