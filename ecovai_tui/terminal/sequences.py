"""Escape sequences for links, titles and notifications; what is put into one is cleaned here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import quote, urlsplit

from ecovai_tui.store.settings_file import Notify
from ecovai_tui.tasks.text import clean_line
from ecovai_tui.terminal.capabilities import Capabilities, is_ssh

ESCAPE = b"\x1b"
BELL = b"\x07"
"""Rings the terminal, and ends an operating system command (understood more widely than ESC backslash)."""

STRING_END = ESCAPE + b"\\"
SCREEN_CHUNK = 700
"""Bytes that GNU screen passes on in one string: it drops what exceeds its buffer of 768."""

FIELD_LIMIT = 500
"""Characters of one text in a sequence."""


def clean_field(text: str, *, unicode: bool = True, limit: int = FIELD_LIMIT) -> bytes:
    """Return the text as bytes that hold no control, and no byte above 7F where the terminal does not read UTF-8.

    There a byte of UTF-8 could itself be a control: 9C ends a string.
    """
    return clean_line(text, limit).encode("utf-8" if unicode else "ascii", "replace")


def command(number: int, *fields: bytes) -> bytes:
    """Return an operating system command (OSC); the fields must be clean already."""
    return ESCAPE + b"]" + b";".join((str(number).encode(), *fields)) + BELL


def through_tmux(sequence: bytes) -> bytes:
    """Wrap a sequence so that tmux hands it to the terminal outside (where ``allow-passthrough`` is on)."""
    return ESCAPE + b"Ptmux;" + sequence.replace(ESCAPE, ESCAPE * 2) + STRING_END


def through_screen(sequence: bytes) -> bytes:
    """Wrap a sequence, in pieces, so that GNU screen hands it to the terminal outside."""
    pieces = (sequence[start : start + SCREEN_CHUNK] for start in range(0, len(sequence), SCREEN_CHUNK))
    return b"".join(ESCAPE + b"P" + piece + STRING_END for piece in pieces)


def through(sequence: bytes, *, tmux: bool, screen: bool) -> bytes:
    """Wrap a sequence for the multiplexer that stands in between, if any."""
    if tmux:
        return through_tmux(sequence)
    return through_screen(sequence) if screen else sequence


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
    """Return whether a browser opened from here would show on the user's screen; ``platform`` as in ``sys.platform``.

    Over SSH it would open on the other machine, and without a display nowhere: copy the address instead.
    """
    if is_ssh(environment):
        return False
    if platform in {"darwin", "win32"} or environment.get("WSL_DISTRO_NAME"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


TITLE_LIMIT = 120
"""Characters: more does not fit a tab or a title bar."""

SAVE_TITLE = b"\x1b[22;2t"
"""Puts the title on the terminal's stack."""

RESTORE_TITLE = b"\x1b[23;2t"
"""Takes it from there."""


def window_title(text: str, capabilities: Capabilities) -> bytes:
    """Return the bytes that set the title (OSC 2); empty where there is none to set."""
    if capabilities.console or capabilities.dumb or not capabilities.terminal:
        return b""
    return command(2, clean_field(text, unicode=capabilities.encoding == "utf-8", limit=TITLE_LIMIT))


class Notification(StrEnum):
    """How terminals take notifications."""

    OSC9 = "osc9"
    """iTerm2, WezTerm, Ghostty, kitty, Windows Terminal."""
    OSC777 = "osc777"
    """Ghostty, foot, WezTerm, urxvt, VTE of some distributions."""


def call_user(wish: Notify, title: str, body: str, capabilities: Capabilities, environment: Mapping[str, str]) -> bytes:
    """Return the bytes that call the user as they wish it: nothing, the bell, or the bell and a notification.

    A notification never goes without the bell, as nobody can tell whether it arrives: tmux drops it unless
    ``allow-passthrough`` is on, and many terminals know none.
    """
    if wish == "off" or not capabilities.terminal:
        return b""
    if wish == "bell":
        return BELL
    return BELL + notification(notification_way(environment), title, body, capabilities)


def notification_way(environment: Mapping[str, str]) -> Notification:
    """Tell which form the terminal takes; OSC 9 where it is not known, as the more widespread one."""
    term = environment.get("TERM", "").lower()
    takes_777 = term.startswith(("foot", "rxvt")) or bool(environment.get("VTE_VERSION"))
    return Notification.OSC777 if takes_777 else Notification.OSC9


def notification(way: Notification, title: str, body: str, capabilities: Capabilities) -> bytes:
    """Return the bytes that show a notification; empty where the terminal has none."""
    if capabilities.console or capabilities.dumb or not capabilities.terminal:
        return b""
    heading, text = (_field(part, capabilities) for part in (title, body))
    if way is Notification.OSC9:
        sequence = command(9, heading + b": " + text)
    else:
        sequence = command(777, b"notify", heading, text)
    return through(sequence, tmux=capabilities.tmux, screen=capabilities.screen)


def _field(text: str, capabilities: Capabilities) -> bytes:
    """Return a clean field without semicolons: they part fields, and OSC 9 reads ``4;…`` as a progress bar."""
    return clean_field(text.replace(";", ","), unicode=capabilities.encoding == "utf-8")


LONGER_OVER_SSH = 0.2
"""Seconds: what a line splits comes with the next packet, and one that was lost after more than a round trip."""


def escape_delay(usual: float, *, ssh: bool) -> float:
    """Return how long an escape waits for the rest of a sequence, in seconds, before it counts as the escape key.

    ``usual`` is what suffices where nothing lies between.
    """
    return usual + LONGER_OVER_SSH if ssh else usual
