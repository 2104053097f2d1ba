"""How long a gateway is left alone after failures."""

from __future__ import annotations

from random import Random

import pytest

from ecovai_tui.engine.poller import Backoff
from ecovai_tui.engine.updates import Trouble

NOW = 1_000_000.0
DOWN = Trouble("down")
REFUSED = Trouble("refused", key_refused=True)


class Always(Random):
    """Chance that is none."""

    def random(self) -> float:
        return 0.999


@pytest.fixture
def patience() -> Backoff:
    return Backoff(Always())


def test_the_pause_doubles_to_a_minute(patience: Backoff) -> None:
    pauses = []
    for _ in range(7):
        patience.failed(DOWN, NOW, None)
        pauses.append(round(patience.wait_until - NOW))
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


def test_a_refused_key_means_five_minutes(patience: Backoff) -> None:
    patience.failed(REFUSED, NOW, None)
    assert patience.wait_until == NOW + 300


def test_the_gateways_own_wish_is_a_floor(patience: Backoff) -> None:
    patience.failed(DOWN, NOW, 120.0)
    assert patience.wait_until == NOW + 120
    patience.hurry()
    assert patience.wait_until == NOW + 120


def test_the_user_may_cut_a_pause_short(patience: Backoff) -> None:
    patience.failed(REFUSED, NOW, None)
    patience.hurry()
    assert patience.wait_until <= NOW


def test_one_good_reply_forgets_all(patience: Backoff) -> None:
    patience.failed(DOWN, NOW, 60.0)
    patience.answered()
    assert (patience.failures, patience.trouble, patience.wait_until) == (0, None, 0.0)


def refused(patience: Backoff, now: float) -> bool:
    """Let the key be refused once more, and return whether it counts as refused now."""
    patience.failed(REFUSED, now, None)
    return patience.key_refused


@pytest.mark.parametrize(
    ("moments", "verdict"),
    [
        ((0,), False),
        ((0, 30, 60, 119), False),
        ((0, 30, 60, 121), True),
        ((0, 121), False),
        ((0, 3600, 7200), False),
        ((0, 3600, 7200, 7201), True),
        ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), False),
    ],
)
def test_a_key_that_has_worked_is_refused_several_times_over_two_minutes_before_it_counts(
    patience: Backoff, moments: tuple[int, ...], verdict: bool
) -> None:
    patience.answered()
    assert [refused(patience, NOW + moment) for moment in moments][-1] is verdict


def test_a_good_reply_in_between_begins_the_two_minutes_anew(patience: Backoff) -> None:
    for _ in range(3):
        patience.answered()
        assert not any(refused(patience, NOW + moment) for moment in (0, 50, 100))


def test_trouble_of_another_sort_in_between_neither_counts_nor_clears(patience: Backoff) -> None:
    patience.answered()
    assert not any(refused(patience, NOW + moment) for moment in (0, 30, 60))
    patience.failed(DOWN, NOW + 119, None)
    assert refused(patience, NOW + 121)


def test_while_a_refusal_may_pass_the_pauses_are_those_of_any_trouble_and_it_is_said(patience: Backoff) -> None:
    patience.answered()
    patience.failed(REFUSED, NOW, None)
    assert patience.wait_until < NOW + 60
    assert patience.trouble is not None
    assert patience.trouble.message.startswith("refused This key has worked before")


def test_trouble_is_dated_from_its_first_failure(patience: Backoff) -> None:
    patience.failed(DOWN, NOW, None)
    patience.failed(REFUSED, NOW + 9, None)
    assert patience.trouble == Trouble("refused", since=NOW, key_refused=True)
