from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecovai_tui.store.paths import Paths

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "data", tmp_path / "state")
