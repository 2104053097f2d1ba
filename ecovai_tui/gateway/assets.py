"""Fetching the files of clips from the addresses that a gateway gave, only where it is safe.

The key goes to the gateway's own origin alone, and there only for the bytes of a video that it holds itself.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cached_property
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from ecovai_tui.gateway.connection import NETWORK_ERRORS, certificates, of_httpcore, problem_of, usable
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.proxies import addresses_of, find_route
from ecovai_tui.language import later, tr
from ecovai_tui.tasks.text import clean_line

IDLE = 60.0
"""Seconds of silence after which a download is given up for now."""

CONNECTING = 10.0
MOST_REDIRECTS = 5
LARGEST = 2 << 30
"""Bytes beyond which a file is not fetched."""

_CONTENT = r"(?:/[\w.-]+)*/v1/(?:videos/[^/]+|tasks/[^/]+/artifacts/[^/]+)/content"
"""The paths of the bytes that a gateway gives to a key alone."""

_REFUSED = frozenset({401, 402, 403, 405, 407, 451})
_GONE = frozenset({404, 410})
_MOVED = frozenset({301, 302, 303, 307, 308})
_OK, _PARTIAL, _NOT_SATISFIABLE, _TOO_MANY, _SERVERS_FAULT = 200, 206, 416, 429, 500

TOO_LARGE = later("The file has more than 2 GiB, so it was not fetched.")


class AssetError(Exception):
    """A file cannot be fetched; the text says why, in a sentence for people."""

    def __init__(self, text: str, *, again: bool = False, from_start: bool = False, gone: bool = False) -> None:
        """``again`` says that another attempt may do better, ``from_start`` that it must begin at the first byte.

        ``gone`` says that the address may have run out.
        """
        super().__init__(text)
        self.gone = gone
        self.again = again or from_start
        self.from_start = from_start


class Resumption(NamedTuple):
    """What is there already of a file, and by what the server knows whether it is still the same."""

    size: int = 0
    validator: str = ""
    """A strong ETag, or the time of the last change; "" where the file cannot be resumed."""


class Asset(NamedTuple):
    """A file that is being sent."""

    offset: int
    """The place of the first byte that comes: 0, or where an earlier attempt ended."""
    total: int | None
    """The size of the whole file in bytes, None where the server does not tell."""
    validator: str
    chunks: Iterator[bytes]


class AssetSource:
    """Fetches files for the clips of one gateway, in the thread of its caller.

    A private or a loopback address is asked only where the gateway itself is on one. ``idle`` is in seconds.
    """

    def __init__(
        self,
        base_url: str,
        ca_file: Path | None = None,
        *,
        version: str = "",
        idle: float = IDLE,
        key_of: Callable[[], str] = lambda: "",
    ) -> None:
        """``key_of`` returns the key when a file needs it that the gateway itself holds."""
        self._among_private = is_private(_host(base_url))
        self._origin = _origin(base_url)
        self._key_of = key_of
        self._ca_file = ca_file
        self._agent = f"ecovai-tui/{version or installed_version('ecovai-tui')}"
        self._idle = idle

    @contextmanager
    def open(self, url: str, there: Resumption | None = None) -> Iterator[Asset]:
        """Ask for a file, or for the rest of it. Raises AssetError, also while its bytes are read."""
        way = [url]
        with ExitStack() as stack:
            with self._explained(way):
                asset = _read_head(self._answer(stack, way, there), there)
            yield asset._replace(chunks=self._read(asset.chunks, way))

    def _answer(self, stack: ExitStack, way: list[str], there: Resumption | None) -> httpx.Response:
        """Return the answer at the end of the way, which grows by each address that is led to."""
        while len(way) <= MOST_REDIRECTS + 1:
            client = stack.enter_context(self._client(way[-1]))
            response = stack.enter_context(self._asked(client, way[-1], there))
            if response.status_code not in _MOVED:
                return response
            way.append(_next(way[-1], response.headers.get("Location", "")))
            stack.close()
        raise AssetError(tr("The address of the file leads from one place to the next without an end."))

    def _read(self, chunks: Iterator[bytes], way: list[str]) -> Iterator[bytes]:
        """Yield the bytes; what goes wrong with them where they are put is none of the network's."""
        with self._explained(way):
            yield from chunks

    @contextmanager
    def _explained(self, way: list[str]) -> Iterator[None]:
        """Turn what goes wrong on the way into an AssetError."""
        try:
            yield
        except _PrivateError:
            raise AssetError(
                tr(
                    "The address of the file leads into a private network ({shown}), so it was not asked.",
                    shown=_shown(way[-1]),
                )
            ) from None
        except GatewayError as error:
            raise AssetError(str(error)) from None
        except httpx.TimeoutException as failure:
            raise AssetError(_late(failure, way[-1], self._idle), again=True) from None
        except NETWORK_ERRORS as failure:
            raise AssetError(_failed(failure, way[-1]), again=True) from None

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return certificates(self._ca_file)

    def _asked(
        self, client: httpx.Client, address: str, there: Resumption | None
    ) -> AbstractContextManager[httpx.Response]:
        headers = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        if (
            _origin(address) == self._origin
            and re.fullmatch(_CONTENT, urlsplit(address).path)
            and (key := self._key_of())
        ):
            headers |= {"Authorization": f"Bearer {key}"}
        if there is not None and there.size and there.validator:
            headers |= {"Range": f"bytes={there.size}-", "If-Range": there.validator}
        return client.stream("GET", address, headers=headers)

    def _client(self, address: str) -> httpx.Client:
        """Return a client for one address, which knows of no key; the first that uses TLS takes some 100 ms."""
        _check(address)
        proxy = find_route(address).proxy
        if proxy and not self._among_private and is_private(_host(address)):
            raise _PrivateError
        sockets = _Sockets(guarded=not (self._among_private or proxy))
        trusted = self._certificates if proxy or urlsplit(address).scheme == "https" else None
        transport = _Transport(trusted, usable(proxy) if proxy else None, sockets)
        timeout = httpx.Timeout(self._idle, connect=CONNECTING)
        return httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout)


class _PrivateError(Exception):
    """An address lies in a network that the gateway itself is not in."""


class _Transport(httpx.HTTPTransport):
    """httpx's own transport over the sockets given."""

    def __init__(
        self, trusted: ssl.SSLContext | None, proxy: httpx.Proxy | None, sockets: httpcore.NetworkBackend
    ) -> None:
        """Without ``trusted`` certificates, which take 40 ms to read, it is for plain HTTP alone."""
        super().__init__(verify=trusted or False, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted, proxy=of_httpcore(proxy) if proxy else None, network_backend=sockets
        )


class _Sockets(httpcore.SyncBackend):
    """Sockets from which much is read at once; where ``guarded``, to public addresses alone."""

    def __init__(self, *, guarded: bool) -> None:
        self._guarded = guarded

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        *others, last = _public_addresses(host, port) if self._guarded else [host]
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return _LargeReads(super().connect_tcp(address, port, timeout, local_address, socket_options))
        return _LargeReads(super().connect_tcp(last, port, timeout, local_address, socket_options))


def _public_addresses(host: str, port: int) -> list[str]:
    """Look a name up, once, so that what was looked at is connected to; raises _PrivateError where one is private."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    if any(map(is_private, found)):
        raise _PrivateError
    return list(dict.fromkeys(found))


class _LargeReads(httpcore.NetworkStream):
    """A socket from which four times the 64 KiB are read that httpcore asks for, which halves the time a byte takes."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(4 * max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._stream.start_tls(ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def is_private(host: str) -> bool:
    """Return whether a host, by its address or by its name, is this computer or on a network that is not public."""
    addresses = addresses_of(host.strip("[]"))
    if addresses:
        return any(not address.is_global or address.is_multicast for address in addresses)
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _origin(address: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port of an address, None where it has none."""
    try:
        parts = urlsplit(address)
        return (parts.scheme.lower(), (parts.hostname or "").lower(), parts.port) if parts.hostname else None
    except ValueError:
        return None


def _shown(address: str) -> str:
    return clean_line(_host(address), 80)


def _check(address: str) -> None:
    try:
        fits = urlsplit(address).scheme in {"http", "https"} and bool(_host(address)) and urlsplit(address).port != 0
    except ValueError:
        fits = False
    if not fits:
        raise AssetError(tr("The gateway offers no file for this clip: its address is no web address."))
    path = urlsplit(address).path
    if path.endswith(("/None.mp3", "/null")):
        raise AssetError(
            tr(
                "The gateway offers no file for this clip: its address leads nowhere ({name}).",
                name=path.rpartition("/")[2],
            )
        )
    if path.endswith("/forbidden"):
        raise AssetError(tr("The gateway offers no file for this clip: the song is not unlocked for downloads."))


def _next(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        return ""


def _read_head(response: httpx.Response, there: Resumption | None) -> Asset:
    """Return what is being sent; raises AssetError where it is no file."""
    status, headers = response.status_code, response.headers
    if status == _PARTIAL:
        return _rest(response, there)
    if status == _NOT_SATISFIABLE:
        raise AssetError(tr("The server has another file than the one that was begun."), from_start=True)
    if status != _OK:
        raise _refused(status)
    if headers.get("Content-Encoding", "identity") != "identity":
        raise AssetError(tr("The server packs the file in a way that was not asked for."))
    length = headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() else None
    if total is not None and total > LARGEST:
        raise AssetError(tr(TOO_LARGE))
    return Asset(0, total, _validator(headers), response.iter_raw())


def _rest(response: httpx.Response, there: Resumption | None) -> Asset:
    span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", response.headers.get("Content-Range", ""))
    if there is None or span is None or int(span[1]) != there.size or int(span[2]) != int(span[3]) - 1:
        raise AssetError(
            tr("The server sent another part of the file than the one that was asked for."), from_start=True
        )
    return Asset(there.size, int(span[3]), there.validator, response.iter_raw())


def _validator(headers: httpx.Headers) -> str:
    """Return by what a server knows a file, if it sends parts of it at all; a weak ETag does not do for that."""
    if headers.get("Accept-Ranges", "").lower() != "bytes":
        return ""
    tag, changed = str(headers.get("ETag", "")), str(headers.get("Last-Modified", ""))
    return tag if tag and not tag.startswith("W/") else changed


def _refused(status: int) -> AssetError:
    if status in _REFUSED:
        return AssetError(
            tr(
                "The gateway offers no file for this clip: its server refuses it ({status}), as where a song is not "
                "unlocked.",
                status=status,
            ),
            gone=True,
        )
    if status in _GONE:
        return AssetError(
            tr(
                "The file is not there any more ({status}): its address has run out, or it was taken away.",
                status=status,
            ),
            gone=True,
        )
    if status == _TOO_MANY:
        return AssetError(tr("The server of the file asks for a pause (429)."), again=True)
    return AssetError(
        tr("The server of the file has trouble of its own ({status}).", status=status), again=status >= _SERVERS_FAULT
    )


def _late(failure: httpx.TimeoutException, address: str, idle: float) -> str:
    if isinstance(failure, httpx.ConnectTimeout):
        return tr(
            "No connection to {address} within {connecting:g} seconds.", address=_shown(address), connecting=CONNECTING
        )
    return tr("{address} was silent for {idle:g} seconds.", address=_shown(address), idle=idle)


def _failed(failure: Exception, address: str) -> str:
    problem, host = problem_of(failure), _shown(address)
    return {
        Problem.NAME_NOT_FOUND: tr("No computer of the name {host} was found.", host=host),
        Problem.CONNECTION_REFUSED: tr("Nothing accepts connections at {host}.", host=host),
        Problem.UNREACHABLE: tr("{host} cannot be reached.", host=host),
        Problem.TLS: tr(
            "No trusted connection to {host}: its certificate was not accepted, or it speaks no TLS.", host=host
        ),
        Problem.PROXY: tr("The proxy on the way to {host} does not work.", host=host),
    }.get(problem, tr("The connection to {host} broke off.", host=host))
