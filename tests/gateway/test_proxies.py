"""Proxies come from the environment, never stand before loopback, and are named when they fail."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable

import pytest
from raw_server import RawServer, reply

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.proxies import SYSTEM_SETTINGS, find_route, is_loopback, route_by

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


P, Q = "http://p:1", "http://q:1"
SECURE = "https://gateway.example"


@pytest.mark.parametrize(
    ("settings", "address", "expected"),
    [
        ({"HTTP_PROXY": P}, AWAY, ("HTTP_PROXY", P)),
        ({"http_proxy": P, "HTTP_PROXY": Q}, AWAY, ("http_proxy", P)),
        ({"https_proxy": P, "HTTPS_PROXY": Q}, SECURE, ("https_proxy", P)),
        ({"https_proxy": "", "HTTPS_PROXY": Q}, SECURE, ("HTTPS_PROXY", Q)),
        ({"all_proxy": P, "ALL_PROXY": Q}, SECURE, ("all_proxy", P)),
        ({"all_proxy": P, "HTTPS_PROXY": Q}, SECURE, ("HTTPS_PROXY", Q)),
        ({"ALL_PROXY": "socks5://p:1"}, SECURE, ("ALL_PROXY", "socks5://p:1")),
        ({"https_proxy": "p:1"}, SECURE, ("https_proxy", P)),
        ({"https_proxy": " p:1 "}, SECURE, ("https_proxy", P)),
        ({"https_proxy": "HTTP://p:1"}, SECURE, ("https_proxy", P)),
        ({"HTTPS_PROXY": "http://[fd00::2]:1"}, SECURE, ("HTTPS_PROXY", "http://[fd00::2]:1")),
        ({"ALL_PROXY": P, "HTTP_PROXY": ""}, AWAY, ("ALL_PROXY", P)),
        ({"HTTP_PROXY": Q, "REQUEST_METHOD": "GET", "ALL_PROXY": P}, AWAY, ("ALL_PROXY", P)),
        ({"ALL_PROXY": "socks://127.0.0.1:9"}, SECURE, ("ALL_PROXY", "socks5h://127.0.0.1:9")),
        ({"ALL_PROXY": "socks://127.0.0.1:9/"}, AWAY, ("ALL_PROXY", "socks5h://127.0.0.1:9/")),
        ({"ALL_PROXY": "SOCKS://u:p@h:9"}, AWAY, ("ALL_PROXY", "socks5h://u:p@h:9")),
        ({"ALL_PROXY": P, "NO_PROXY": "other.example"}, AWAY, ("ALL_PROXY", P)),
        ({"ALL_PROXY": P, "NO_PROXY": "gateway.example", "no_proxy": "other.example"}, AWAY, ("ALL_PROXY", P)),
        ({"ALL_PROXY": P, "NO_PROXY": "gateway.example:443"}, AWAY, ("ALL_PROXY", P)),
        ({"ALL_PROXY": P}, "http://localhost.example", ("ALL_PROXY", P)),
    ],
)
def test_which_proxy_stands_before_an_address(
    settings: dict[str, str], address: str, expected: tuple[str, str]
) -> None:
    route = route_by(settings, address)
    assert route is not None
    assert route.proxy is not None
    assert (route.proxy.setting, route.proxy.url, route.because) == (*expected, "")


@pytest.mark.parametrize(
    ("settings", "address", "because"),
    [
        ({"ALL_PROXY": P, "NO_PROXY": "gateway.example"}, AWAY, "NO_PROXY has the entry gateway.example"),
        ({"ALL_PROXY": P, "no_proxy": "a, .example"}, AWAY, "no_proxy has the entry .example"),
        ({"ALL_PROXY": P, "no_proxy": "", "NO_PROXY": "*"}, AWAY, "NO_PROXY has the entry *"),
        ({"ALL_PROXY": P, "NO_PROXY": "x, *.invalid"}, "https://a.invalid", "NO_PROXY has the entry *.invalid"),
        ({"ALL_PROXY": P, "NO_PROXY": "10.0.0.0/8"}, "https://10.1.2.3", "NO_PROXY has the entry 10.0.0.0/8"),
        ({"ALL_PROXY": P, "NO_PROXY": "fd00::1"}, "https://[fd00::1]:9", "NO_PROXY has the entry fd00::1"),
        ({"ALL_PROXY": P, "NO_PROXY": "gateway.example:443"}, SECURE, "NO_PROXY has the entry gateway.example:443"),
        ({"ALL_PROXY": P, "NO_PROXY": "gateway.example:80"}, AWAY, "NO_PROXY has the entry gateway.example:80"),
        ({"ALL_PROXY": P, "NO_PROXY": "a.example:8"}, "https://a.example:8/x", "NO_PROXY has the entry a.example:8"),
        ({"ALL_PROXY": "nonsense://", "NO_PROXY": "*"}, AWAY, "NO_PROXY has the entry *"),
        ({"ALL_PROXY": P}, "http://localhost:3000", "the gateway is this computer"),
        ({"ALL_PROXY": P}, "http://LOCALHOST.:3000", "the gateway is this computer"),
        ({"ALL_PROXY": P}, "http://[::1]:3000", "the gateway is this computer"),
        ({"ALL_PROXY": P}, "http://127.1:3000", "the gateway is this computer"),
    ],
)
def test_what_keeps_a_proxy_out_of_the_way(settings: dict[str, str], address: str, because: str) -> None:
    route = route_by(settings, address)
    assert route is not None
    assert (route.proxy, route.set_aside, route.because) == (None, "ALL_PROXY", because)


@pytest.mark.parametrize(
    ("settings", "address"),
    [({}, AWAY), ({"HTTP_PROXY": P}, SECURE), ({"NO_PROXY": "*"}, AWAY), ({"ALL_PROXY": ""}, AWAY)],
)
def test_where_no_proxy_is_set_there_is_no_route_by_the_environment(settings: dict[str, str], address: str) -> None:
    assert route_by(settings, address) is None


@pytest.mark.parametrize("scheme", ["socks4", "socks4a", "SOCKS4", "ftp"])
def test_a_kind_of_proxy_that_cannot_be_used_is_told(scheme: str) -> None:
    with pytest.raises(GatewayError) as caught:
        route_by({"ALL_PROXY": f"{scheme}://user:hidden@127.0.0.1:9"}, AWAY)
    assert caught.value.problem is Problem.PROXY
    assert "ALL_PROXY" in caught.value.message
    assert caught.value.detail == f"{scheme.lower()} proxies cannot be used, only http, https, socks5 and socks5h"


@pytest.mark.parametrize(
    "address", ["hidden:hidden@x://y", "http://user:hidden@:1", "http://user:hidden@x:port", "://"]
)
def test_a_value_that_is_no_address_is_told_without_what_stands_in_it(address: str) -> None:
    with pytest.raises(GatewayError) as caught:
        route_by({"HTTPS_PROXY": address}, SECURE)
    assert caught.value.detail == "its value is no address like http://127.0.0.1:3128"
    assert "hidden" not in f"{caught.value.message} {caught.value.detail}"


@pytest.fixture
def system(gateway_at: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a system whose settings name a proxy, and an environment that names none."""

    def name(proxy: str) -> None:
        monkeypatch.setattr("ecovai_tui.gateway.proxies.getproxies", lambda: {"http": proxy})
        monkeypatch.setattr("ecovai_tui.gateway.proxies.proxy_bypass", lambda host: host == "inside.example:81")

    return name


def test_a_proxy_of_the_system_is_told_as_such(system: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    system("nonsense://x")
    with pytest.raises(GatewayError, match=SYSTEM_SETTINGS):
        find_route(AWAY)
    assert find_route(SECURE).proxy is None
    assert find_route("http://localhost").because == "the gateway is this computer"
    assert find_route("http://inside.example:81").because == "they make an exception for the gateway"
    system(P)
    assert (found := find_route(AWAY).proxy)
    assert (found.setting, found.url) == (SYSTEM_SETTINGS, P)
    monkeypatch.setenv("HTTPS_PROXY", Q)
    assert find_route(AWAY).proxy is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *(("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("a.localhost", True)),
        *(("127.1", True), ("0x7f000001", True), ("::ffff:127.0.0.1", True), ("localhost.", True)),
        *(("10.0.0.1", False), ("localhost.example", False), ("", False)),
    ],
)
def test_what_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
