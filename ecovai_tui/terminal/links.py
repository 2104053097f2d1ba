"""Links: which addresses are safe, and when a browser can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ecovai_tui.tasks.text import clean_line
from ecovai_tui.terminal.capabilities import is_ssh

if TYPE_CHECKING:
    from collections.abc import Mapping

URL_LIMIT = 2083
"""Characters: VTE's limit for a link."""

_URL_CHARACTERS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>\\^`{|}')


def safe_url(address: str) -> str:
    """Return the address in printable ASCII if it is an http or https one with a host; otherwise an empty string."""
    if len(address) > URL_LIMIT or clean_line(address, URL_LIMIT) != address or " " in address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return ""
    encoded = quote(address, safe=_URL_CHARACTERS)
    return encoded if len(encoded) <= URL_LIMIT else ""


def should_open_browser(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether a browser opened from here would show on the user's screen; ``platform`` as in ``sys.platform``.

    Over SSH it would open on the other machine, and without a display nowhere: copy the address instead.
    """
    if is_ssh(environment):
        return False
    if platform in {"darwin", "win32"} or environment.get("WSL_DISTRO_NAME"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
