"""What is written down of submissions: the receipts, a line before one is sent and a line after, and the drafts.

The receipts are JSON lines, of which nothing is ever taken out, read tolerantly: lines that were cut short or come from
elsewhere are passed over.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.language import later, said, tr
from ecovai_tui.store.errors import StoreError, shown_path, store_error
from ecovai_tui.store.files import locked, make_directory, replace_file, resolved, sync_directory
from ecovai_tui.tasks.text import clean_line, in_english_words, packed, unpacked
from ecovai_tui.tasks.times import iso_time, moment_of

SAME_WITHIN = 600.0
"""Seconds in which the same request is taken for a repetition."""

LONGEST_SENDING = 300.0
"""Seconds after which no request is under way any more, whatever became of its process."""


class State(StrEnum):
    """What is known of a submission."""

    SENDING = later("sending")
    """It is under way in a process that lives."""
    ACCEPTED = later("accepted")
    REFUSED = later("refused")
    UNKNOWN = later("unknown")
    """It may have been taken and charged."""
    NOTHING = later("nothing")
    """It was unknown, and the user found that nothing came of it."""


class Request(NamedTuple):
    """What is about to be sent."""

    kind: str
    path: str
    body: str
    digest: str
    gateway: str
    """The gateway's origin."""
    profile: str | None = None
    label: str = ""
    watch_list: str = ""
    """The file onto which the id is put, "" for the profile's own."""


class Receipt(NamedTuple):
    """A submission, and what became of it as far as the file tells."""

    number: int
    at: float
    """When it was about to be sent, in Unix seconds."""
    request: Request
    state: State
    ids: tuple[str, ...] = ()
    told: str = ""
    used_before: float | None = None
    """What the key had used before and after, in the units of the site."""
    used_after: float | None = None

    @property
    def fields(self) -> Mapping[str, object]:
        """The fields of what was sent, none where that cannot be read."""
        return _object(self.request.body.encode("utf-8", "replace")) or {}

    @property
    def title(self) -> str:
        """What people call it: its title, else the beginning of its text, in one clean line; "" for neither."""
        texts = map(_text, map(self.fields.get, _NAMED_BY))
        text = next(filter(None, map(str.strip, texts)), "")
        return clean_line(text.partition("\n")[0])


_NAMED_BY = ("title", "gpt_description_prompt", "prompt", "url", "clip_id")
"""The fields by which people know a request again, the clearest first."""


class RepeatedError(Exception):
    """The same request was sent a short while ago, and was not refused."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(f"receipt {receipt.number}")
        self.receipt = receipt


class ReceiptFile:
    """The file of receipts, which other panes and scripts append to as well. All methods raise StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, now: float) -> tuple[Receipt, ...]:
        """Return all receipts, oldest first."""
        return tuple(_receipts(self._lines(), now))

    def begin(self, request: Request, now: float, *, again: bool = False, used_before: float | None = None) -> Receipt:
        """Write down what is about to be sent, and return its receipt; it is on the disk then.

        Raises RepeatedError where the same went to the same gateway within ``SAME_WITHIN`` seconds, unless ``again``.
        """
        with locked(self.path):
            known = self.read(now)
            if not again:
                _refuse_repetition(known, request, now)
            number = max((receipt.number for receipt in known), default=0) + 1
            receipt = Receipt(number, now, request, State.SENDING, used_before=used_before)
            self._append(_first_line(receipt))
        return receipt

    def refuse_repetition(self, request: Request, now: float) -> None:
        """Raise RepeatedError where ``begin`` would."""
        _refuse_repetition(self.read(now), request, now)

    def end(self, number: int, state: State, now: float, *, ids: Iterable[str] = (), told: str = "") -> None:
        """Write down what became of a submission."""
        self._append(
            {
                "receipt": number,
                "at": iso_time(now),
                "event": state,
                "ids": list(ids),
                "told": in_english_words(told),
                "said": packed(told),
            }
        )

    def settle(self, number: int, now: float, task_id: str = "") -> None:
        """Write down what the user found out of a submission: the id that came of it, or that nothing did."""
        if task_id:
            self.end(number, State.ACCEPTED, now, ids=[task_id], told=said("Settled by hand."))
        else:
            self.end(number, State.NOTHING, now, told=said("Settled by hand: nothing came of it."))

    def fingerprint(self) -> tuple[int, int]:
        """Return what changes whenever a line is appended; raises no error where the file cannot be looked at."""
        try:
            status = self.path.stat()
        except OSError:
            return 0, 0
        return status.st_size, status.st_mtime_ns

    def note_used(self, number: int, used_after: float) -> None:
        """Write down what the key had used afterwards."""
        self._append({"receipt": number, "event": "quota", "used_after": used_after})

    def _lines(self) -> list[bytes]:
        try:
            return self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise store_error("read", self.path, error) from error

    def _append(self, line: Mapping[str, object]) -> None:
        try:
            _append_line(self.path, json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise store_error("write", self.path, error) from error


def _append_line(path: Path, line: bytes) -> None:
    """Append a line and return once it is on the disk; one that was cut short before it is ended first."""
    make_directory(path.parent)
    target = resolved(path)
    descriptor = os.open(target, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(tr("Cannot write {path}: this is a device or a pipe, not a file.", path=shown_path(path)))
        whole = not status.st_size or os.pread(descriptor, 1, status.st_size - 1) == b"\n"
        rest = memoryview((b"" if whole else b"\n") + line + b"\n")
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)
    sync_directory(target.parent)


def _first_line(receipt: Receipt) -> dict[str, object]:
    return {
        "receipt": receipt.number,
        "at": iso_time(receipt.at),
        "event": State.SENDING,
        **receipt.request._asdict(),
        "used_before": receipt.used_before,
        "pid": os.getpid(),
    }


_TAKEN = frozenset({State.ACCEPTED, State.UNKNOWN, State.SENDING})


def taken_of_late(receipt: Receipt, gateway: str, now: float) -> bool:
    """Return whether a gateway may have taken this within the time in which the same counts as a repetition."""
    of_late = abs(now - receipt.at) < SAME_WITHIN
    return of_late and receipt.request.gateway == gateway and receipt.state in _TAKEN


def _refuse_repetition(known: Iterable[Receipt], request: Request, now: float) -> None:
    """Raise RepeatedError with the last receipt of the same request that may have been taken of late."""
    same = [
        receipt
        for receipt in known
        if receipt.request.digest == request.digest and taken_of_late(receipt, request.gateway, now)
    ]
    if same:
        raise RepeatedError(max(same, key=lambda receipt: receipt.at))


def _receipts(lines: Iterable[bytes], now: float) -> Iterator[Receipt]:
    found: dict[int, Receipt] = {}
    processes: dict[int, int] = {}
    for line in filter(None, map(_object, lines)):
        number = line.get("receipt")
        if not isinstance(number, int):
            continue
        if line.get("event") == State.SENDING:
            begun = _begun(number, line)
            if begun is not None and number not in found:
                found[number], processes[number] = begun, _whole_number(line.get("pid"))
        elif number in found:
            found[number] = _after(found[number], line)
    for number, receipt in found.items():
        over = receipt.state is State.SENDING and not _under_way(receipt, processes[number], now)
        yield receipt._replace(state=State.UNKNOWN, told=said(CUT_OFF)) if over else receipt


CUT_OFF = later("The program ended before the answer came.")


def _under_way(receipt: Receipt, process: int, now: float) -> bool:
    if not 0 <= now - receipt.at < LONGEST_SENDING or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


_TEXTS = tuple(name for name in Request._fields if name != "profile")


def _begun(number: int, line: Mapping[str, object]) -> Receipt | None:
    try:
        at = moment_of(_text(line.get("at")))
    except ValueError:
        at = None
    if at is None:
        return None
    texts = {name: _text(line.get(name)) for name in _TEXTS}
    request = Request(**texts, profile=_text(line.get("profile")) or None)
    return Receipt(number, at, request, State.SENDING, used_before=_number(line.get("used_before")))


def _after(receipt: Receipt, line: Mapping[str, object]) -> Receipt:
    if line.get("event") == "quota":
        return receipt._replace(used_after=_number(line.get("used_after")))
    try:
        state = State(_text(line.get("event")))
    except ValueError:
        return receipt
    named = line.get("ids")
    ids = tuple(filter(None, map(_text, named))) if isinstance(named, list) else ()
    return receipt._replace(state=state, ids=ids, told=unpacked(_text(line.get("said")) or _text(line.get("told"))))


def _object(line: bytes) -> dict[str, object] | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole_number(value: object) -> int:
    return value if isinstance(value, int) else 0


class DraftFile:
    """The file of drafts, for the user alone (mode 0600); what cannot be read counts as no draft."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, kind: str) -> Mapping[str, str]:
        """Return the values of the draft of a kind by the names of their fields, none where there is no draft."""
        return self._drafts().get(kind, {})

    def keep(self, kind: str, values: Mapping[str, str]) -> None:
        """Write down the draft of a kind; those of other kinds stay. Raises StoreError."""
        self._change(kind, dict(values))

    def forget(self, kind: str, values: Mapping[str, str]) -> None:
        """Take away the draft of a kind, unless it is another one by now. Raises StoreError."""
        if self.read(kind) == values:
            self._change(kind, {})

    def _change(self, kind: str, values: dict[str, str]) -> None:
        with locked(self._path):
            drafts = self._drafts()
            if drafts.get(kind, {}) == values:
                return
            kept = {name: draft for name, draft in (drafts | {kind: values}).items() if draft}
            replace_file(self._path, json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")

    def _drafts(self) -> dict[str, dict[str, str]]:
        try:
            found: object = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        drafts = found.items() if isinstance(found, dict) else ()
        return {kind: _texts(draft) for kind, draft in drafts if isinstance(draft, dict)}


def _texts(draft: Mapping[object, object]) -> dict[str, str]:
    return {name: text for name, text in draft.items() if isinstance(name, str) and isinstance(text, str)}
