"""No damaged reply gets anything past the door but Tasks and GatewayErrors (the long run: fuzz_replies.py)."""

from __future__ import annotations

import json
from random import Random

from fuzz_replies import STEERING, check, check_family, mutated_family_reply, mutated_reply, steering
from hypothesis import given, settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(STEERING),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["code", "data", "error", "message", "task_id", "status", "metadata", "text", "audio_url", "id"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=500)
@given(st.randoms(use_true_random=False))
def test_a_damaged_sample_breaks_nothing(random: Random) -> None:
    assert list(check(*mutated_reply(random)))


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_a_damaged_reply_about_a_picture_or_a_video_breaks_nothing(random: Random) -> None:
    assert list(check_family(*mutated_family_reply(random)))


@settings(max_examples=200)
@given(JSON, st.sampled_from([200, 400, 401, 403, 404, 500]))
def test_arbitrary_json_breaks_nothing(document: object, status: int) -> None:

    assert list(check(json.dumps(document).encode(), status, {}))


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from([200, 302, 403, 503]))
def test_arbitrary_bytes_break_nothing(body: bytes, status: int) -> None:
    assert list(check(body, status, {}))


def test_the_fuzzer_would_see_a_steering_character() -> None:
    for part in STEERING.split("|")[:-1]:
        assert steering(part), part
