"""Copying, also from a remote machine: tmux's own buffer first, then the terminal's clipboard (OSC 52).

A terminal never confirms OSC 52, so what was done is returned in words that promise no more than is known.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.tasks.text import clean_text
from ecovai_tui.terminal.capabilities import Capabilities
from ecovai_tui.terminal.sequences import command, through

CLIPBOARD_LIMIT = 74_994
"""Bytes of text; as base64, and with its frame, that is the 100,000 bytes that terminals take (hterm, xterm)."""

TMUX_TIMEOUT = 2.0
"""Seconds after which a tmux server that does not answer is given up."""

_TERMINAL_IN_TMUX = "Sent to the terminal's clipboard; tmux lets it pass only with its option set-clipboard on"


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
    text: str,
    capabilities: Capabilities,
    write: Callable[[bytes], object],
    load_buffer: Callable[[bytes], bool],
) -> Copied:
    """Copy the text by the surest way there is.

    ``write`` takes bytes for the terminal; ``load_buffer`` gives a text to tmux (see ``load_tmux_buffer``) and is only
    called inside tmux. It may block for up to ``TMUX_TIMEOUT`` seconds.
    """
    data = clean_text(text, len(text)).encode()
    if not data:
        return Copied(CopyWay.NOWHERE, "Nothing to copy")
    if capabilities.tmux and load_buffer(data):
        return Copied(CopyWay.TMUX, _tmux_message(data))
    if capabilities.console or capabilities.dumb or not capabilities.terminal:
        return Copied(CopyWay.NOWHERE, "Not copied: this terminal has no clipboard")
    if len(data) > CLIPBOARD_LIMIT:
        return Copied(CopyWay.NOWHERE, f"Not copied: {len(data):,} bytes, and terminals take {CLIPBOARD_LIMIT:,}")
    write(_for_terminal(data, capabilities))
    return Copied(CopyWay.TERMINAL, _TERMINAL_IN_TMUX if capabilities.tmux else "Sent to the terminal's clipboard")


def clipboard_sequence(data: bytes) -> bytes:
    """Return the sequence that puts the text into the clipboard of the terminal (OSC 52)."""
    return command(52, b"c", base64.b64encode(data))


def load_tmux_buffer(data: bytes, environment: Mapping[str, str]) -> bool:
    """Put the text into tmux's buffer and let tmux pass it to the terminal's clipboard; return whether that worked.

    This works with tmux's default settings, where it ignores OSC 52 from programs.
    """
    program = shutil.which("tmux", path=environment.get("PATH"))
    if program is None:
        return False
    try:
        # A fixed command without a shell; the text goes through standard input.
        result = subprocess.run(  # noqa: S603
            [program, "load-buffer", "-w", "-"],
            input=data,
            env=dict(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TMUX_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def _tmux_message(data: bytes) -> str:
    if len(data) > CLIPBOARD_LIMIT:
        return "Copied to the tmux buffer; too long for the terminal's clipboard"
    return "Copied to the tmux buffer and offered to the terminal's clipboard"


def _for_terminal(data: bytes, capabilities: Capabilities) -> bytes:
    """Return the sequence for what stands in between: which of the two forms tmux heeds is its settings' affair."""
    sequence = clipboard_sequence(data)
    wrapped = through(sequence, tmux=capabilities.tmux, screen=capabilities.screen)
    return sequence + wrapped if capabilities.tmux else wrapped
