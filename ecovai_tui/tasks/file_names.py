"""Names for the files of clips: legal on Linux and macOS, not too long, and another for each clip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.tasks.model import Clip
from ecovai_tui.tasks.text import clean_line
from ecovai_tui.tasks.times import iso_time

FIELDS = ("title", "clip", "task", "label", "model", "date", "n")
"""What may stand in braces in a template."""

DEFAULT_TEMPLATE = "{title}-{clip}"

LONGEST = 240
"""Bytes of a name with its ending; file systems take 255, and something is put behind it while it is fetched."""

SHORT_ID = 8
_FIELD = r"\{(\w*)\}"
_UNFIT = r'[/\\:*?"<>|\x00-\x1f\x7f]'
_UNTITLED = "untitled"
_LONGEST_ENDING = 10


class Named(NamedTuple):
    """What names a clip's file."""

    clip: Clip
    number: int = 1
    """Which clip of its task it is, from 1."""
    task: str = ""
    label: str = ""
    made_at: float | None = None
    """When the task was submitted (Unix seconds)."""


def faults_of(template: str) -> str:
    """Return what is wrong with a template, "" where nothing is."""
    unknown = [name for name in re.findall(_FIELD, template) if name not in FIELDS]
    if unknown:
        known = " ".join(f"{{{name}}}" for name in FIELDS)
        return tr("there is no {{{name}}}; a name is made of {known}", name=clean_line(unknown[0], 20), known=known)
    if "/" in template:
        return tr('a name holds no "/"; the folder is told by download_dir or --into')
    rest = re.sub(_FIELD, "", template)
    return tr("a brace in it is not closed") if "{" in rest or "}" in rest else ""


def file_name(named: Named, ending: str, template: str = DEFAULT_TEMPLATE, *, whole_id: bool = False) -> str:
    """Return the name of a file with its ending (without a dot), of at most ``LONGEST`` bytes.

    The id of the clip is always in it, as all clips of a task share a title; ``whole_id`` takes all of it.
    """
    if "{clip}" not in template:
        template += "-{clip}"
    values = _values(named, whole_id=whole_id)
    room = LONGEST - _LONGEST_ENDING
    for field in ("title", "label", "task", "model", "date", "n"):
        over = _size(_filled(template, values)) - room
        if over > 0:
            values[field] = _cut(values[field], max(0, _size(values[field]) - over))
    return f"{_tidied(_filled(template, values), values['clip'], room)}.{ending}"


def _values(named: Named, *, whole_id: bool) -> dict[str, str]:
    clip = named.clip
    identity = clip.id if whole_id else _short(clip.id)
    values = {
        "title": clip.title,
        "clip": identity or str(named.number),
        "task": named.task[-SHORT_ID:],
        "label": named.label,
        "model": clip.model,
        "date": (iso_time(named.made_at) or "")[:10],
        "n": str(named.number),
    }
    return {name: _fitting(value) for name, value in values.items()} | _untitled(values)


def _short(id_: str) -> str:
    """Return the part of an id by which it is told from others: those that begin with a moment or a word end in it."""
    return id_[:SHORT_ID] if "-" in id_ else id_[-SHORT_ID:]


def _untitled(values: Mapping[str, str]) -> dict[str, str]:
    return {} if _fitting(values["title"]).strip(" .-") else {"title": _UNTITLED}


def _fitting(text: str) -> str:
    """Return a text without what is no part of a name: separators, and what a shared folder may not bear."""
    return re.sub(_UNFIT, "_", clean_line(text))


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(_FIELD, lambda match: values[match[1]], template)


def _size(text: str) -> int:
    return len(text.encode())


def _cut(text: str, size: int) -> str:
    """Return the beginning of a text in at most so many bytes, no character and no accent of one cut off."""
    kept = text.encode()[:size].decode(errors="ignore")
    while kept and len(kept) < len(text) and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip()


def _tidied(name: str, identity: str, room: int) -> str:
    """Return a name that is no option, not hidden, and does not end in a dot or a blank."""
    name = _fitting(name).lstrip(".- ").rstrip(" .")
    if _size(name) > room:
        name = f"{_cut(name, room - _size(identity) - 1)}-{identity}"
    return name or identity
