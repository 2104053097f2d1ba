"""Which proxy stands between us and the gateway, which setting named it, and what NO_PROXY sets aside."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.language import later, listed, tr

_PARTS = re.compile(r"(?:\[([^\]]*)\](/\d+)?|([^:]*)|(.*))(?::(\d+))?")
"""An entry: an address in brackets, a name, or a bare IPv6 address (which takes what looks like a port)."""


def entry_for(no_proxy: str, host: str, port: int | None) -> str:
    """Return the first entry of NO_PROXY that takes a host out, "" if none does.

    ``host`` is a name, or an address without brackets.
    """
    addresses = addresses_of(host)
    for entry in re.split(r"[\s,]+", no_proxy):
        pattern, wanted_port = _parted(entry)
        if wanted_port in {None, port} and (_holds(pattern, addresses) if addresses else _names(pattern, _plain(host))):
            return entry
    return ""


def addresses_of(host: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """Return a host as an address, none for a name.

    The short forms that sockets take are read (10.1), and an IPv4 address within IPv6 is both.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return _short_address(host)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (address, mapped) if mapped else (address,)


def _short_address(host: str) -> tuple[IPv4Address, ...]:
    try:
        return (IPv4Address(socket.inet_aton(host)),) if re.fullmatch(r"[0-9a-fx.]+", host) else ()
    except OSError:
        return ()


def _parted(entry: str) -> tuple[str, int | None]:
    """Return the pattern of an entry and the port that it is for, None for all."""
    match = _PARTS.fullmatch(entry)
    if match is None:
        return "", None
    bracketed, length, name, bare, port = match.groups()
    return "".join(filter(None, (bracketed, length, name, bare))), int(port) if port else None


def _holds(pattern: str, addresses: tuple[IPv4Address | IPv6Address, ...]) -> bool:
    if "*" in pattern:
        return any(fnmatchcase(str(address), pattern.lower()) for address in addresses)
    try:
        network = ip_network(re.sub(r"%[^/]*", "", pattern), strict=False)
    except ValueError:
        return False
    return any(address in network for address in addresses)


def _names(pattern: str, host: str) -> bool:
    parent = _plain(pattern).removeprefix("*.").removeprefix(".")
    if "*" in parent:
        return fnmatchcase(host, parent.replace("[", "[[]"))
    return bool(parent) and (host == parent or host.endswith(f".{parent}"))


def _plain(name: str) -> str:
    """Return a name as it is compared: in small letters, without a dot at its end, in the ASCII form of its letters."""
    name = name.lower().removesuffix(".")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


SCHEMES = ("http", "https", "socks5", "socks5h")
"""The kinds of proxy that httpx can use."""

SYSTEM_SETTINGS = later("the system's network settings")

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
        return Route(set_aside=tr(SYSTEM_SETTINGS), because=tr("the gateway is this computer"))
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return Route(set_aside=tr(SYSTEM_SETTINGS), because=tr("they make an exception for the gateway"))
    return Route(_checked(address[parts.scheme], tr(SYSTEM_SETTINGS)))


def _first_set(environment: Mapping[str, str], name: str) -> str:
    """Return which of the two spellings of a variable is set, "" if none is.

    In a CGI program a visitor's ``Proxy:`` header arrives as HTTP_PROXY, so that is not heard there.
    """
    spellings = (name,) if name == "http_proxy" and "REQUEST_METHOD" in environment else (name, name.upper())
    return next((spelling for spelling in spellings if environment.get(spelling, "").strip()), "")


def _why_straight(environment: Mapping[str, str], parts: SplitResult) -> str:
    host = parts.hostname or ""
    if is_loopback(host):
        return tr("the gateway is this computer")
    setting = _first_set(environment, "no_proxy")
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    entry = entry_for(environment[setting], host, port) if setting else ""
    return tr("{setting} has the entry {entry}", setting=setting, entry=entry) if entry else ""


def _checked(address: str, setting: str) -> Proxy:
    address = address.strip()
    url = address if "://" in address else f"http://{address}"
    scheme, _, rest = url.partition("://")
    scheme = _OTHER_NAMES.get(scheme.lower(), scheme.lower())
    url = f"{scheme}://{rest}"
    if not _is_address(url):
        raise GatewayError(
            Problem.PROXY, about=setting, detail=tr("its value is no address like {example}", example=_EXAMPLE)
        )
    if scheme not in SCHEMES:
        told = tr("{scheme} proxies cannot be used, only {usable}", scheme=scheme, usable=listed(SCHEMES))
        raise GatewayError(Problem.PROXY, about=setting, detail=told)
    return Proxy(setting, url)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.scheme and parts.hostname) and parts.port != 0
    except ValueError:
        return False
