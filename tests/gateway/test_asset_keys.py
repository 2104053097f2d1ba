"""The key goes to the gateway's own videos alone, never to another origin and to no other path."""

from __future__ import annotations

import pytest

from ecovai_tui.gateway.assets import AssetError, AssetSource
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


def fetch(source: AssetSource, url: str) -> bytes:
    with source.open(url) as asset:
        return b"".join(asset.chunks)


def test_a_video_that_the_gateway_holds_is_fetched_with_the_key() -> None:
    with Simulator(Options(arrivals=False, population=0)) as simulator:
        bare_id = simulator.order("openai-video", ago=500.0).partition(":")[2]
        address = f"{simulator.base_url}/v1/videos/{bare_id}/content"
        source = AssetSource(simulator.base_url, version="1", key_of=lambda: simulator.key)
        assert fetch(source, address)[4:8] == b"ftyp"
        with pytest.raises(AssetError, match="refuses"):
            fetch(AssetSource(simulator.base_url, version="1"), address)


def test_an_artifact_of_a_task_is_fetched_with_the_key_in_place_of_an_address_that_works_for_anybody() -> None:
    with Simulator(Options(arrivals=False, population=0)) as simulator:
        bare_id = simulator.order("table", ago=500.0).partition(":")[2]
        address = f"{simulator.base_url}/v1/tasks/{bare_id}/artifacts/video/content"
        assert (
            fetch(AssetSource(simulator.base_url, version="1", key_of=lambda: simulator.key), address)[4:8] == b"ftyp"
        )
        with pytest.raises(AssetError, match="refuses"):
            fetch(AssetSource(simulator.base_url, version="1"), address)


def test_nothing_else_is_asked_with_the_key() -> None:
    options = Options(arrivals=False, population=0)
    with Simulator(options) as gateway, Simulator(options) as other:
        picture = gateway.order("midjourney", ago=500.0).partition(":")[2]
        source = AssetSource(gateway.base_url, version="1", key_of=lambda: gateway.key)
        for address in (
            f"{gateway.base_url}/cdn2/made/{picture}.jpeg",
            f"{other.base_url}/v1/videos/video_1/content",
            f"{gateway.base_url}/cdn1/v1/videos/x/content.mp4",
        ):
            with pytest.raises(AssetError):
                fetch(source, address)
        told = [record.headers.get("authorization") for record in (*gateway.file_requests, *other.file_requests)]
        assert told == [None, None, None]
