"""When a link counts as slow."""

from __future__ import annotations

import pytest

from ecovai_tui.terminal.sequences import escape_delay, is_another_query_needed, is_slow, is_to_be_measured


@pytest.mark.parametrize(
    ("wish", "ssh", "measured"),
    [(None, True, True), (None, False, False), (True, True, False), (False, True, False), (True, False, False)],
)
def test_only_a_far_terminal_is_asked_and_only_where_the_user_said_nothing(
    wish: bool | None, ssh: bool, measured: bool
) -> None:
    assert is_to_be_measured(wish, ssh=ssh) is measured


@pytest.mark.parametrize(
    ("round_trips", "slow"),
    [([0.149], False), ([0.151], True), ([0.9, 0.02], False), ([0.2, 0.3, 0.25], True), ([0.15], False)],
)
def test_the_quickest_answer_counts(round_trips: list[float], slow: bool) -> None:
    assert is_slow(round_trips) is slow


@pytest.mark.parametrize(
    ("round_trips", "needed"),
    [([], True), ([0.02], False), ([0.2], True), ([0.2, 0.2], True), ([0.2, 0.2, 0.2], False), ([0.2, 0.02], False)],
)
def test_a_late_answer_is_asked_for_again_at_most_twice(round_trips: list[float], needed: bool) -> None:
    assert is_another_query_needed(round_trips) is needed


@pytest.mark.parametrize(
    ("usual", "ssh", "round_trip", "delay"),
    [
        (0.1, False, None, 0.1),
        (0.1, True, None, 0.3),
        (0.1, True, 0.02, 0.14),
        (0.1, True, 0.3, 0.7),
        (0.1, True, 9.0, 1.0),
        (30.0, True, 0.3, 30.0),
        (30.0, False, None, 30.0),
    ],
)
def test_an_escape_waits_longer_where_the_line_is_slow(
    usual: float, ssh: bool, round_trip: float | None, delay: float
) -> None:
    assert escape_delay(usual, ssh=ssh, round_trip=round_trip) == pytest.approx(delay)
