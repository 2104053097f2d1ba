"""TLS is verified; certificates of one's own can be trusted; everything else is told in plain words."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from raw_server import RawServer, reply

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.errors import GatewayError, Problem

Serve = Callable[..., Awaitable[RawServer]]
Open = Callable[..., Gateway]

CERTIFICATE = Path(__file__).parent / "certificates" / "loopback.pem"
ONE = reply({"code": "success", "data": [{"task_id": "a", "status": "SUCCESS"}]})


@pytest.fixture
def context() -> ssl.SSLContext:
    """Give a server's side of TLS with a self-signed certificate for loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
    return context


async def failure(gateway: Gateway) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await gateway.fetch(["a"])
    return caught.value


async def test_a_certificate_that_nobody_vouches_for(serve: Serve, gateway_at: Open, context: ssl.SSLContext) -> None:
    server = await serve(ONE, context)
    error = await failure(gateway_at(server.base_url))
    assert (error.problem, error.detail) == (Problem.TLS, "self-signed certificate")
    assert not server.requests


async def test_a_ca_file_makes_it_trusted(serve: Serve, gateway_at: Open, context: ssl.SSLContext) -> None:
    server = await serve(ONE, context)
    assert len((await gateway_at(server.base_url, CERTIFICATE).fetch(["a"])).tasks) == 1


async def test_ssl_cert_file_makes_it_trusted(
    serve: Serve, gateway_at: Open, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server = await serve(ONE, context)
    assert len((await gateway_at(server.base_url).fetch(["a"])).tasks) == 1


async def test_a_server_that_does_not_speak_tls(gateway_at: Open) -> None:
    async def answer_at_once(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer_at_once, "127.0.0.1", 0)
    async with server:
        error = await failure(gateway_at(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    assert error.problem is Problem.TLS


@pytest.mark.parametrize("name", ["nowhere.pem", "empty.pem"])
async def test_a_ca_file_that_cannot_be_read_is_named(gateway_at: Open, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.pem").touch()
    error = await failure(gateway_at("https://127.0.0.1:1", tmp_path / name))
    assert error.problem is Problem.CA_FILE
    assert name in error.message


async def test_a_ca_file_in_a_home_that_nobody_has_is_named(gateway_at: Open) -> None:
    error = await failure(gateway_at("https://127.0.0.1:1", Path("~nobody-of-this-name/ca.pem")))
    assert error.problem is Problem.CA_FILE
    assert "~nobody-of-this-name/ca.pem" in error.message


async def test_an_ssl_cert_file_that_cannot_be_read_is_named(gateway_at: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    error = await failure(gateway_at("https://127.0.0.1:1"))
    assert error.problem is Problem.CA_FILE
    assert "SSL_CERT_FILE" in error.message
