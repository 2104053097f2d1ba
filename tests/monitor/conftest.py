"""A profile with a fake gateway and a clock that is turned by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.theatre import Theatre


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    return Theatre(tmp_path)
