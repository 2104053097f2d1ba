"""An open profile: the state that it tells, before there is an engine and after."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ecovai_tui.engine.session import open_session
from ecovai_tui.store.files import Paths
from ecovai_tui.store.settings import Flags, load_settings

GATEWAY = {"ECOVAI_BASE_URL": "https://gateway.example", "ECOVAI_API_KEY": "sk-of-a-session"}


def test_a_session_tells_the_state_of_its_engine_as_soon_as_there_is_one(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with closing(open_session(load_settings(Flags(), GATEWAY, paths), paths)) as session:
        assert session.state.pace == session.settings.interval
        session.engine.interval = 60.0
        assert session.state == session.engine.state
        assert session.state.pace == 60.0
