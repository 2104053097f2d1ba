"""The exit codes, which are a promise to scripts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    WELL = 0
    TASK_FAILED = 1
    """A task that was waited for failed."""
    USAGE = 2
    """The command line, the settings or a file of ours cannot be used."""
    GATEWAY = 3
    """The network or the gateway is in trouble."""
    TIMED_OUT = 4
    KEY = 5
    """The key was refused, or its quota is used up."""
    NOT_KNOWN = 6
    """The gateway does not know an id."""
    FAULT = 70
    """A fault of the program itself; the number is EX_SOFTWARE of sysexits.h."""
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    """The reader of our output has gone: 128 + SIGPIPE, as for any other tool."""


_PRECEDENCE = (ExitCode.KEY, ExitCode.GATEWAY, ExitCode.TIMED_OUT, ExitCode.NOT_KNOWN, ExitCode.TASK_FAILED)


def most_telling(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the one of several exit codes that a script must hear of first."""
    found = set(codes)
    return next((code for code in _PRECEDENCE if code in found), ExitCode.WELL)
