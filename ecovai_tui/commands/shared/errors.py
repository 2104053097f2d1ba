"""Exit codes, and the one place where whatever a command raises becomes a sentence and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from ecovai_tui.commands.shared.command_line import PROGRAM, UsageError
from ecovai_tui.commands.shared.output import say, silence
from ecovai_tui.language import tr
from ecovai_tui.store.errors import SettingsError, StoreError, store_error, words_of_system
from ecovai_tui.tasks.times import duration_in_words

if TYPE_CHECKING:
    from ecovai_tui.gateway.errors import GatewayError


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
    UNKNOWN = 7
    """Nobody knows what became of a submission; it may have been charged."""
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


def guarded(run: Callable[[], ExitCode]) -> ExitCode:
    """Run a command to its end, its output included, and return how it ended; no exception passes.

    What the system says of a file names it; what it says of our output names nothing.
    """
    try:
        code = _ended(run)
        sys.stdout.flush()
    except KeyboardInterrupt:
        for stream in (sys.stdout, sys.stderr):  # or Python waits at its end for a reader who does not read
            silence(stream)
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, ConnectionResetError):
        silence(sys.stdout)
        return ExitCode.PIPE_CLOSED
    except OSError as error:
        _report(tr("The output cannot be written: {strerror}.", strerror=words_of_system(error)))
        silence(sys.stdout)
        return ExitCode.USAGE
    return code


def let_go_of_lost_terminal() -> None:
    """Let nothing more go to a standard error that is gone; Python would end with a code of its own, 120."""
    try:
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def _ended(run: Callable[[], ExitCode]) -> ExitCode:
    try:
        return run()
    except SystemExit as leaving:
        return ExitCode(leaving.code if isinstance(leaving.code, int) else 0)
    except (UsageError, SettingsError, StoreError) as error:
        _report(str(error))
        return ExitCode.USAGE
    except OSError as error:
        if error.filename is None and not _stands_nowhere(error):
            raise
        if error.filename is None:
            _report(tr("The working directory is gone: it was deleted or moved. Go elsewhere with cd, then try again."))
            return ExitCode.USAGE
        _report(str(store_error("use", error.filename, error)))
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - this is the last line
        return _explain(error)


def _stands_nowhere(error: OSError) -> bool:
    """Return whether an error without a file comes of a working directory that was deleted."""
    try:
        os.getcwd()  # noqa: PTH109 - pathlib need not be imported
    except OSError as reason:
        return reason.errno == error.errno
    return False


def _explain(error: Exception) -> ExitCode:
    """Report an error whose class is not worth importing until it happens."""
    from ecovai_tui.commands.shared.log_file import log_fault, log_trouble  # noqa: PLC0415 - as below
    from ecovai_tui.gateway.errors import GatewayError  # noqa: PLC0415 - needed only when something is wrong

    if isinstance(error, GatewayError):
        log_trouble(explained(error))
        _report(explained(error))
        return code_of(error)
    log_fault(error)
    _report(
        tr(
            "Something unexpected went wrong inside the program ({name}). This is its fault, not yours. Run "
            "it again with --log FILE, and report what the file then says.",
            name=type(error).__name__,
        )
    )
    return ExitCode.FAULT


def _report(sentence: str) -> None:
    with contextlib.suppress(OSError):
        say(f"{PROGRAM}: {sentence}")


def code_of(error: GatewayError) -> ExitCode:
    """Return the exit code of trouble with the gateway."""
    return ExitCode.KEY if error.is_about_key else ExitCode.GATEWAY


def explained(error: GatewayError) -> str:
    """Return what happened, with the server's own wish and words and the request's id where there are any."""
    told = [error.message]
    if error.retry_after:
        told.append(tr("It asks to be left alone for {retry_after}.", retry_after=duration_in_words(error.retry_after)))
    if error.detail:
        told.append(tr("Details: {detail}", detail=error.detail))
    if error.request_id:
        told.append(tr("Request id: {request_id}", request_id=error.request_id))
    return "\n  ".join(told)
