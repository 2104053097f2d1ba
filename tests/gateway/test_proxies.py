"""Proxies come from the environment, never stand before loopback, and are named when they fail."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable

import pytest
from raw_server import RawServer, reply

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.proxies import SYSTEM_SETTINGS, ProxyError, find_proxy, is_loopback

Serve = Callable[..., Awaitable[RawServer]]
Open = Callable[..., Gateway]

ONE = reply({"code": "success", "data": [{"task_id": "a", "status": "SUCCESS"}]})
AWAY = "http://gateway.example"


async def failure(gateway: Gateway) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await gateway.fetch(["a"])
    return caught.value


async def test_a_gateway_that_is_away_is_asked_through_the_proxy(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve(ONE)
    gateway = gateway_at(AWAY)
    monkeypatch.setenv("HTTP_PROXY", f"http://user:pass@127.0.0.1:{proxy.port}")
    assert len((await gateway.fetch(["a"])).tasks) == 1
    assert proxy.requests[0].line == "POST http://gateway.example/suno/fetch HTTP/1.1"
    assert "proxy-authorization" in proxy.requests[0].headers


async def test_loopback_never_goes_through_a_proxy(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = await serve(ONE), await serve(ONE)
    gateway = gateway_at(server.base_url)
    monkeypatch.setenv("ALL_PROXY", proxy.base_url)
    await gateway.fetch(["a"])
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("address", ["nonsense://x:1", "http://", "http://x:port", "http://[::1", "http://x:99999"])
async def test_a_bad_proxy_setting_is_named(
    gateway_at: Open, monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    gateway = gateway_at(AWAY)
    monkeypatch.setenv(name, address)
    error = await failure(gateway)
    assert error.problem is Problem.PROXY
    assert name in error.message


async def test_a_proxy_that_is_not_there_is_named_without_its_password(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve()
    await proxy.stop()
    gateway = gateway_at("https://gateway.example")
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:hidden@127.0.0.1:{proxy.port}")
    error = await failure(gateway)
    assert error.problem is Problem.PROXY
    assert "HTTPS_PROXY" in error.message
    assert "hidden" not in error.message + error.detail


async def test_a_proxy_that_refuses_to_connect_is_named(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve(reply(b"", 407))
    gateway = gateway_at("https://gateway.example")
    monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
    error = await failure(gateway)
    assert error.problem is Problem.PROXY
    assert proxy.requests[0].line.startswith("CONNECT gateway.example:443")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://[fd00::1]:9", "[fd00::1]:9"),
        ("https://[FD00:0::1]", "[FD00:0::1]:443"),
        ("https://[fd00::1]/fd00::1", "[fd00::1]:443"),
        ("https://10.0.0.1:9", "10.0.0.1:9"),
        ("https://gateway.example", "gateway.example:443"),
    ],
)
async def test_a_tunnel_through_a_proxy_leads_to_the_address_as_it_is_written(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch, address: str, named: str
) -> None:
    proxy = await serve(reply(b"", 502))
    gateway = gateway_at(address)
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass@127.0.0.1:{proxy.port}")
    await failure(gateway)
    (request,) = proxy.requests
    assert request.line == f"CONNECT {named} HTTP/1.1"
    assert request.headers["host"] == named
    assert "authorization" not in request.headers


@pytest.mark.parametrize("address", ["http://[fd00::1]:9", "http://[fd00::1]", "http://[fd00::1]:9/fd00::1"])
async def test_a_plain_request_through_a_proxy_keeps_the_brackets_of_ipv6(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    proxy = await serve(ONE)
    gateway = gateway_at(address)
    monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
    for _ in range(2):
        await gateway.fetch(["a"])
    assert [request.line for request in proxy.requests] == [f"POST {address}/suno/fetch HTTP/1.1"] * 2
    assert proxy.requests[0].headers["host"] == address.split("/")[2]
    assert proxy.connections == 1


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("greeting", "answer"),
    [
        (b"\x05\xff", b""),
        (b"\x05\x00", b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"),
        (b"\x05\x00", b"gibberish"),
        (b"HTTP/1.1 400", b""),
    ],
)
async def test_a_socks_proxy_that_does_not_work_is_named(
    gateway_at: Open, monkeypatch: pytest.MonkeyPatch, greeting: bytes, answer: bytes
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for said in (greeting, answer):
            await reader.read(100)
            writer.write(said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        gateway = gateway_at(AWAY)
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        error = await failure(gateway)
        gc.collect()  # httpcore leaves the socket of a failed SOCKS handshake to it, and the server waits for its end
    assert error.problem is Problem.PROXY
    assert "ALL_PROXY" in error.message


@pytest.fixture
def environment(gateway_at: Open, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment without any proxy settings."""
    return monkeypatch


@pytest.mark.parametrize(
    ("settings", "address", "expected"),
    [
        ({}, AWAY, None),
        ({"HTTP_PROXY": "http://p:1"}, AWAY, ("HTTP_PROXY", "http://p:1")),
        ({"HTTP_PROXY": "http://p:1"}, "https://gateway.example", None),
        ({"ALL_PROXY": "socks5://p:1"}, "https://gateway.example", ("ALL_PROXY", "socks5://p:1")),
        ({"https_proxy": "p:1"}, "https://gateway.example", ("https_proxy", "http://p:1")),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "gateway.example"}, AWAY, None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": ".example"}, AWAY, None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, AWAY, None),
        ({"ALL_PROXY": "http://p:1"}, "http://localhost:3000", None),
        ({"ALL_PROXY": "http://p:1"}, "http://[::1]:3000", None),
        ({"ALL_PROXY": "http://p:1", "HTTP_PROXY": ""}, AWAY, ("ALL_PROXY", "http://p:1")),
    ],
)
def test_which_proxy_stands_before_an_address(
    environment: pytest.MonkeyPatch, settings: dict[str, str], address: str, expected: tuple[str, str] | None
) -> None:
    for name, value in settings.items():
        environment.setenv(name, value)
    proxy = find_proxy(address)
    assert (proxy and (proxy.setting, proxy.url)) == expected


def test_a_proxy_of_the_system_is_told_as_such(environment: pytest.MonkeyPatch) -> None:
    environment.setattr("ecovai_tui.gateway.proxies.getproxies", lambda: {"http": "nonsense://x"})
    with pytest.raises(ProxyError, match=SYSTEM_SETTINGS):
        find_proxy(AWAY)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *(("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("a.localhost", True)),
        *(("10.0.0.1", False), ("localhost.example", False), ("", False)),
    ],
)
def test_what_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
