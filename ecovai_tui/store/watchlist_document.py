"""The TOML text of a watch list: read, checked, compared and written again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import StoreError, shown_path
from ecovai_tui.tasks.model import are_ids, is_id
from ecovai_tui.tasks.text import clean_line

UNDO_PERIOD = 24 * 60 * 60.0
"""Seconds for which removed ids are kept, so that undo survives a restart."""


class Unusable(NamedTuple):
    """Entries of a hand-edited file that cannot be used; they are written back as they were."""

    ids: tuple[object, ...] = ()
    labels: Mapping[str, object] = MappingProxyType({})
    removed: Mapping[str, object] = MappingProxyType({})


class WatchList(NamedTuple):
    """The ids in the order in which they were added, with what the user said of them."""

    ids: tuple[str, ...] = ()
    labels: Mapping[str, str] = MappingProxyType({})
    """Also of removed ids, so that undo brings their labels back."""
    removed: Mapping[str, float] = MappingProxyType({})
    """When each removed id was removed (Unix seconds, to the microsecond); one removal, one moment."""
    extra: Mapping[str, object] = MappingProxyType({})
    """Keys and tables of the file that this version does not know."""
    unusable: Unusable = Unusable()
    notes: tuple[str, ...] = ()
    """Sentences about what could not be used."""
    labels_as_written: Mapping[str, str] = MappingProxyType({})
    """The texts of the file where the label shows less of them, so that they stay there as they are."""
    read_only: str = ""
    """Why the file must not be written, or "" when it may."""


class Relabelling(NamedTuple):
    """One change of labels, as it is taken back."""

    at: float
    """When it was made (Unix seconds, to the microsecond)."""
    text: str
    """The label that was given, "" where labels were taken away."""
    before: Mapping[str, str]
    """The former label of each id, "" for none."""


class Difference(NamedTuple):
    """What changed from one watch list to another."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    relabelled: frozenset[str] = frozenset()


def difference(before: WatchList, after: WatchList) -> Difference:
    """Return what changed between two readings of a watch list."""
    old, new = frozenset(before.ids), frozenset(after.ids)
    relabelled = (task_id for task_id in old & new if before.labels.get(task_id, "") != after.labels.get(task_id, ""))
    return Difference(added=new - old, removed=old - new, relabelled=frozenset(relabelled))


def to_microsecond(moment: float) -> float:
    """Return a moment (Unix seconds) as it reads after it was written to the file."""
    return written_moment(moment).timestamp()


def written_moment(moment: float) -> datetime:
    """Return a moment (Unix seconds) as the file holds it."""
    return datetime.fromtimestamp(moment, UTC)


def read_moment(value: object) -> float | None:
    """Return the Unix seconds of a date-time, a date, an ISO 8601 text or a number; None for anything else.

    What names no zone is local time.
    """
    try:
        return to_microsecond(_seconds(value))
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _seconds(value: object) -> float:
    if isinstance(value, str):
        return datetime.fromisoformat(value).timestamp()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return datetime.combine(value, time()).timestamp()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise TypeError(type(value).__name__)


LABEL_LIMIT = 200
"""Characters of a label."""

_SHOWN_ENTRIES = 3
_SHOWN_CHARACTERS = 40
_ODD_IDS = later("In the watch list, under ids: {shown} is not an id, so it stays in the file but is not watched.")
_ODD_LABELS = later(
    "In the watch list, under [labels]: {shown} is not a text, so it stays in the file but is not shown."
)
_ODD_REMOVED = later(
    "In the watch list, under [removed]: {shown} is not an id with a time, so it stays in the file but is not undone "
    "by undo."
)


def read_ids(entries: Sequence[object]) -> tuple[tuple[str, ...], tuple[object, ...], list[str]]:
    """Return the ids without duplicates, the entries that are none, and notes."""
    texts = [entry for entry in entries if isinstance(entry, str)]
    if len(texts) == len(entries) and are_ids(texts):
        return tuple(dict.fromkeys(texts)), (), []
    usable: dict[str, None] = {}
    odd: list[object] = []
    for entry in entries:
        if isinstance(entry, str) and is_id(entry):
            usable[entry] = None
        else:
            odd.append(entry)
    return tuple(usable), tuple(odd), _notes(_ODD_IDS, odd)


def read_labels(entries: Mapping[str, object]) -> tuple[dict[str, str], dict[str, object], list[str]]:
    """Return the labels as clean lines, the entries that are no text, and notes."""
    usable = {task_id: clean_label(text) for task_id, text in entries.items() if isinstance(text, str)}
    odd = {task_id: value for task_id, value in entries.items() if task_id not in usable}
    return usable, odd, _notes(_ODD_LABELS, odd)


def texts_of_labels(labels: Mapping[str, str], as_written: Mapping[str, str]) -> dict[str, str]:
    """Return what the file shall hold: a text of before as it was written, unless its label is another one now."""
    same = {task_id: text for task_id, text in as_written.items() if clean_label(text) == labels.get(task_id)}
    return {**labels, **same}


def read_removed(
    entries: Mapping[str, object], watched: Collection[str]
) -> tuple[dict[str, float], dict[str, object], list[str]]:
    """Return when ids were removed, the entries that tell no time, and notes.

    An id that is watched is not removed, whatever stands here: somebody pasted it in again.
    """
    usable: dict[str, float] = {}
    odd: dict[str, object] = {}
    for task_id, value in entries.items():
        moment = read_moment(value)
        if moment is None or not is_id(task_id):
            odd[task_id] = value
        elif task_id not in watched:
            usable[task_id] = moment
    return usable, odd, _notes(_ODD_REMOVED, odd)


def clean_label(text: str) -> str:
    """Return a label as one clean line, cut at ``LABEL_LIMIT``."""
    if text.isascii() and text.isprintable():
        return text.strip()[:LABEL_LIMIT]
    return clean_line(text, LABEL_LIMIT)


def _notes(told: str, odd: Collection[object]) -> list[str]:
    if not odd:
        return []
    shown = tr(", ").join(ascii(entry)[:_SHOWN_CHARACTERS] for entry in list(odd)[:_SHOWN_ENTRIES])
    if len(odd) > _SHOWN_ENTRIES:
        shown = tr("{shown} and {n} more", shown=shown, n=len(odd) - _SHOWN_ENTRIES)
    return [tr(told, shown=shown)]


Shape = TypeVar("Shape")

VERSION = 1
"""The version of the format that this program writes."""

HEADER = """\
# The tasks that ecovai-tui watches. You may edit this file, also while the program runs.
# Comments other than these are not kept; a note on a task belongs under [labels].
"""

_BEFORE_ID, _AFTER_ID = '    "', '",\n'
_AS_WE_WRITE_IT = re.escape(HEADER) + r'version = 1\nids = \[\n((?:    "[!#-\[\]-~]+",\n)+)\]\n'

_EMPTY = later(
    "it is empty, so either it is being written right now, or what was in it is lost "
    "(if you want to begin a new list, delete it)"
)
_OUR_KEYS = frozenset({"version", "ids", "labels", "removed"})
_PLACE = r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$"


_UNREADABLE = later(
    "The watch list {place} cannot be read: {reason}. Nothing was changed in it. Correct the file; until then the list "
    "can be seen but not changed."
)
_UNWRITABLE = later(
    "The watch list {place} cannot be written again: {reason}. Nothing was changed in it. Correct the file; until then "
    "the list can be seen but not changed."
)


class WatchListError(StoreError):
    """The watch list's file cannot be understood, or not be written again, so it is left as it is."""

    def __init__(
        self, path: Path, reason: str, line: int | None = None, column: int | None = None, *, writing: bool = False
    ) -> None:
        self.path, self.reason, self.line, self.column = path, reason, line, column
        place = shown_path(path)
        if line and column:
            place = tr("{path}, line {line}, column {column}", path=place, line=line, column=column)
        elif line:
            place = tr("{path}, line {line}", path=place, line=line)
        super().__init__(tr(_UNWRITABLE if writing else _UNREADABLE, place=place, reason=tr(reason)))


def read_document(data: bytes, path: Path) -> WatchList:
    """Return the watch list that a file holds; raises WatchListError, which names ``path``."""
    if not data.strip():
        raise WatchListError(path, _EMPTY)
    text = _decoded(data, path)
    document = _parsed_quickly(text, path)
    version = document.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool):
        raise WatchListError(path, later("version must be a whole number"), _line_of("version", text))
    source = _Source(document, text, path)
    ids = source.part("ids", list, later("ids must be a list of texts"))
    labels = source.part("labels", dict, later("labels must be a table"))
    removed = source.part("removed", dict, later("removed must be a table"))
    return _assembled(ids, labels, removed, version, {k: v for k, v in document.items() if k not in _OUR_KEYS})


def write_document(watch_list: WatchList) -> bytes:
    """Return the text of a watch list's file.

    Raises RecursionError and ValueError, for TOML can be read that cannot be written: deeper lists, longer numbers.
    """
    import tomli_w  # noqa: PLC0415 - most commands only read

    unusable = watch_list.unusable
    removed = {task_id: written_moment(at) for task_id, at in watch_list.removed.items()}
    document: dict[str, object] = {
        "version": VERSION,
        "ids": [*watch_list.ids, *unusable.ids],
        "labels": {**unusable.labels, **texts_of_labels(watch_list.labels, watch_list.labels_as_written)},
        "removed": {**unusable.removed, **removed},
        **watch_list.extra,
    }
    for name in ("labels", "removed"):
        if not document[name]:
            del document[name]
    return (HEADER + tomli_w.dumps(document)).encode()


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise WatchListError(path, later("this is not UTF-8 text"), line, column) from None


def _parsed_quickly(text: str, path: Path) -> dict[str, object]:
    """Parse, but read the ids of a file as we write it without the parser, which needs ten times as long.

    Blank lines take their place, so that the lines of what follows keep their numbers.
    """
    ours = re.match(_AS_WE_WRITE_IT, text)
    if ours is None:
        return _parsed(text, path)
    block = ours[1]
    document = _parsed(f"{text[: ours.start(1)]}{chr(10) * block.count(chr(10))}{text[ours.end(1) :]}", path)
    return {**document, "ids": block[len(_BEFORE_ID) : -len(_AFTER_ID)].split(_AFTER_ID + _BEFORE_ID)}


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise WatchListError(path, later("it is nested too deeply")) from None
    except ValueError as error:
        reason = str(error)
        place = re.search(_PLACE, reason)
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else None
        column = int(place[2]) if place and place[2] else None
        what = shown_path(re.sub(_PLACE, "", reason))
        raise WatchListError(path, tr("not TOML: {what}", what=what), line, column) from None


class _Source(NamedTuple):
    document: Mapping[str, object]
    text: str
    path: Path

    def part(self, key: str, shape: type[Shape], reason: str) -> Shape:
        """Return what stands under a key; only for what is wrong the text is searched for its line."""
        value = self.document.get(key, shape())
        if isinstance(value, shape):
            return value
        raise WatchListError(self.path, reason, _line_of(key, self.text))


def _line_of(key: str, text: str) -> int | None:
    found = re.search(rf"^[ \t]*\[?[ \t]*[\"']?{key}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else None


def _assembled(
    ids: list[object], labels: dict[str, object], removed: dict[str, object], version: int, extra: dict[str, object]
) -> WatchList:
    usable_ids, odd_ids, id_notes = read_ids(ids)
    usable_labels, odd_labels, label_notes = read_labels(labels)
    usable_removed, odd_removed, removed_notes = read_removed(removed, frozenset(usable_ids))
    newer = version > VERSION
    read_only = tr("it was written by a newer ecovai-tui (version {n} of the format)", n=version) if newer else ""
    return WatchList(
        ids=usable_ids,
        labels=usable_labels,
        removed=usable_removed,
        extra=extra,
        unusable=Unusable(odd_ids, odd_labels, odd_removed),
        notes=(*id_notes, *label_notes, *removed_notes),
        labels_as_written={
            task_id: text
            for task_id, text in labels.items()
            if isinstance(text, str) and text != usable_labels[task_id]
        },
        read_only=read_only,
    )
