"""The watch list on disk: every change is a transaction under the lock of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.store.errors import StoreError, shown_path, store_error
from ecovai_tui.store.files import LOCK_PATIENCE, locked, replace_file
from ecovai_tui.store.watchlist_document import (
    UNDO_PERIOD,
    Relabelling,
    WatchList,
    WatchListError,
    clean_label,
    difference,
    read_document,
    to_microsecond,
    write_document,
)
from ecovai_tui.tasks.model import is_id

_MICROSECOND = 0.000_001


def add_ids(watch_list: WatchList, ids: Iterable[str], text: str = "") -> WatchList:
    """Append the ids that are new, and label all of them if there is a text.

    An id that was removed is no longer so, and has its label again.
    """
    asked = dict.fromkeys(ids)
    known = frozenset(watch_list.ids)
    new = tuple(task_id for task_id in asked if task_id not in known)
    removed = {task_id: at for task_id, at in watch_list.removed.items() if task_id not in asked}
    labels = {**watch_list.labels, **dict.fromkeys(asked, text)} if text else watch_list.labels
    return watch_list._replace(ids=watch_list.ids + new, removed=removed, labels=labels)


def remove_ids(watch_list: WatchList, ids: Iterable[str], now: float) -> WatchList:
    """Stop watching the ids; together they get one moment, later than that of any removal before."""
    asked = frozenset(ids)
    gone = [task_id for task_id in watch_list.ids if task_id in asked]
    if not gone:
        return watch_list
    kept = tuple(task_id for task_id in watch_list.ids if task_id not in asked)
    removed = {**watch_list.removed, **dict.fromkeys(gone, _next_moment(watch_list, now))}
    return watch_list._replace(ids=kept, removed=removed)


def undo_removal(watch_list: WatchList, now: float) -> WatchList:
    """Watch again what the last removal took away, if that was less than ``UNDO_PERIOD`` ago."""
    latest = max(watch_list.removed.values(), default=None)
    if latest is None or now - latest >= UNDO_PERIOD:
        return watch_list
    return add_ids(watch_list, [task_id for task_id, at in watch_list.removed.items() if at == latest])


def label_ids(watch_list: WatchList, names: Iterable[str], text: str) -> WatchList:
    """Give ids a label, or take theirs away with an empty text."""
    labels = {**watch_list.labels, **dict.fromkeys(names, text)}
    return watch_list._replace(labels={task_id: label_ids for task_id, label_ids in labels.items() if label_ids})


def relabelling(watch_list: WatchList, names: Iterable[str], text: str, now: float) -> Relabelling:
    """Return how to take back what ``label`` is about to do; it is later than any removal before."""
    former = {task_id: watch_list.labels.get(task_id, "") for task_id in names}
    before = {task_id: label_ids for task_id, label_ids in former.items() if label_ids != text}
    return Relabelling(_next_moment(watch_list, now), text, before)


def label_back(watch_list: WatchList, change: Relabelling) -> WatchList:
    """Give ids their former labels back, but for those that somebody labelled otherwise since."""
    same = {task_id for task_id in change.before if watch_list.labels.get(task_id, "") == change.text}
    known = same.intersection(watch_list.removed.keys() | set(watch_list.ids))
    labels = {**watch_list.labels, **{task_id: change.before[task_id] for task_id in known}}
    return watch_list._replace(labels={task_id: label_ids for task_id, label_ids in labels.items() if label_ids})


def undo_last(watch_list: WatchList, now: float, relabelled: Sequence[Relabelling]) -> tuple[WatchList, int]:
    """Take back the last change, be it a removal or labels; return also how many of ``relabelled`` are still to be.

    They are in the order in which they were made; what others have changed since is left alone.
    """
    latest = max(watch_list.removed.values(), default=float("-inf"))
    left = len(relabelled)
    while left and relabelled[left - 1].at > latest:
        left -= 1
        before = label_back(watch_list, relabelled[left])
        if before != watch_list:
            return before, left
    return undo_removal(watch_list, now), left


def moment_after(moment: float, now: float) -> float:
    """Return now, or the moment after another if that is later; all in Unix seconds, to the microsecond."""
    return max(to_microsecond(now), to_microsecond(moment + _MICROSECOND))


def purge_removed(watch_list: WatchList, now: float) -> WatchList:
    """Forget ids, and their labels, whose removal can no longer be undone."""
    over = {task_id for task_id, at in watch_list.removed.items() if now - at >= UNDO_PERIOD}
    if not over:
        return watch_list
    return watch_list._replace(
        removed={task_id: at for task_id, at in watch_list.removed.items() if task_id not in over},
        labels={task_id: text for task_id, text in watch_list.labels.items() if task_id not in over},
    )


def _next_moment(watch_list: WatchList, now: float) -> float:
    latest = max(watch_list.removed.values(), default=None)
    return to_microsecond(now) if latest is None else moment_after(latest, now)


_ATTEMPTS = 5


class Added(NamedTuple):
    """What became of ids that were to be added."""

    new: tuple[str, ...] = ()
    already: tuple[str, ...] = ()


class Undone(NamedTuple):
    """What was taken back: a removal, or labels."""

    restored: tuple[str, ...] = ()
    """The ids that are watched again."""
    relabelled: tuple[str, ...] = ()
    """The ids that have their former labels again."""


class WatchListFile:
    """The file of a watch list, which other panes, scripts and the user's editor change as well.

    Each method that changes it locks, reads the file again, applies, replaces and unlocks; what it returns is on disk.
    All raise StoreError; the file is then as it was. ``patience`` is how long to wait for the lock, in seconds.
    """

    def __init__(self, path: Path, patience: float = LOCK_PATIENCE) -> None:
        self.path = path
        self._backoff = patience
        self._seen = False
        self._relabelled: list[Relabelling] = []
        """The labels that were given through this object and can still be taken back, the last at the end."""

    def read(self) -> WatchList:
        """Return what the file holds now; an empty list where there never was a file.

        A file that was there before and is gone is an error, not an empty list: a disk may not be mounted.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            if self._seen:
                raise StoreError(_vanished(self.path)) from None
            return WatchList()
        except OSError as error:
            raise store_error("read", self.path, error) from error
        self._seen = True
        return read_document(data, self.path)

    def fingerprint(self) -> tuple[int, ...] | None:
        """Return a token that differs after every change of the file, for the price of one stat; None: no file.

        Take it before ``read``, so that a change in between is noticed at the next look.
        """
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino

    def edit(self, change: Callable[[WatchList], WatchList]) -> tuple[WatchList, WatchList]:
        """Apply a pure function in one transaction, and return the list before and after it.

        A change that changes nothing writes nothing.
        """
        with locked(self.path, self._backoff):
            for _ in range(_ATTEMPTS):
                token = self.fingerprint()
                before = self.read()
                after = change(before)
                if after == before or self._wrote(after, token):
                    return before, after
        raise StoreError(_restless(self.path))

    def add(self, ids: Iterable[str], label: str = "", *, now: float) -> Added:
        """Append ids, and label all of them if there is a label; an id that was removed is watched again."""
        asked, text = tuple(dict.fromkeys(ids)), clean_label(label)
        _refuse_others(asked)
        before, _ = self.edit(lambda current: add_ids(purge_removed(current, now), asked, text))
        known = frozenset(before.ids)
        return Added(
            new=tuple(task_id for task_id in asked if task_id not in known),
            already=tuple(task_id for task_id in asked if task_id in known),
        )

    def remove(self, ids: Iterable[str], now: float) -> tuple[str, ...]:
        """Stop watching ids, and return those that were watched; ``undo`` brings them back as a group."""
        asked = tuple(ids)
        now = max([now, *(moment_after(last.at, now) for last in self._relabelled[-1:])])
        before, after = self.edit(lambda current: remove_ids(purge_removed(current, now), asked, now))
        return _missing_from(after, before)

    def undo(self, now: float) -> tuple[str, ...]:
        """Take back the last removal of the last 24 hours, and return its ids; () if there is none."""
        before, after = self.edit(lambda current: undo_removal(purge_removed(current, now), now))
        return _missing_from(before, after)

    def undo_last(self, now: float) -> Undone:
        """Take back the last removal of the last 24 hours, or the labels given since; labels as far as this run knows.

        Labels are known that were given through this object, and left alone where others gave another one since.
        """
        left = 0

        def back(current: WatchList) -> WatchList:
            nonlocal left
            after, left = undo_last(purge_removed(current, now), now, self._relabelled)
            return after

        before, after = self.edit(back)
        del self._relabelled[left:]
        restored = _missing_from(before, after)
        return Undone(restored, () if restored else tuple(sorted(difference(before, after).relabelled)))

    def set_labels(self, names: Iterable[str], text: str, *, now: float) -> None:
        """Label ids of the list, all with the same text; an empty one takes their labels away.

        ``undo_last`` gives them their former labels back.
        """
        asked, cleaned = tuple(names), clean_label(text)

        def relabel(current: WatchList) -> WatchList:
            known = current.removed.keys() | set(current.ids)
            gone = next((task_id for task_id in asked if task_id not in known), None)
            if gone is not None:
                raise StoreError(
                    tr("{gone} is no longer on the watch list, so nothing was labelled.", gone=shown_path(gone))
                )
            return label_ids(current, asked, cleaned)

        before, _ = self.edit(relabel)
        change = relabelling(before, asked, cleaned, now)
        if change.before:
            self._relabelled.append(change)

    def _wrote(self, watch_list: WatchList, token: tuple[int, ...] | None) -> bool:
        """Write, unless an editor, which knows no locks, was quicker: what it wrote must be read first."""
        if watch_list.read_only:
            told = tr(
                "The watch list {path} is not changed: {reason}. Update ecovai-tui.",
                path=shown_path(self.path),
                reason=watch_list.read_only,
            )
            raise StoreError(told)
        data = _document(watch_list, self.path)
        if not replace_file(self.path, data, still_wanted=lambda: self.fingerprint() == token):
            return False
        self._seen = True
        return True


def _document(watch_list: WatchList, path: Path) -> bytes:
    try:
        return write_document(watch_list)
    except RecursionError:
        raise WatchListError(path, tr("it is nested too deeply"), writing=True) from None
    except ValueError as error:
        raise WatchListError(path, shown_path(str(error)), writing=True) from None


def _missing_from(shorter: WatchList, longer: WatchList) -> tuple[str, ...]:
    present = frozenset(shorter.ids)
    return tuple(task_id for task_id in longer.ids if task_id not in present)


def _refuse_others(asked: tuple[str, ...]) -> None:
    wrong = next((text for text in asked if not is_id(text)), None)
    if wrong is not None:
        raise StoreError(
            tr(
                '"{shown_path}" cannot be an id, so nothing was added: an id has 1 to 191 characters from "!" to '
                '"~", no blanks, and does not begin with "-".',
                shown_path=shown_path(wrong[:60]),
            )
        )


def _restless(path: Path) -> str:
    return tr(
        "Another program keeps writing to {path}, so the watch list was not changed. Try again when it is done.",
        path=shown_path(path),
    )


def _vanished(path: Path) -> str:
    return tr(
        "The watch list {path} was there and is gone, so it is neither read nor changed. Put it back (is "
        "the disk mounted?), or start ecovai-tui again to begin a new list.",
        path=shown_path(path),
    )
