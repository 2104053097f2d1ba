from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecovai_tui.store.paths import Paths
from ecovai_tui.store.replica import Replica

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "data", tmp_path / "state")


@pytest.fixture
def open_replica() -> Iterator[Callable[[Path | None, str], Replica]]:
    """Open replicas that are closed when the test is over."""
    opened: list[Replica] = []

    def open_one(path: Path | None, origin: str = "https://gateway.example") -> Replica:
        opened.append(Replica(path, origin))
        return opened[-1]

    yield open_one
    for replica in opened:
        replica.close()
