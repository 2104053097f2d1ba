"""A kept connection that the server closes as the next request goes out costs nothing; every other loss is told."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from raw_server import Act, RawServer, reply

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.connection import KEEPALIVE, Endpoint, connect
from ecovai_tui.gateway.errors import GatewayError, Problem

Serve = Callable[..., Awaitable[RawServer]]
Open = Callable[..., Gateway]
Ask = Callable[[Gateway], Awaitable[object]]

CERTIFICATE = Path(__file__).parent / "certificates" / "loopback.pem"
ONE = reply({"code": "success", "data": [{"task_id": "a", "status": "SUCCESS"}]})


async def answer(writer: asyncio.StreamWriter) -> None:
    writer.write(ONE)
    await writer.drain()


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def say_and_close(words: bytes) -> Act:
    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await writer.drain()
        writer.close()

    return act


async def hang(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def one_after_the_other(*acts: Act) -> Act:
    """Return an act that does another thing at every request."""
    waiting = iter(acts)

    async def act(writer: asyncio.StreamWriter) -> None:
        await next(waiting)(writer)

    return act


async def ask_batch(gateway: Gateway) -> object:
    return (await gateway.fetch(["a"])).tasks


async def ask_single(gateway: Gateway) -> object:
    return await gateway.fetch_one("a")


async def failure(gateway: Gateway) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await gateway.fetch(["a"])
    return caught.value


@pytest.fixture
def tls() -> ssl.SSLContext:
    """Give a server's side of TLS with a self-signed certificate for loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
    return context


@pytest.mark.parametrize("lose", [close, reset])
@pytest.mark.parametrize("ask", [ask_batch, ask_single])
@pytest.mark.parametrize("secure", [False, True])
async def test_a_kept_connection_that_closes_without_a_byte_is_replaced_in_silence(
    serve: Serve, gateway_at: Open, tls: ssl.SSLContext, lose: Act, ask: Ask, secure: bool
) -> None:
    server = await serve(one_after_the_other(answer, lose, answer, answer), tls if secure else None)
    gateway = gateway_at(server.base_url, CERTIFICATE)
    for _ in range(3):
        assert await ask(gateway)
    assert (len(server.requests), server.connections) == (4, 2)


async def test_a_request_is_repeated_once_at_most(serve: Serve, gateway_at: Open) -> None:
    server = await serve(one_after_the_other(answer, close, close))
    gateway = gateway_at(server.base_url)
    await ask_batch(gateway)
    assert (await failure(gateway)).problem is Problem.CONNECTION_LOST
    assert (len(server.requests), server.connections) == (3, 2)


@pytest.mark.parametrize("lose", [close, reset])
async def test_a_fresh_connection_that_closes_is_told(serve: Serve, gateway_at: Open, lose: Act) -> None:
    server = await serve(lose)
    assert (await failure(gateway_at(server.base_url))).problem is Problem.CONNECTION_LOST
    assert len(server.requests) == 1


@pytest.mark.parametrize("words", [b"H", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", ONE[:-20]])
async def test_a_reply_that_began_is_never_asked_for_again(serve: Serve, gateway_at: Open, words: bytes) -> None:
    server = await serve(one_after_the_other(answer, say_and_close(words)))
    gateway = gateway_at(server.base_url)
    await ask_batch(gateway)
    assert (await failure(gateway)).problem is Problem.CONNECTION_LOST
    assert len(server.requests) == 2


async def test_silence_is_not_taken_for_a_closed_connection(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecovai_tui.gateway.connection.TIMEOUTS", 0.2)
    server = await serve(one_after_the_other(answer, hang))
    gateway = gateway_at(server.base_url)
    await ask_batch(gateway)
    assert (await failure(gateway)).problem is Problem.READ_TIMEOUT
    assert len(server.requests) == 2


async def test_what_is_no_query_is_never_repeated(serve: Serve) -> None:
    server = await serve(one_after_the_other(answer, close))
    client = connect(Endpoint(server.base_url, "sk-any")).client
    try:
        await client.post(f"{server.base_url}/suno/submit/music", json={})
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(f"{server.base_url}/suno/submit/music", json={})
    finally:
        await client.aclose()
    assert len(server.requests) == 2


async def test_the_first_request_behind_a_socks_handshake_is_on_a_fresh_connection(
    gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        for said in (b"\x05\x00", b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"):
            await reader.read(100)
            writer.write(said)
        await reader.readuntil(b"\r\n\r\n")
        requests += 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        gateway = gateway_at("http://gateway.example")
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert (await failure(gateway)).problem is Problem.CONNECTION_LOST
        await gateway.aclose()
    assert requests == 1


def test_a_connection_is_given_up_before_the_usual_five_seconds_of_servers() -> None:
    assert 0 < KEEPALIVE < 5


async def test_a_connection_that_has_rested_too_long_is_not_used_again(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecovai_tui.gateway.connection.KEEPALIVE", -1.0)
    server = await serve(ONE)
    gateway = gateway_at(server.base_url)
    await ask_batch(gateway)
    await ask_batch(gateway)
    assert (len(server.requests), server.connections) == (2, 2)
