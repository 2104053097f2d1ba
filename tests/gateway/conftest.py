"""Replies as the tests build them."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from raw_server import Act, RawServer

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.connection import Endpoint
from ecovai_tui.gateway.families.suno import read_batch
from ecovai_tui.tasks.model import Task

SAMPLES = Path(__file__).parents[1] / "samples"

KEY = "sk-0123456789abcdefTOPSECRET"
Serve = Callable[..., Awaitable[RawServer]]
ReadTask = Callable[..., Task]


@pytest.fixture
def key() -> str:
    """Give the key with which every gateway of these tests is asked."""
    return KEY


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """Give the bytes of a sample reply by its name."""
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture
def read() -> ReadTask:
    """Read one task with the given fields out of a batch reply."""

    def read_fields(**fields: object) -> Task:
        body = json.dumps({"code": "success", "message": "", "data": [{"task_id": "t1", **fields}]}).encode()
        (task,) = read_batch(body, 200, {})
        return task

    return read_fields


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a server of raw bytes on loopback; it ends with the test."""
    servers: list[RawServer] = []

    async def start(answer: bytes | Act = b"", context: ssl.SSLContext | None = None) -> RawServer:
        servers.append(await RawServer(answer).start(context))
        return servers[-1]

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def gateway_at(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Gateway]]:
    """Open a gateway at an address, with no proxy about; it is closed with the test."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    gateways: list[Gateway] = []

    def open_gateway(base_url: str, ca_file: Path | None = None, **options: Any) -> Gateway:
        gateways.append(Gateway(Endpoint(base_url, KEY, ca_file), **options))
        return gateways[-1]

    yield open_gateway
    for gateway in gateways:
        await gateway.aclose()
