"""Every exception of the HTTP library has its kind of trouble."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx
import pytest
from socksio import ProtocolError

from ecovai_tui.gateway.connection import NETWORK_ERRORS, error_of
from ecovai_tui.gateway.errors import Problem

EXPECTED = {
    httpx.ConnectTimeout: Problem.CONNECT_TIMEOUT,
    httpx.PoolTimeout: Problem.CONNECT_TIMEOUT,
    httpx.ReadTimeout: Problem.READ_TIMEOUT,
    httpx.WriteTimeout: Problem.READ_TIMEOUT,
    httpx.ConnectError: Problem.UNREACHABLE,
    httpx.ReadError: Problem.CONNECTION_LOST,
    httpx.WriteError: Problem.CONNECTION_LOST,
    httpx.CloseError: Problem.CONNECTION_LOST,
    httpx.RemoteProtocolError: Problem.CONNECTION_LOST,
    httpx.LocalProtocolError: Problem.BAD_ADDRESS,
    httpx.ProxyError: Problem.PROXY,
    httpx.UnsupportedProtocol: Problem.BAD_ADDRESS,
    httpx.DecodingError: Problem.UNREADABLE,
    httpx.TooManyRedirects: Problem.REDIRECT,
    httpx.InvalidURL: Problem.BAD_ADDRESS,
    httpx.StreamConsumed: Problem.CONNECTION_LOST,
    httpx.StreamClosed: Problem.CONNECTION_LOST,
    httpx.ResponseNotRead: Problem.CONNECTION_LOST,
    httpx.RequestNotRead: Problem.CONNECTION_LOST,
    httpx.HTTPStatusError: Problem.CONNECTION_LOST,
}


def leaves_of(exception: type[Exception]) -> set[type[Exception]]:
    below = exception.__subclasses__()
    return {leaf for child in below for leaf in leaves_of(child)} if below else {exception}


def test_no_class_of_httpx_is_forgotten() -> None:
    classes = {leaf for top in (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) for leaf in leaves_of(top)}
    assert {leaf for leaf in classes if leaf.__module__ == "httpx"} == set(EXPECTED)


@pytest.mark.parametrize(("exception", "problem"), EXPECTED.items())
def test_each_class_of_httpx(exception: type[Exception], problem: Problem) -> None:
    failure = exception.__new__(exception)
    Exception.__init__(failure, "why")
    error = error_of(failure, "host:1")
    assert isinstance(failure, NETWORK_ERRORS)
    assert (error.problem, error.status) == (problem, None)


@pytest.mark.parametrize(
    ("cause", "problem"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Problem.NAME_NOT_FOUND),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Problem.CONNECTION_REFUSED),
        (ssl.SSLError("bad"), Problem.TLS),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), Problem.UNREACHABLE),
        (ExceptionGroup("many", [OSError("x"), ConnectionRefusedError("y")]), Problem.CONNECTION_REFUSED),
    ],
)
def test_a_connection_that_fails_tells_why(cause: Exception, problem: Problem) -> None:
    failure = httpx.ConnectError("All connection attempts failed")
    failure.__cause__ = OSError("several")
    failure.__cause__.__cause__ = cause
    error = error_of(failure, "gateway.example:443")
    assert error.problem is problem
    assert "gateway.example:443" in error.message


def test_a_circle_of_causes_ends() -> None:
    failure = httpx.ConnectError("x")
    failure.__context__ = other = OSError("y")
    other.__context__ = failure
    assert error_of(failure, "host").problem is Problem.UNREACHABLE


def test_behind_a_proxy_it_is_the_proxy_that_cannot_be_reached() -> None:
    for failure in (httpx.ConnectError("x"), httpx.ConnectTimeout("x")):
        error = error_of(failure, "host", "HTTPS_PROXY")
        assert error.problem is Problem.PROXY
        assert "HTTPS_PROXY" in error.message


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (ProtocolError("x"), Problem.PROXY),
        (ssl.SSLError("x"), Problem.TLS),
        (UnicodeError("label too long"), Problem.BAD_ADDRESS),
        (OSError("x"), Problem.CONNECTION_LOST),
    ],
)
def test_what_the_layers_below_let_through(failure: Exception, problem: Problem) -> None:
    assert isinstance(failure, NETWORK_ERRORS)
    assert error_of(failure, "host", "ALL_PROXY").problem is problem


def test_a_header_that_the_library_refuses_is_not_quoted() -> None:
    failure = httpx.LocalProtocolError("Illegal header value b'Bearer sk-secret'")
    assert error_of(failure, "host").detail == ""
