"""Which proxy stands between us and the gateway, and which setting named it or took it away."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.no_proxy import addresses_of, entry_for

SCHEMES = ("http", "https", "socks5", "socks5h")
"""The kinds of proxy that httpx can use."""

SYSTEM_SETTINGS = "the system's network settings"

_OTHER_NAMES = {"socks": "socks5h"}
"""GNOME writes ``socks://`` for a SOCKS 5 proxy."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_EXAMPLE = "http://127.0.0.1:3128"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and where it was set; its address may hold a password, so it is never shown."""

    setting: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """How a gateway is reached: through a proxy, or straight."""

    proxy: Proxy | None = None
    set_aside: str = ""
    """The setting that names a proxy which is not used."""
    because: str = ""
    """Why it is not used."""


def find_route(base_url: str) -> Route:
    """Return how an address is reached, by the environment, or by the system (macOS) where that names no proxy.

    Raises GatewayError naming the setting if it is no address of a proxy that can be used.
    """
    return route_by(os.environ, base_url) or _route_by_system(base_url)


def route_by(environment: Mapping[str, str], base_url: str) -> Route | None:
    """Return how an address is reached by the environment, None where no proxy is set for it.

    Variables come in the order of curl: small letters before capitals, ``https_proxy`` before ``all_proxy``, and an
    empty one counts for nothing. Loopback never goes through a proxy. Raises GatewayError as find_route does.
    """
    parts = urlsplit(base_url)
    setting = _first_set(environment, f"{parts.scheme}_proxy") or _first_set(environment, "all_proxy")
    if not setting:
        return None
    because = _why_straight(environment, parts)
    return Route(set_aside=setting, because=because) if because else Route(_checked(environment[setting], setting))


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer."""
    addresses = addresses_of(host)
    if addresses:
        return any(address.is_loopback for address in addresses)
    name = host.removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def _route_by_system(base_url: str) -> Route:
    parts = urlsplit(base_url)
    address = {} if getproxies_environment() else getproxies()
    if not address.get(parts.scheme):
        return Route()
    if is_loopback(parts.hostname or ""):
        return Route(set_aside=SYSTEM_SETTINGS, because="the gateway is this computer")
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return Route(set_aside=SYSTEM_SETTINGS, because="they make an exception for the gateway")
    return Route(_checked(address[parts.scheme], SYSTEM_SETTINGS))


def _first_set(environment: Mapping[str, str], name: str) -> str:
    """Return which of the two spellings of a variable is set, "" if none is.

    In a CGI program a visitor's ``Proxy:`` header arrives as HTTP_PROXY, so that is not heard there.
    """
    spellings = (name,) if name == "http_proxy" and "REQUEST_METHOD" in environment else (name, name.upper())
    return next((spelling for spelling in spellings if environment.get(spelling, "").strip()), "")


def _why_straight(environment: Mapping[str, str], parts: SplitResult) -> str:
    host = parts.hostname or ""
    if is_loopback(host):
        return "the gateway is this computer"
    setting = _first_set(environment, "no_proxy")
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    entry = entry_for(environment[setting], host, port) if setting else ""
    return f"{setting} has the entry {entry}" if entry else ""


def _checked(address: str, setting: str) -> Proxy:
    address = address.strip()
    url = address if "://" in address else f"http://{address}"
    scheme, _, rest = url.partition("://")
    scheme = _OTHER_NAMES.get(scheme.lower(), scheme.lower())
    url = f"{scheme}://{rest}"
    if not _is_address(url):
        raise GatewayError(Problem.PROXY, about=setting, detail=f"its value is no address like {_EXAMPLE}")
    if scheme not in SCHEMES:
        usable = f"{', '.join(SCHEMES[:-1])} and {SCHEMES[-1]}"
        raise GatewayError(Problem.PROXY, about=setting, detail=f"{scheme} proxies cannot be used, only {usable}")
    return Proxy(setting, url)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.scheme and parts.hostname) and parts.port != 0
    except ValueError:
        return False
