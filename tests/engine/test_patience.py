"""How long a process keeps still after its own key was refused."""

from __future__ import annotations

from random import Random

import pytest

from ecovai_tui.engine.poller import KeyRest
from ecovai_tui.engine.updates import Trouble

NOW = 1_000_000.0
REFUSED = Trouble("refused", since=7.0, key_refused=True)


@pytest.fixture
def key() -> KeyRest:
    return KeyRest(Random(1))


def test_a_refused_key_means_five_minutes(key: KeyRest) -> None:
    key.refuse(REFUSED, NOW)
    assert key.until == NOW + 300


def test_the_user_may_cut_a_pause_short(key: KeyRest) -> None:
    key.refuse(REFUSED, NOW)
    key.hurry()
    assert key.until <= NOW


def test_one_good_reply_forgets_all(key: KeyRest) -> None:
    key.refuse(REFUSED, NOW)
    key.work()
    assert (key.trouble, key.until) == (None, 0.0)


def refused(key: KeyRest, now: float) -> bool:
    """Let the key be refused once more, and return whether it counts as refused now."""
    key.refuse(REFUSED, now)
    return key.trouble is not None and key.trouble.key_refused


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
    key: KeyRest, moments: tuple[int, ...], verdict: bool
) -> None:
    key.work()
    assert [refused(key, NOW + moment) for moment in moments][-1] is verdict


def test_a_good_reply_in_between_begins_the_two_minutes_again(key: KeyRest) -> None:
    for _ in range(3):
        key.work()
        assert not any(refused(key, NOW + moment) for moment in (0, 50, 100))


def test_while_a_refusal_may_pass_the_pauses_are_those_of_any_trouble_and_it_is_said(key: KeyRest) -> None:
    key.work()
    key.refuse(REFUSED, NOW)
    assert key.until < NOW + 60
    assert key.trouble is not None
    assert key.trouble.message.startswith("refused This key has worked before")


def test_trouble_is_dated_from_its_first_failure(key: KeyRest) -> None:
    key.refuse(REFUSED, NOW)
    key.refuse(REFUSED._replace(since=99.0), NOW + 9)
    assert key.trouble == REFUSED
