"""What is left to a key is told in the site's own units, or not at all: nothing is made up."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.billing import Quota, quota_of, read_granted, read_used
from ecovai_tui.gateway.client import Endpoint, Gateway
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import DIALECTS, Options


def subscription(limit: object) -> bytes:
    return json.dumps({"object": "billing_subscription", "hard_limit_usd": limit, "access_until": 0}).encode()


def read_quota(granted: bytes, used: bytes) -> Quota | None:
    return quota_of(read_granted(granted), read_used(used))


def usage(hundredths: object) -> bytes:
    return json.dumps({"object": "list", "total_usage": hundredths}).encode()


@pytest.mark.parametrize(
    ("limit", "hundredths", "left"),
    [
        (20, 760, 12.4),
        (2.0, 200.0, 0.0),
        ("20", "760", 12.4),
        (1, 150, -0.5),
        (100_000_000, 5, None),
        (1e9, 0, None),
    ],
)
def test_what_is_left_is_what_was_granted_less_what_was_used(limit: object, hundredths: object, left: object) -> None:
    quota = read_quota(subscription(limit), usage(hundredths))
    assert quota is not None
    assert quota.left == (left if left is None else pytest.approx(left))


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<!DOCTYPE html><html></html>",
        b"[]",
        b"null",
        b"{",
        b'{"error":{"message":"x"}}',
        subscription(None),
        subscription(True),
        subscription("much"),
        subscription(float("nan")),
        subscription([20]),
        b"\xff\xfe\x00",
    ],
)
def test_a_reply_that_does_not_tell_is_no_quota(reply: bytes) -> None:
    assert read_quota(reply, usage(760)) is None
    assert read_quota(subscription(20), reply) is None


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_gateway_tells_it_or_is_not_taken_to_tell_it(dialect: str) -> None:
    with Simulator(Options(dialect=dialect, arrivals=False)) as simulator:
        gateway = Gateway(Endpoint(simulator.base_url, simulator.key))
        try:
            quota = await gateway.quota()
        finally:
            await gateway.aclose()
        used = 0.1 * len(simulator.ids)
        expected = None if dialect == "suno-api" else Quota(pytest.approx(20 - used), pytest.approx(used))
        assert quota == expected


async def test_a_key_that_is_refused_has_no_quota_to_tell() -> None:
    with Simulator(Options(arrivals=False)) as simulator:
        gateway = Gateway(Endpoint(simulator.base_url, "sk-another"))
        try:
            assert await gateway.quota() is None
        finally:
            await gateway.aclose()
