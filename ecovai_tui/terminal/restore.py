"""Putting the terminal right when the program ends in another way than it should."""

from __future__ import annotations

import contextlib
import os
import select

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


def restore_terminal(descriptor: int) -> bool:
    """Write ``RESTORE`` to a terminal, and tell whether all of it went out; never raises OSError, never hangs."""
    rest = RESTORE
    with contextlib.suppress(OSError, ValueError):
        while rest:
            if not select.select([], [descriptor], [], WRITE_TIMEOUT)[1]:
                break
            rest = rest[os.write(descriptor, rest) :]
    return not rest
