from __future__ import annotations

from pathlib import Path

import pytest

from ecovai_tui.store.files import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "data", tmp_path / "state")
