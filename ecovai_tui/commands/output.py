"""Standard output for data, standard error for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO


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


def json_text(document: object) -> str:
    """Return a JSON document that people can read as well, in letters that standard output can show."""
    import json  # noqa: PLC0415 - most output is none

    return json.dumps(document, ensure_ascii=not _speaks_unicode(sys.stdout), indent=2)


def write_json_line(document: object) -> None:
    """Write a JSON document on one line, at once."""
    import json  # noqa: PLC0415 - as above

    write_now(json.dumps(document, ensure_ascii=not _speaks_unicode(sys.stdout), separators=(",", ":")))


def say(text: str) -> None:
    """Tell the human something that is not data; where that cannot be written, as to a full disk, the work goes on."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stderr)


def counted(what: str, ids: Sequence[str]) -> str:
    """Return in words what became of ids, by name only if it is one; "" if it is none."""
    if not ids:
        return ""
    return f"{what}: {ids[0]}" if len(ids) == 1 else f"{what}: {len(ids)} ids"


def on_terminal(stream: TextIO) -> bool:
    """Tell whether a human watches the stream."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def prepare_streams() -> None:
    """Make the standard streams safe: a character that the locale lacks becomes "?", and none of them is missing."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - stays open, like the real one
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - as above
        stream.reconfigure(errors="replace")
        setattr(sys, name, stream)


def silence(stream: TextIO) -> None:
    """Let nothing more go to a standard stream that takes nothing any more; Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _speaks_unicode(stream: TextIO) -> bool:
    return stream.encoding.lower().replace("-", "").startswith("utf")
