"""How long a gateway is left alone after failures."""

from __future__ import annotations

from random import Random

import pytest

from ecovai_tui.monitor.patience import Patience
from ecovai_tui.monitor.update import Trouble

NOW = 1_000_000.0
DOWN = Trouble("down")
REFUSED = Trouble("refused", key_refused=True)


class Always(Random):
    """Chance that is none."""

    def random(self) -> float:
        return 0.999


@pytest.fixture
def patience() -> Patience:
    return Patience(Always())


def test_the_pause_doubles_to_a_minute(patience: Patience) -> None:
    pauses = []
    for _ in range(7):
        patience.failed(DOWN, NOW, None)
        pauses.append(round(patience.wait_until - NOW))
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


def test_a_refused_key_means_five_minutes(patience: Patience) -> None:
    patience.failed(REFUSED, NOW, None)
    assert patience.wait_until == NOW + 300


def test_the_gateways_own_wish_is_a_floor(patience: Patience) -> None:
    patience.failed(DOWN, NOW, 120.0)
    assert patience.wait_until == NOW + 120
    patience.hurry()
    assert patience.wait_until == NOW + 120


def test_the_user_may_cut_a_pause_short(patience: Patience) -> None:
    patience.failed(REFUSED, NOW, None)
    patience.hurry()
    assert patience.wait_until <= NOW


def test_one_good_reply_forgets_all(patience: Patience) -> None:
    patience.failed(DOWN, NOW, 60.0)
    patience.answered()
    assert (patience.failures, patience.trouble, patience.wait_until) == (0, None, 0.0)


def test_trouble_is_dated_from_its_first_failure(patience: Patience) -> None:
    patience.failed(DOWN, NOW, None)
    patience.failed(REFUSED, NOW + 9, None)
    assert patience.trouble == Trouble("refused", since=NOW, key_refused=True)
