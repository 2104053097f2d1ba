"""Which hosts NO_PROXY takes out: a pure decision, about the text of a setting and the parts of an address.

It is read as curl 8 reads it: names with all that ends in them, addresses, networks in CIDR; a name is never looked up.
Beyond curl it takes what people write for other programs: ``*`` in any place, ports, brackets, and blanks for commas.
"""

from __future__ import annotations

import re
import socket
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

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
