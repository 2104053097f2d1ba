"""How a request goes over the wire where httpx alone does not do: stale connections, and IPv6 through a proxy."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from functools import partial

import httpcore
import httpx

KEEPALIVE = 4.0
"""Seconds that a connection is kept without use; many servers close it after 5, just as the next request goes out."""

REPEATABLE = "repeatable"
"""The extension of a request that may be sent twice, since it only asks."""


class Transport(httpx.AsyncHTTPTransport):
    """httpx's own transport, but a request that a stale connection swallowed is sent once more.

    A server may close a kept connection at the very moment of the next request. That request is repeated where it is
    marked as repeatable, no connection was opened for it, and not one byte came back.
    """

    def __init__(self, certificates: ssl.SSLContext, proxy: httpx.Proxy | None) -> None:
        super().__init__(verify=certificates, trust_env=False)
        self._wire = _Wire()
        self._asks_http_proxy = proxy is not None and proxy.url.scheme in {"http", "https"}
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=certificates,
            proxy=_of_httpcore(proxy) if proxy else None,
            max_connections=2,
            max_keepalive_connections=1,
            keepalive_expiry=KEEPALIVE,
            network_backend=self._wire,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and a second time if it met a stale connection."""
        host = request.url.raw_host
        if self._asks_http_proxy and b":" in host:
            request.extensions = {**request.extensions, "trace": partial(_with_brackets, host)}
        before = self._wire.traffic
        try:
            return await super().handle_async_request(request)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            if REPEATABLE not in request.extensions or self._wire.traffic != before:
                raise
        return await super().handle_async_request(request)


class _Wire(httpcore.AsyncNetworkBackend):
    """The sockets of httpcore, which count the connections that are opened and the bytes that come."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()
        self._opened = 0
        self.received = 0

    @property
    def traffic(self) -> tuple[int, int]:
        """Connections opened and bytes received so far."""
        return self._opened, self.received

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._opened += 1
        return _Counted(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options), self)


class _Counted(httpcore.AsyncNetworkStream):
    """A stream that tells its wire how much it receives."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, wire: _Wire) -> None:
        self._stream = stream
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        received = await self._stream.read(max_bytes, timeout)
        self._wire.received += len(received)
        return received

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._wire)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _of_httpcore(proxy: httpx.Proxy) -> httpcore.Proxy:
    url = proxy.url
    return httpcore.Proxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        auth=proxy.raw_auth,
        headers=proxy.headers.raw,
        ssl_context=proxy.ssl_context,
    )


async def _with_brackets(host: bytes, event: str, info: Mapping[str, object]) -> None:
    """Write an IPv6 address in brackets where a request names the gateway to a proxy; httpcore 1.0 leaves them out."""
    request = info.get("request")
    if event != "http11.send_request_headers.started" or not isinstance(request, httpcore.Request):
        return
    bare = request.url.target
    if request.method == b"CONNECT" or bare.startswith((b"http://", b"https://")):
        request.url.target = bare.replace(host, b"[" + host + b"]", 1)
        request.headers = [(name, request.url.target if value == bare else value) for name, value in request.headers]
