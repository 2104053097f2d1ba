"""From what httpx raises to the GatewayError that says it in plain words."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx
from socksio import SOCKSError

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.words import shortened

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
