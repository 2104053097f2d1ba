"""What a watch list holds, and how two of them differ."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

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
