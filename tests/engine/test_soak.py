"""Hours with a gateway that fails one request in five."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.soak import soak

from ecovai_tui.simulator.dialects import DIALECTS


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_every_task_ends_in_its_true_phase_and_the_gateway_is_spared(tmp_path: Path, dialect: str) -> None:
    result = await soak(tmp_path, hours=0.5, tasks=30, failing=0.2, dialect=dialect)
    assert result.wrong == {}
    assert result.failed_requests > 0
    assert result.most_in_a_minute <= 30
    assert result.most_in_flight == 1
    assert result.most_ids <= 50
