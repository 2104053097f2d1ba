"""What can go wrong with files and settings, in sentences."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from ecovai_tui.language import later, tr

_Value = TypeVar("_Value")


class StoreError(Exception):
    """A file of ours cannot be read, locked or written; the text says which, why, and what to do."""


class SettingsError(Exception):
    """Settings cannot be used; each fault says which, where it stands, and what to write instead.

    None contains a key, nor any part of one.
    """

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(
            faults[0]
            if len(faults) == 1
            else listed(tr("There are {n} faults in the settings:", n=len(faults)), faults)
        )


def attempt(work: Callable[[], _Value], faults: list[str]) -> _Value | None:
    """Return what comes of some work; of settings that cannot be used None, and their faults go to the others."""
    try:
        return work()
    except SettingsError as error:
        faults.extend(error.faults)
        return None


def listed(heading: str, items: Iterable[str]) -> str:
    """Return a heading and under it a line for each item."""
    return "\n".join([heading, *(f"  - {item}" for item in items)])


_MEANINGS = {
    errno.ENOSPC: later("the disk is full. Free some space, then try again"),
    errno.EDQUOT: later("your disk quota is used up. Free some space, then try again"),
    errno.EFBIG: later("the file would be larger than this system allows"),
    errno.EROFS: later("the file system is read-only"),
    errno.EACCES: later("permission denied. Check the owner and the mode of the file and of its directory"),
    errno.EPERM: later("the system does not permit it. Check the owner and the attributes of the file"),
    errno.ENOENT: later("it, or its directory, does not exist (any more). Is the disk mounted?"),
    errno.ENOTDIR: later("a part of this path is a file, not a directory"),
    errno.EEXIST: later("there is a file in the place of a directory"),
    errno.EISDIR: later("this is a directory, not a file"),
    errno.ELOOP: later("its symbolic links lead in a circle"),
    errno.ENAMETOOLONG: later("the name is too long"),
    errno.EIO: later("the disk reports an error"),
    errno.ESTALE: later("the network file system has lost it. Try again"),
    errno.EMFILE: later("too many files are open"),
    errno.ENFILE: later("too many files are open on this system"),
}


_OF_THE_SYSTEM = {
    errno.ENOENT: later("No such file or directory"),
    errno.ENOTDIR: later("Not a directory"),
    errno.EISDIR: later("Is a directory"),
    errno.EEXIST: later("File exists"),
    errno.EACCES: later("Permission denied"),
    errno.EPERM: later("Operation not permitted"),
    errno.EROFS: later("Read-only file system"),
    errno.ENOSPC: later("No space left on device"),
    errno.EDQUOT: later("Disk quota exceeded"),
    errno.EIO: later("Input/output error"),
    errno.ENOEXEC: later("Exec format error"),
    errno.ELOOP: later("Too many levels of symbolic links"),
    errno.ENAMETOOLONG: later("File name too long"),
    errno.EBADF: later("Bad file descriptor"),
    errno.EPIPE: later("Broken pipe"),
    errno.EMFILE: later("Too many open files"),
    errno.ENOLCK: later("No locks available"),
    errno.ENOSYS: later("Function not implemented"),
    errno.EOPNOTSUPP: later("Operation not supported"),
    errno.EAGAIN: later("Resource temporarily unavailable"),
    errno.ETIMEDOUT: later("Connection timed out"),
    errno.ECONNREFUSED: later("Connection refused"),
    errno.EADDRINUSE: later("Address already in use"),
}
"""The system's own words, which it has in the language of its locale at best."""


def words_of_system(error: OSError) -> str:
    """Return in the user's language, and in a few words, why the system refused something."""
    known = _OF_THE_SYSTEM.get(error.errno or 0)
    return tr(known) if known else error.strerror or type(error).__name__


_CANNOT = {
    "save": later("Cannot save {path}: {meaning}"),
    "read": later("Cannot read {path}: {meaning}"),
    "write": later("Cannot write {path}: {meaning}"),
    "write the log": later("Cannot write the log {path}: {meaning}"),
    "lock": later("Cannot lock {path}: {meaning}"),
    "unlock": later("Cannot unlock {path}: {meaning}"),
    "use": later("Cannot use {path}: {meaning}"),
}


def store_error(doing: str, path: str | os.PathLike[str], error: OSError) -> StoreError:
    """Say in one sentence why `doing` ("save", "read", "lock") something with the file failed."""
    known = _MEANINGS.get(error.errno or 0)
    meaning = tr(known) if known else words_of_system(error)
    if not meaning.endswith(("?", ".", "？", "。")):
        meaning = tr("{clause}.", clause=meaning)
    return StoreError(tr(_CANNOT[doing], path=shown_path(path), meaning=meaning))


def shown_path(path: str | os.PathLike[str]) -> str:
    """Spell a path so that any terminal can show it: bytes that are not text and controls are escaped."""
    text = os.fsdecode(path)
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


_TOML_WORDS: dict[type, str] = {
    str: later("a text"),
    bool: later("true or false"),
    int: later("a whole number"),
    float: later("a number"),
    list: later("a list"),
    dict: later("a table"),
}


def wrong_type(place: str, name: str, expected: str, value: object) -> SettingsError:
    """Return what to raise for a value of another type than was expected."""
    found = tr(_TOML_WORDS.get(type(value), later("a date or a time")))
    told = tr(
        "{place}: {name} must be {expected}; it is {found}.", place=place, name=name, expected=expected, found=found
    )
    return SettingsError(told)


def wrong_value(place: str, name: str, expected: str, found: str) -> SettingsError:
    """Return what to raise for a value of the right type that cannot be used."""
    told = tr("{place}: {name} must be {expected}; {found}.", place=place, name=name, expected=expected, found=found)
    return SettingsError(told)


_SHORTEST_SECRET = 20


def could_be_key(text: str) -> bool:
    """Return whether a text that stands in a wrong place could be a key, so that no message may repeat it."""
    long_words = (word for word in re.findall(r"[\w+/=.-]+", text) if len(word) >= _SHORTEST_SECRET)
    return re.search(r"(?i)\bsk-\w", text) is not None or any(map(_is_mixed, long_words))


def quoted(text: str) -> str:
    """Return a text in quotes for a message, or what stands for one that could be a key."""
    return tr("(hidden, as it could be a key)") if could_be_key(text) else f'"{shown_path(text)}"'


def shown_name(text: str) -> str:
    """Return a name as it stands in a message without quotes, as that of a profile, or what stands for a key."""
    return tr("(hidden)") if could_be_key(text) else shown_path(text)


def _is_mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))
