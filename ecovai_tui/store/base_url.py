"""The address of a gateway: checked, trimmed, and as the name under which its tasks are kept."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from ecovai_tui.store.errors import SettingsError

DEFAULT_BASE_URL = "https://api.ecovai.cn"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def clean_base_url(text: str, source: str) -> str:
    """Return the address without the `/` and `/v1` that people copy along.

    Raises SettingsError, naming the source but not the text (it may contain a password): for anything but
    http and https, and for an address with user, query or fragment.
    """
    try:
        parts = _split(text)
    except ValueError as error:
        raise SettingsError(
            f"base_url (from {source}) {error}. Write it like {DEFAULT_BASE_URL}, without /suno/fetch."
        ) from None
    return f"{parts.scheme}://{parts.netloc}{_trimmed(parts.path)}"


def check_transport(base_url: str, source: str, *, allow_http: bool) -> None:
    """Raise SettingsError if the key would travel unencrypted: http is for this computer, or for who asks for it."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" or allow_http or is_loopback(parts.hostname or ""):
        return
    raise SettingsError(
        f"base_url (from {source}) is plain http, so anyone on the way could read the key. "
        "Use https, or write allow_http = true beside it in config.toml if you trust the network."
    )


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this computer itself."""
    from ipaddress import ip_address  # noqa: PLC0415 - slow to import, and https does not need it

    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(base_url: str) -> str:
    """Return the one spelling under which the tasks of a gateway are kept: `scheme://host[:port][/path]`.

    The host is in small letters; a port that goes without saying is left out.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    return f"{parts.scheme}://{host}{_trimmed(parts.path)}"


def _split(text: str) -> SplitResult:
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise ValueError("contains a blank or a control character")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("must begin with https://")
    if not parts.hostname or port == 0:
        raise ValueError("must name a host")
    if "@" in parts.netloc:
        raise ValueError("must not contain a user or a password; the key goes into a setting of its own")
    if "?" in text or "#" in text:
        raise ValueError('must not contain "?" or "#"')
    return parts


def _trimmed(path: str) -> str:
    return path.rstrip("/").removesuffix("/v1").rstrip("/")
