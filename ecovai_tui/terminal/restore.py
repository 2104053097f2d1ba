"""Putting the terminal right when the program ends in another way than it should."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios

WRITE_TIMEOUT = 0.5
"""Seconds to wait for a terminal that takes no more bytes; the program must end within two."""

_INSIDE = (
    b"\x1b[?2026l"  # end a synchronised frame: the screen would stand still
    b"\x1b[<u"  # leave the kitty keyboard protocol; it is kept apart for the alternate screen
    b"\x1b[?1049l"  # leave the alternate screen
)

_OUTSIDE = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l"  # mouse: clicks, dragging, any movement
    b"\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # mouse: its encodings
    b"\x1b[?1004l"  # reports of focus
    b"\x1b[?2004l"  # bracketed paste
    b"\x1b[?2048l"  # reports of size
    b"\x1b[0m"  # colours and attributes
    b"\x1b[?7h"  # lines wrap
    b"\x1b[?25h"  # the cursor is shown
)

RESTORE = _INSIDE + _OUTSIDE
"""Undoes every mode that Textual sets; harmless where a mode was not set. The mouse comes after the screen, because
some terminals keep its modes apart for the alternate one."""


Modes = list[int | list[bytes | int]]
"""What ``termios`` tells of a terminal: whether it echoes, waits for whole lines, and so on."""


def remember_modes(descriptor: int) -> Modes | None:
    """Return the modes of the terminal before the program changes them; None if it is no terminal."""
    try:
        return termios.tcgetattr(descriptor)
    except (termios.error, OSError, ValueError):
        return None


def restore_terminal(descriptor: int, modes: Modes | None = None) -> bool:
    """Write ``RESTORE`` to a terminal, set back its modes, and tell whether all went well.

    Never raises OSError and never hangs, as it runs when nothing else can be relied on.
    """
    written = _write(descriptor)
    return (modes is None or _set_modes(descriptor, modes)) and written


def _write(descriptor: int) -> bool:
    rest = RESTORE
    with contextlib.suppress(OSError, ValueError):
        while rest:
            if not select.select([], [descriptor], [], WRITE_TIMEOUT)[1]:
                break
            rest = rest[os.write(descriptor, rest) :]
    return not rest


def _set_modes(descriptor: int, modes: Modes) -> bool:
    """Set the modes at once, without waiting for output; SIGTTOU would stop a program in the background."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        termios.tcsetattr(descriptor, termios.TCSANOW, modes)
    except (termios.error, OSError, ValueError):
        return False
    else:
        return True
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
