"""The entries of a watch list's file: what can be used, what cannot, and a sentence about the latter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.store.identifiers import are_ids, is_id
from ecovai_tui.store.watchlist.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

LABEL_LIMIT = 200
"""Characters of a label."""

_SHOWN_ENTRIES = 3
_SHOWN_CHARACTERS = 40


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
    return tuple(usable), tuple(odd), _notes("under ids", "not an id", "not watched", odd)


def read_labels(entries: Mapping[str, object]) -> tuple[dict[str, str], dict[str, object], list[str]]:
    """Return the labels as clean lines, the entries that are no text, and notes."""
    usable = {task_id: clean_label(text) for task_id, text in entries.items() if isinstance(text, str)}
    odd = {task_id: value for task_id, value in entries.items() if task_id not in usable}
    return usable, odd, _notes("under [labels]", "not a text", "not shown", odd)


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
    return usable, odd, _notes("under [removed]", "not an id with a time", "not undone by undo", odd)


def clean_label(text: str) -> str:
    """Return a label as one clean line, cut at ``LABEL_LIMIT``."""
    if text.isascii() and text.isprintable():
        return text.strip()[:LABEL_LIMIT]
    from ecovai_tui.tasks.text import clean_line  # noqa: PLC0415 - slow to import, and most labels are plain

    return clean_line(text, LABEL_LIMIT)


def _notes(where: str, fault: str, effect: str, odd: Collection[object]) -> list[str]:
    if not odd:
        return []
    shown = ", ".join(ascii(entry)[:_SHOWN_CHARACTERS] for entry in list(odd)[:_SHOWN_ENTRIES])
    more = f" and {len(odd) - _SHOWN_ENTRIES} more" if len(odd) > _SHOWN_ENTRIES else ""
    return [f"In the watch list, {where}: {shown}{more} is {fault}, so it stays in the file but is {effect}."]
