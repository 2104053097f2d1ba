"""What a command says and how it ends: its output, whatever it raises as a sentence, and the exit codes."""

from __future__ import annotations

import contextlib
import io
import os
import select
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, TextIO

from ecovai_tui.commands.shared.command_line import PROGRAM, UsageError
from ecovai_tui.language import tr
from ecovai_tui.store.errors import SettingsError, StoreError, store_error, words_of_system
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tasks.times import duration_in_words

if TYPE_CHECKING:
    import logging

    from _typeshed import ReadableBuffer as Buffer

    from ecovai_tui.gateway.errors import GatewayError


def write(text: str) -> None:
    """Write one line of data."""
    sys.stdout.write(f"{text}\n")


def write_now(text: str) -> None:
    """Write one line of data that must not wait in a buffer."""
    write(text)
    sys.stdout.flush()


def write_json(document: object) -> None:
    """Write a JSON document that people can read as well."""
    write(json_text(document))


def write_json_line(document: object) -> None:
    """Write a JSON document on one line, at once."""
    write_now(json_text(document, indent=None, separators=(",", ":")))


def json_text(document: object, *, indent: int | None = 2, separators: tuple[str, str] | None = None) -> str:
    """Return a JSON document, by default one that people can read as well, in letters that standard output can show."""
    import json  # noqa: PLC0415 - slow to import, and a status line has none

    plain = not _speaks_unicode(sys.stdout)
    return json.dumps(document, ensure_ascii=plain, indent=indent, separators=separators)


def say(text: str) -> None:
    """Tell the human something that is not data, on lines of its own."""
    write_error(f"{text}\n")


def write_error(text: str) -> None:
    """Write to standard error at once; where that fails, as on a full disk or a lost terminal, the work goes on."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stderr)


def counted(ids: Sequence[str], one: str, many: str) -> str:
    """Return in words what became of ids: ``one`` with its ``{id}``, or how ``many`` they are; "" if it is none."""
    if not ids:
        return ""
    return tr(one, id=ids[0]) if len(ids) == 1 else tr(many, n=len(ids))


def on_terminal(stream: TextIO) -> bool:
    """Return whether a human watches the stream."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def prepare_streams() -> None:
    """Make the standard streams safe: a character that the locale lacks becomes "?", and none of them is missing.

    What is written to them is written whole, or raises OSError.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - stays open, like the real one
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is getattr(sys, f"__{name}__"):  # not in the place of another, as in a test
            stream = whole_stream(descriptor, stream.encoding if stream else "utf-8", is_error=name == "stderr")
            setattr(sys, f"__{name}__", stream)
            setattr(sys, name, stream)
        else:
            stream.reconfigure(errors="replace")


def whole_stream(descriptor: int, encoding: str, *, is_error: bool = False) -> TextIO:
    """Return a stream of text like Python's own, which writes everything whatever is behind the descriptor."""
    file = _WholeFile(descriptor, "w", closefd=False)
    by_line = is_error or file.isatty()
    return io.TextIOWrapper(io.BufferedWriter(file), encoding, "replace", newline="\n", line_buffering=by_line)


class _WholeFile(io.FileIO):
    """A file of which every write is whole.

    Where Python is told not to buffer (PYTHONUNBUFFERED), it takes no heed of how much the system took: of a disk that
    fills up, a part. And it fails where another program made the pipe or terminal one that does not wait (O_NONBLOCK).
    """

    def write(self, data: Buffer, /) -> int:
        """Write all of it, waiting for room where there is none for the moment; raises OSError."""
        rest = memoryview(data).cast("B")
        length = len(rest)
        while rest:
            written = super().write(rest)
            if written is None:
                wait_for_room(self.fileno())
            else:
                rest = rest[written:]
        return length


def wait_for_room(descriptor: int) -> None:
    """Return when something can be written, or when to try would tell what is wrong."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.poll()


def silence(stream: TextIO) -> None:
    """Let nothing more go to a standard stream that takes nothing any more; Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _speaks_unicode(stream: TextIO) -> bool:
    return stream.encoding.lower().replace("-", "").startswith("utf")


_GAP = "  "
_IN_ONE_CELL = dict.fromkeys(map(ord, "\t\r\n"), " ")
_COLOURS = {
    Phase.WAITING.value: "2",
    Phase.RUNNING.value: "36",
    Phase.STREAMING.value: "34",
    Phase.DONE.value: "32",
    Phase.PARTIAL.value: "33",
    Phase.FAILED.value: "31",
    Phase.MISSING.value: "35",
    Phase.UNKNOWN.value: "35",
    "muted": "2",
    "warning": "33",
}
"""SGR parameters by tone: the terminal's own colours, so that they suit any background."""


def painted(text: str, tone: str) -> str:
    """Return the text in the colour of a tone, if standard output is a terminal that wants colours."""
    colour = _COLOURS.get(tone)
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text.strip() and wants_colour() else text


def wants_colour() -> bool:
    """Return whether standard output is a terminal with colours, and NO_COLOR does not forbid them."""
    return on_terminal(sys.stdout) and "NO_COLOR" not in os.environ and os.environ.get("TERM", "") not in {"", "dumb"}


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows of plain text under their headings."""
    lines = [headings, *rows]
    for line in aligned(lines) if on_terminal(sys.stdout) else map(tabbed, lines):
        write(line)


def tabbed(cells: Iterable[str]) -> str:
    """Return a line for programs as cut and awk: cells neither padded nor cut, parted by tabs, always as many."""
    return "\t".join(cell.translate(_IN_ONE_CELL).strip() for cell in cells)


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return lines whose cells stand under each other."""
    count = max(map(len, lines), default=0)
    widths = [max(cell_width(line[place]) for line in lines) for place in range(count)]
    return [_GAP.join(_padded(*cell) for cell in zip(line, widths, strict=True)).rstrip() for line in lines]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_width(text))


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
    from ecovai_tui.gateway.errors import GatewayError  # noqa: PLC0415 - needed only when something is wrong

    log = quiet_log()
    if isinstance(error, GatewayError):
        log.warning(explained(error))
        _report(explained(error))
        return code_of(error)
    log.error("unexpected", exc_info=error)
    _report(
        tr(
            "Something unexpected went wrong inside the program ({name}). This is its fault, not yours. Run "
            "it again with --log FILE, and report what the file then says.",
            name=type(error).__name__,
        )
    )
    return ExitCode.FAULT


def quiet_log() -> logging.Logger:
    """Return the program's log, and keep what libraries log away from standard error, where Python puts it else."""
    import logging  # noqa: PLC0415 - slow to import, and most commands have nothing to log

    logging.lastResort = logging.NullHandler()
    return logging.getLogger("ecovai_tui")


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
