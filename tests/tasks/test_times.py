"""Durations and moments are told as people tell them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.catalogues import Chinese, speaking

from ecovai_tui.tasks.times import (
    clock_time,
    coarse_duration,
    duration_in_words,
    exact_duration,
    floored_duration,
    full_time,
    iso_time,
    moment_of,
    next_midnight,
    seconds_of,
    short_duration,
)

TUESDAY = datetime(2026, 11, 24, 14, 3, 9, tzinfo=UTC).timestamp()
DAY = 86400.0


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (109.4, "1:49"), (3723, "1:02:03"), (-5, "0:00")])
def test_a_duration_that_is_over_is_exact(seconds: float, words: str) -> None:
    assert exact_duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(9, "0:00"), (19.9, "0:10"), (599, "9:50"), (600, "10m"), (3599, "59m"), (3660, "1h01")]
)
def test_a_running_time_changes_each_ten_seconds_and_after_ten_minutes_each_minute(seconds: float, words: str) -> None:
    assert short_duration(floored_duration(seconds, 10), running=True) == words


@pytest.mark.parametrize(("seconds", "words"), [(42, "42s"), (61, "1m"), (11100, "3h 05m"), (187200, "2d 04h")])
def test_a_coarse_duration_has_two_units_at_most(seconds: float, words: str) -> None:
    assert coarse_duration(seconds) == words


@pytest.mark.parametrize(
    ("age", "words"),
    [(0, "14:03"), (DAY, "Mon 14:03"), (6 * DAY, "Wed 14:03"), (7 * DAY, "2026-11-17"), (-DAY, "2026-11-25")],
)
def test_a_moment_is_told_by_the_clock_and_never_by_its_age(age: float, words: str) -> None:
    assert clock_time(TUESDAY - age, TUESDAY, UTC) == words


def test_a_duration_in_words_is_in_the_language_of_the_reader() -> None:
    durations = (42, 61, 11100, 187200)
    assert [duration_in_words(seconds) for seconds in durations] == ["42s", "1m", "3h 05m", "2d 04h"]
    with speaking(Chinese()):
        assert [duration_in_words(seconds) for seconds in durations] == [
            "42 秒",
            "1 分钟",
            "3 小时 5 分",
            "2 天 4 小时",
        ]
        assert [coarse_duration(seconds) for seconds in durations] == ["42s", "1m", "3h 05m", "2d 04h"]


def test_a_full_time_has_date_and_seconds() -> None:
    assert full_time(TUESDAY, UTC) == "2026-11-24 14:03:09"


@given(st.none() | st.integers(0, 4_000_000_000).map(float))
def test_our_json_brings_a_time_back(moment: float | None) -> None:
    assert moment_of(iso_time(moment)) == moment


@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Santiago")]
)
@given(st.floats(min_value=1.7e9, max_value=1.8e9))
def test_from_midnight_on_a_moment_of_today_is_one_of_yesterday(zone: ZoneInfo, now: float) -> None:
    midnight = next_midnight(now, zone)
    assert now < midnight <= now + 25 * 3600
    assert ":" in clock_time(now, midnight - 1, zone)
    assert clock_time(now, midnight - 1, zone) != clock_time(now, midnight, zone)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0), ("90s", 90.0), ("1.5h", 5400.0), (".5m", 30.0), ("1h30m", 5400.0), ("7d", 604_800.0),
        ("2w", 1_209_600.0), ("1:49", 109.0), ("1:02:03", 3723.0), ("0", 0.0), ("", None), ("m", None), ("1:5", None),
        ("-1", None), ("1h 30m", None), ("1e9", None), ("nan", None), ("1y", None), ("h1", None), (".", None),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds
