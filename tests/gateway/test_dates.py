"""Headers that speak of time, also when they speak nonsense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.gateway.fields import clock_skew, http_date, retry_after

HALF_PAST_SEVEN = 1792567680.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Wed, 21 Oct 2026 07:28:00 GMT", HALF_PAST_SEVEN),
        ("Wed, 21 Oct 2026 15:28:00 +0800", HALF_PAST_SEVEN),
        ("Wed, 21 Oct 2026 07:28:00 -0000", HALF_PAST_SEVEN),
        ("Wed, 21 Oct 2026 07:28:00", HALF_PAST_SEVEN),
        ("yesterday", None),
        ("", None),
    ],
)
def test_http_dates(text: str, seconds: float | None) -> None:
    assert http_date(text) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d{1,3}:\d{1,3}(:\d{1,3})? .{0,8}"))
def test_no_header_breaks_the_reading_of_dates(text: str) -> None:
    http_date(text)
    wait = retry_after({"retry-after": text, "date": text})
    assert wait is None or 0 <= wait <= 600


@pytest.mark.parametrize(
    ("sent", "received", "skew"),
    [(1000.0, 1000.0, 0.5), (999.0, 1001.0, 0.5), (990.0, 990.0, 10.5), (1000.0, 1002.1, None), (1000.0, 999.0, None)],
)
def test_the_skew_counts_from_the_middle_of_a_quick_exchange(sent: float, received: float, skew: float | None) -> None:
    assert clock_skew("Thu, 01 Jan 1970 00:16:40 GMT", sent, received) == skew
