"""The TOML text of a watch list: read, checked, and written again."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecovai_tui.store.errors import StoreError, shown_path
from ecovai_tui.store.watchlist.entries import read_ids, read_labels, read_removed, texts_of_labels
from ecovai_tui.store.watchlist.model import Unusable, WatchList
from ecovai_tui.store.watchlist.moments import written_moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Shape = TypeVar("Shape")

VERSION = 1
"""The version of the format that this program writes."""

HEADER = """\
# The tasks that ecovai-tui watches. You may edit this file, also while the program runs.
# Comments other than these are not kept; a note on a task belongs under [labels].
"""

_BEFORE_ID, _AFTER_ID = '    "', '",\n'
_AS_WE_WRITE_IT = re.compile(re.escape(HEADER) + r'version = 1\nids = \[\n((?:    "[!#-\[\]-~]+",\n)+)\]\n')

_EMPTY = (
    "it is empty, so either it is being written right now, or what was in it is lost "
    "(if you want to begin a new list, delete it)"
)
_OUR_KEYS = frozenset({"version", "ids", "labels", "removed"})
_PLACE = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")


class WatchListError(StoreError):
    """The watch list's file cannot be understood, or not be written again, so it is left as it is."""

    def __init__(
        self, path: Path, reason: str, line: int | None = None, column: int | None = None, *, doing: str = "read"
    ) -> None:
        self.path, self.reason, self.line, self.column = path, reason, line, column
        place = f", line {line}" if line else ""
        place += f", column {column}" if line and column else ""
        super().__init__(
            f"The watch list {shown_path(path)}{place} cannot be {doing}: {reason}. Nothing was changed in it. "
            "Correct the file; until then the list can be seen but not changed."
        )


def read_document(data: bytes, path: Path) -> WatchList:
    """Return the watch list that a file holds; raises WatchListError, which names ``path``."""
    if not data.strip():
        raise WatchListError(path, _EMPTY)
    text = _decoded(data, path)
    document = _parsed_quickly(text, path)
    version = document.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool):
        raise WatchListError(path, "version must be a whole number", _line_of("version", text))
    source = _Source(document, text, path)
    ids = source.part("ids", list, "ids must be a list of texts")
    labels = source.part("labels", dict, "labels must be a table")
    removed = source.part("removed", dict, "removed must be a table")
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
        raise WatchListError(path, "this is not UTF-8 text", line, column) from None


def _parsed_quickly(text: str, path: Path) -> dict[str, object]:
    """Parse, but read the ids of a file as we write it without the parser, which needs ten times as long.

    Blank lines take their place, so that the lines of what follows keep their numbers.
    """
    ours = _AS_WE_WRITE_IT.match(text)
    if ours is None:
        return _parsed(text, path)
    block = ours[1]
    document = _parsed(f"{text[: ours.start(1)]}{chr(10) * block.count(chr(10))}{text[ours.end(1) :]}", path)
    return {**document, "ids": block[len(_BEFORE_ID) : -len(_AFTER_ID)].split(_AFTER_ID + _BEFORE_ID)}


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise WatchListError(path, "it is nested too deeply") from None
    except ValueError as error:
        reason = str(error)
        place = _PLACE.search(reason)
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else None
        column = int(place[2]) if place and place[2] else None
        raise WatchListError(path, shown_path(_PLACE.sub("", reason)), line, column) from None


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
    read_only = f"it was written by a newer ecovai-tui (version {version} of the format)" if newer else ""
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
