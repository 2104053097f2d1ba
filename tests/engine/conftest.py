"""A profile with a fake gateway and a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.theatre import Theatre


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    with closing(Theatre(tmp_path)) as theatre:
        yield theatre
