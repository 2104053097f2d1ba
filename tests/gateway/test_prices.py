"""Prices and charges as new-api tells them, read whatever else stands there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ecovai_tui.gateway.billing import Charge, Price, read_charges, read_price
from ecovai_tui.gateway.client import Gateway
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import DIALECTS, Options

BROKEN = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"<html>",
    b'{"data": 1}',
    b'{"success": true, "data": {}}',
    b'{"data": [1, null]}',
]


def row(**fields: object) -> dict[str, object]:
    return {"model_name": "suno_music", "quota_type": 1, "model_price": 0.1, **fields}


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ([row()], 0.1),
        ([row(model_name="suno_lyrics"), row(model_price="0.5")], 0.5),
        ([row(quota_type=0)], None),
        ([row(model_price=None)], None),
        ([], None),
    ],
)
def test_a_price_is_that_of_one_call(rows: list[object], amount: float | None) -> None:
    body = json.dumps(
        {"success": True, "data": rows, "group_ratio": {"default": 1, "vip": "0.5", "odd": None}}
    ).encode()
    expected = None if amount is None else Price(amount, {"default": 1.0, "vip": 0.5})
    assert read_price(body, "suno_music") == expected


def test_charges_are_the_lines_of_their_type() -> None:
    lines = [
        {"type": 2, "created_at": 1_800_000_000, "model_name": "suno_music", "quota": 50_000},
        {"type": 6, "created_at": 1_800_000_000, "model_name": "suno_music", "quota": 50_000},
        {"type": 2, "created_at": 0, "model_name": "suno_music"},
        {"type": 2, "created_at": "1800000001", "model_name": None},
    ]
    body = json.dumps({"success": True, "message": "", "data": lines}).encode()
    assert read_charges(body) == (Charge(1_800_000_000.0, "suno_music", 50_000.0), Charge(1_800_000_001.0, "", 0.0))


@pytest.mark.parametrize("body", BROKEN)
def test_nothing_that_is_damaged_is_a_price_or_a_charge(body: bytes) -> None:
    assert read_price(body, "suno_music") is None
    assert not read_charges(body)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_gateway_without_these_routes_does_not_tell(dialect: str, gateway_at: Callable[..., Gateway]) -> None:
    with Simulator(Options(dialect=dialect, population=0, arrivals=False)) as simulator:
        gateway = gateway_at(simulator.base_url)
        told = await gateway.price("suno_music")
    assert (told is None) == (dialect in {"one-hub", "suno-api"})
