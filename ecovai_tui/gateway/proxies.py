"""Which proxy stands between us and the gateway, and which setting named it."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})
"""The kinds of proxy that httpx can use."""

SYSTEM_SETTINGS = "the system's network settings"


class ProxyError(Exception):
    """A proxy setting that cannot be used; its text is the setting's name."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and where it was set; its address may hold a password, so it is never shown."""

    setting: str
    url: str = field(repr=False)


def find_proxy(base_url: str) -> Proxy | None:
    """Return the proxy for an address, from the environment or (macOS) the system; None to go straight.

    Loopback never goes through a proxy; NO_PROXY is honoured. Raises ProxyError naming the setting if it is no address
    of a proxy.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    found = getproxies()
    name = parts.scheme if found.get(parts.scheme) else "all"
    if not found.get(name):
        return None
    return _checked(found[name], _setting_name(name))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _checked(address: str, setting: str) -> Proxy:
    url = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ProxyError(setting)
    return Proxy(setting, url)


def _setting_name(name: str) -> str:
    wanted = f"{name}_proxy"
    return next(
        (variable for variable in sorted(os.environ, reverse=True) if variable.lower() == wanted), SYSTEM_SETTINGS
    )
