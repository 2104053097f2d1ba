"""Escape sequences for links, titles, notifications and the clipboard, what is put in them cleaned; and asking tmux."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from ecovai_tui.language import later, tr
from ecovai_tui.store.settings_file import Notify
from ecovai_tui.tasks.text import clean_line, clean_text
from ecovai_tui.terminal.capabilities import Capabilities, is_ssh

ESCAPE = b"\x1b"
BELL = b"\x07"
"""Rings the terminal, and ends an operating system command (understood more widely than ESC backslash)."""

STRING_END = ESCAPE + b"\\"
AMBIGUOUS_WIDTH = b"\r\xe2\x94\x80\x1b[6n\r  \r"
"""Asks where the cursor is behind a sign of ambiguous width that is taken back at once."""

WIDE_SIGN = 2
"""The column in the answer, from 0, where the terminal draws such signs two cells wide."""

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

    A notification never goes without the bell, as nobody knows that it arrives: tmux drops it unless
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


CLIPBOARD_LIMIT = 74_994
"""Bytes of text; as base64, and with its frame, that is the 100,000 bytes that terminals take (hterm, xterm)."""

TMUX_TIMEOUT = 2.0
"""Seconds after which a tmux server that does not answer is given up."""

_TERMINAL_IN_TMUX = later("Sent to the terminal's clipboard; tmux lets it pass only with its option set-clipboard on")


class CopyWay(StrEnum):
    """Where a copied text went."""

    TMUX = "tmux"
    TERMINAL = "terminal"
    NOWHERE = "nowhere"


class Copied(NamedTuple):
    """What came of a copy: where the text went, and what to tell the user."""

    way: CopyWay
    message: str

    @property
    def done(self) -> bool:
        """Whether the text went anywhere."""
        return self.way is not CopyWay.NOWHERE


def copy_text(
    text: str, capabilities: Capabilities, write: Callable[[bytes], object], load_buffer: Callable[[bytes], bool]
) -> Copied:
    """Copy the text by the surest way there is.

    ``write`` takes bytes for the terminal; ``load_buffer`` gives a text to tmux (see ``load_tmux_buffer``) and is only
    called inside tmux. It may block for up to ``TMUX_TIMEOUT`` seconds.
    """
    data = clean_text(text, len(text)).encode()
    if not data:
        return Copied(CopyWay.NOWHERE, tr("Nothing to copy"))
    if capabilities.tmux and load_buffer(data):
        return Copied(CopyWay.TMUX, _tmux_message(data))
    if capabilities.console or capabilities.dumb or not capabilities.terminal:
        return Copied(CopyWay.NOWHERE, tr("Not copied: this terminal has no clipboard"))
    if len(data) > CLIPBOARD_LIMIT:
        return Copied(
            CopyWay.NOWHERE,
            tr(
                "Not copied: {count:,} bytes, and terminals take {clipboard_limit:,}",
                count=len(data),
                clipboard_limit=CLIPBOARD_LIMIT,
            ),
        )
    write(_for_terminal(data, capabilities))
    return Copied(
        CopyWay.TERMINAL, tr(_TERMINAL_IN_TMUX) if capabilities.tmux else tr("Sent to the terminal's clipboard")
    )


def clipboard_sequence(data: bytes) -> bytes:
    """Return the sequence that puts the text into the clipboard of the terminal (OSC 52)."""
    return command(52, b"c", base64.b64encode(data))


def load_tmux_buffer(data: bytes, environment: Mapping[str, str]) -> bool:
    """Put the text into tmux's buffer and let tmux pass it to the terminal's clipboard; return whether that worked.

    This works with tmux's default settings, where it ignores OSC 52 from programs.
    """
    return run_tmux(["load-buffer", "-w", "-"], environment, data) is not None


def run_tmux(arguments: Sequence[str], environment: Mapping[str, str], data: bytes = b"") -> bytes | None:
    """Return what tmux prints, given ``data`` on its standard input; None where it is missing, fails or is silent."""
    program = shutil.which("tmux", path=environment.get("PATH"))
    if program is None:
        return None
    try:
        # Fixed commands without a shell; what is not fixed goes through standard input.
        result = subprocess.run(  # noqa: S603
            [program, *arguments],
            input=data,
            env=dict(environment),
            capture_output=True,
            timeout=TMUX_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if result.returncode else result.stdout


def _tmux_message(data: bytes) -> str:
    if len(data) > CLIPBOARD_LIMIT:
        return tr("Copied to the tmux buffer; too long for the terminal's clipboard")
    return tr("Copied to the tmux buffer and offered to the terminal's clipboard")


def _for_terminal(data: bytes, capabilities: Capabilities) -> bytes:
    """Return the sequence for what stands in between: which of the two forms tmux heeds is its settings' affair."""
    sequence = clipboard_sequence(data)
    wrapped = through(sequence, tmux=capabilities.tmux, screen=capabilities.screen)
    return sequence + wrapped if capabilities.tmux else wrapped


class WindowTitle:
    """Sends a title only when it differs from the one before, and gives the former owner's back."""

    def __init__(self, capabilities: Capabilities, send: Callable[[bytes], object]) -> None:
        self._capabilities = capabilities
        self._send = send
        self._sent = b""

    def show(self, text: str) -> None:
        """Set the title; the first time the one that was there is put aside."""
        title = window_title(text, self._capabilities)
        if title != self._sent:
            self._send(title if self._sent else SAVE_TITLE + title)
            self._sent = title

    def give_back(self) -> None:
        """Bring the former title back, as for a while when the program is suspended."""
        if self._sent:
            self._sent = b""
            self._send(RESTORE_TITLE)


LONGEST_ESCAPE_TIME = 50
"""Milliseconds: beyond that, tmux holds the escape key for so long that it is felt; its own default is 500."""

_SEPARATOR = "|"
"""Stands in no option that is asked for; tmux writes it as it is under any locale."""

_NAMES = (
    "version",
    "focus-events",
    "set-clipboard",
    "allow-passthrough",
    "escape-time",
    "client_termname",
    "client_termfeatures",
    "client_termtype",
)


class TmuxOptions(NamedTuple):
    """What the server of this pane answers; "" for what its version does not know."""

    version: str
    focus_events: str
    set_clipboard: str
    allow_passthrough: str
    escape_time: str
    client_termname: str
    """The TERM of the terminal outside; "" where nobody is attached."""
    client_termfeatures: str
    """What tmux believes of the terminal outside, parted by commas."""
    client_termtype: str = ""
    """What the terminal outside calls itself."""


class Line(NamedTuple):
    """A line for ``~/.tmux.conf``, and what it is good for."""

    text: str
    good_for: str


def ask_tmux(environment: Mapping[str, str]) -> TmuxOptions | None:
    """Return the options of the tmux around this program, or None where there is none, or it does not answer."""
    if not environment.get("TMUX"):
        return None
    question = _SEPARATOR.join(f"#{{{name}}}" for name in _NAMES)
    told = run_tmux(["display-message", "-p", question], environment)
    answers = (told or b"").decode(errors="replace").rstrip("\n").split(_SEPARATOR)
    if len(answers) != len(_NAMES):
        return None
    return TmuxOptions(*(clean_line(answer) for answer in answers))


def lines_to_add(options: TmuxOptions, *, notifies_desktop: bool, many_colours: bool) -> Iterator[Line]:
    """Yield what to add to ``~/.tmux.conf``; ``many_colours`` says that the terminal outside has 24 bit colours."""
    if options.focus_events == "0":
        yield Line("set -g focus-events on", tr("asks the gateway less while nobody looks at the pane"))
    if options.set_clipboard == "off":
        yield Line("set -s set-clipboard external", tr("copied ids reach the clipboard of the terminal outside"))
    if notifies_desktop and options.allow_passthrough in {"0", "off"}:
        yield Line("set -g allow-passthrough on", tr('notify = "desktop" reaches the desktop'))
    if options.escape_time.isdecimal() and int(options.escape_time) > LONGEST_ESCAPE_TIME:
        yield Line(
            "set -s escape-time 10", tr("esc acts at once, not after {escape_time} ms", escape_time=options.escape_time)
        )
    outside = options.client_termname
    if outside and many_colours and not {"RGB", "rgb"} & set(options.client_termfeatures.split(",")):
        yield Line(f"set -as terminal-features '{outside}:RGB'", tr("themes keep their 24 bit colours"))
