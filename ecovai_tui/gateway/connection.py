"""The way to a gateway: address, certificates, proxy, timeouts, stale connections, and what failures of it mean."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version as installed_version
from pathlib import Path
from urllib.parse import urlsplit

import httpcore
import httpx
from socksio import SOCKSError

from ecovai_tui.gateway.errors import GatewayError, Problem, shortened
from ecovai_tui.gateway.proxies import Proxy, find_route

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
            proxy=of_httpcore(proxy) if proxy else None,
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


def of_httpcore(proxy: httpx.Proxy) -> httpcore.Proxy:
    """Return a proxy as the layer below httpx has it."""
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


BY_CLASS: tuple[tuple[type[Exception], Problem], ...] = (
    (httpx.ConnectTimeout, Problem.CONNECT_TIMEOUT),
    (httpx.PoolTimeout, Problem.CONNECT_TIMEOUT),
    (httpx.TimeoutException, Problem.READ_TIMEOUT),
    (httpx.ProxyError, Problem.PROXY),
    (httpx.ConnectError, Problem.UNREACHABLE),
    (httpx.UnsupportedProtocol, Problem.BAD_ADDRESS),
    (httpx.LocalProtocolError, Problem.BAD_ADDRESS),
    (httpx.InvalidURL, Problem.BAD_ADDRESS),
    (httpx.TooManyRedirects, Problem.REDIRECT),
    (httpx.DecodingError, Problem.UNREADABLE),
    (httpx.TransportError, Problem.CONNECTION_LOST),
    (httpx.HTTPError, Problem.CONNECTION_LOST),
    (httpx.StreamError, Problem.CONNECTION_LOST),
    (SOCKSError, Problem.PROXY),
    (UnicodeError, Problem.BAD_ADDRESS),
    (ssl.SSLError, Problem.TLS),
)
"""What each class of httpx means, the special before the general."""

BY_CAUSE: tuple[tuple[type[BaseException], Problem], ...] = (
    (ssl.SSLError, Problem.TLS),
    (socket.gaierror, Problem.NAME_NOT_FOUND),
    (ConnectionRefusedError, Problem.CONNECTION_REFUSED),
)
"""Why a connection did not come about, from the error of the operating system behind it."""

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, SOCKSError, OSError, UnicodeError)
"""Everything that httpx raises of its own, or lets through from the layers below."""


def error_of(failure: Exception, address: str, proxy_setting: str = "") -> GatewayError:
    """Return the error for an exception of httpx; ``address`` is the host and port that was asked.

    With ``proxy_setting`` (a proxy was on the way) a connection that did not come about is the proxy's.
    """
    problem = problem_of(failure)
    if proxy_setting and isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout) and problem is not Problem.TLS:
        problem = Problem.PROXY
    about = proxy_setting if problem is Problem.PROXY else address
    return GatewayError(problem, about=about, detail=shortened(_reason(failure)))


def problem_of(failure: Exception) -> Problem:
    """Return the kind of trouble that an exception of httpx is."""
    if isinstance(failure, httpx.ConnectError):
        causes = list(_causes(failure))
        for cause_class, problem in BY_CAUSE:
            if any(isinstance(cause, cause_class) for cause in causes):
                return problem
    return next((problem for class_, problem in BY_CLASS if isinstance(failure, class_)), Problem.CONNECTION_LOST)


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """Yield the exception, what it came from, and the members of groups among them."""
    waiting: list[BaseException | None] = [failure]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions


def _reason(failure: Exception) -> str:
    """Return the technical reason; what h11 says of a bad header quotes the header, so that is kept out."""
    if isinstance(failure, httpx.LocalProtocolError | UnicodeError):
        return ""
    certificate = next((cause for cause in _causes(failure) if isinstance(cause, ssl.SSLCertVerificationError)), None)
    return certificate.verify_message if certificate else str(failure)


async def read_body(response: httpx.Response, most: int) -> bytes:
    """Return a whole body; raises GatewayError for one of more than so many bytes after decompression."""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most:
            raise GatewayError(Problem.REPLY_TOO_BIG, about=f"{most >> 20} MiB", status=response.status_code)
    return bytes(body)


TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
"""Seconds for connecting, and for each pause between two parts of a reply."""

_TRIMMED = ("/", "/v1", "/suno/fetch")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a gateway is and with which key it is asked."""

    base_url: str
    api_key: str = field(repr=False)
    ca_file: Path | None = None
    """Certificates that are trusted besides the usual ones."""

    @property
    def root(self) -> str:
        """The base address without what people copy along: ``/``, ``/v1`` or the path of the call itself."""
        root = self.base_url.strip()
        while ending := next((ending for ending in _TRIMMED if root.endswith(ending)), ""):
            root = root.removesuffix(ending)
        return root

    @property
    def address(self) -> str:
        """Host and port, for people; without user and password."""
        try:
            return urlsplit(self.root).netloc.rpartition("@")[2] or self.root
        except ValueError:
            return "base_url"


@dataclass(frozen=True, slots=True)
class Connection:
    """A client of httpx, and the proxy setting that it goes by ("" for none)."""

    client: httpx.AsyncClient
    proxy_setting: str = ""


def connect(endpoint: Endpoint, version: str = "") -> Connection:
    """Return a client for the endpoint; takes some 100 ms, for the certificates. Raises GatewayError.

    Nothing else is taken from the environment: neither a ``.netrc``, which would replace our key, nor other settings.
    """
    _check_address(endpoint.root)
    proxy = find_route(endpoint.root).proxy
    client = httpx.AsyncClient(
        transport=Transport(certificates(endpoint.ca_file), usable(proxy) if proxy else None),
        trust_env=False,
        follow_redirects=False,
        timeout=TIMEOUTS,
        headers=_headers(endpoint, version),
    )
    return Connection(client, proxy.setting if proxy else "")


def _check_address(root: str) -> None:
    try:
        parts = urlsplit(root)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise GatewayError(Problem.BAD_ADDRESS)


def _headers(endpoint: Endpoint, version: str) -> httpx.Headers:
    """Return our headers as an object of httpx, whose representation hides the key."""
    key = f"Bearer {endpoint.api_key}".encode("ascii", "replace").decode()
    return httpx.Headers(
        {
            **({"Authorization": key} if endpoint.api_key else {}),
            "User-Agent": f"ecovai-tui/{version or installed_version('ecovai-tui')}",
            "Accept": "application/json",
        }
    )


def usable(proxy: Proxy) -> httpx.Proxy:
    """Return a proxy as httpx takes it; raises GatewayError for an address that it cannot use."""
    try:
        return httpx.Proxy(proxy.url)
    except (ValueError, httpx.InvalidURL):
        raise GatewayError(Problem.PROXY, about=proxy.setting) from None


def certificates(ca_file: Path | None) -> ssl.SSLContext:
    """Return the trusted certificates: the usual ones, or those of SSL_CERT_FILE, and those of ``ca_file``."""
    reading = "SSL_CERT_FILE"
    try:
        context = httpx.create_ssl_context(trust_env=True)
        if ca_file:
            reading = str(ca_file)
            context.load_verify_locations(cafile=ca_file.expanduser())
    except (OSError, RuntimeError) as error:  # ssl.SSLError is an OSError; RuntimeError: a home that nobody has
        raise GatewayError(Problem.CA_FILE, about=reading, detail=shortened(str(error))) from None
    return context
