"""How long an escape waits for the rest of a sequence."""

from __future__ import annotations

import pytest

from ecovai_tui.terminal.sequences import escape_delay


@pytest.mark.parametrize(("usual", "ssh", "delay"), [(0.1, False, 0.1), (0.1, True, 0.3), (30.0, False, 30.0)])
def test_an_escape_waits_longer_over_a_line(usual: float, ssh: bool, delay: float) -> None:
    assert escape_delay(usual, ssh=ssh) == pytest.approx(delay)
